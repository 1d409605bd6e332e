#pragma once

#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/random.hpp"
#include "critic_function.hpp"
#include "penalty_context.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// A penalty that looks at the whole update.
template <class P, class S>
concept ContextPenalty = requires(P& penalty, const PenaltyContext<S>& here) {
  { penalty(here) } -> std::convertible_to<Variable<S>>;
};

/// A penalty of the discriminator, a real and a generated batch, and a stream for whatever it draws.
template <class P, class S>
concept CriticPenalty = requires(P& penalty, const CriticFunction<S>& critic, const Variable<S>& batch,
                                 RandomStream& stream) {
  { penalty(critic, batch, batch, stream) } -> std::convertible_to<Variable<S>>;
};

/// What a penalty is: one number that is added to the loss of a network, called in one of two ways. It may ask the
/// critic as often as it likes; an empty Variable means that nothing is added in this update.
///   - `name` is what checkpoints and reports call it;
///   - `needs_per_sample_critic` says that it asks for each sample's own gradient, so that a critic which mixes the
///     samples of a batch does not fit; false unless it says so;
///   - `settings(field)` hands over its numbers as field(name, double), for the checkpoint's configuration;
///   - `visit(field)` hands over state of its own, `double`s and `Buffer`s, as field(name, state);
///   - `prepare(parameters, names)` is told the parameters of its network before the first update, so that a state of
///     their shapes exists before visit() is asked for it, as a resume does.
template <class P, class S>
concept Penalty = ContextPenalty<P, S> || CriticPenalty<P, S>;

namespace detail {

template <std::floating_point S, Penalty<S> P>
Variable<S> penalise(P& penalty, const PenaltyContext<S>& here) {
  if constexpr (ContextPenalty<P, S>)
    return penalty(here);
  else
    return penalty(here.critic, here.real, here.fake, here.stream);
}

template <class P>
bool needs_per_sample_critic(const P& penalty) {
  if constexpr (requires { static_cast<bool>(P::needs_per_sample_critic); })
    return P::needs_per_sample_critic;
  else if constexpr (requires {
                       { penalty.needs_per_sample_critic() } -> std::same_as<bool>;
                     })
    return penalty.needs_per_sample_critic();
  else
    return false;
}

template <class P, std::floating_point S>
void prepare(P& penalty, std::span<const Variable<S>> parameters, std::span<const std::string> names) {
  if constexpr (requires { penalty.prepare(parameters, names); }) penalty.prepare(parameters, names);
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::loss
