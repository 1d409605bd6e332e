#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// What a loss is: two numbers from what the discriminator returned for a real and a generated batch (logits, usually a
/// Variable [N, 1]; or any struct `Output` of heads and features). Each is minimised by the one it is named after.
///   - `generator_needs_real` says whether generator() reads `real`; without that, or where it is false, `real` may be
///     empty there, which saves a forward pass.
///   - `compares_outputs` says that only differences between outputs count, so that the sign of one means nothing;
///   - `name` is what checkpoints and reports call it;
///   - `check()` throws ConfigError for options that are out of range;
///   - `settings(field)` hands over its numbers as field(name, double), for the checkpoint's configuration;
///   - `visit(field)` hands over state of its own, `double`s and `Buffer`s, as field(name, state).
template <class L, class S, class Output = Variable<S>>
concept AdversarialLoss = requires(L& loss, const Output& real, const Output& fake) {
  { loss.discriminator(real, fake) } -> std::convertible_to<Variable<S>>;
  { loss.generator(real, fake) } -> std::convertible_to<Variable<S>>;
};

/// Whether the loss reads the real outputs in generator(); false unless it says so.
template <class L>
bool generator_needs_real(const L& loss) {
  if constexpr (requires { static_cast<bool>(loss.generator_needs_real); })
    return loss.generator_needs_real;
  else
    return false;
}

/// Whether only differences between outputs count for the loss; false unless it says so.
template <class L>
bool compares_outputs(const L& loss) {
  if constexpr (requires { static_cast<bool>(loss.compares_outputs); })
    return loss.compares_outputs;
  else
    return false;
}

namespace detail {

/// The name that a loss or a penalty gives itself, as a constant or, known at run time only, by name().
template <class T>
std::string_view name_of(const T& named) {
  if constexpr (requires { std::string_view(T::name); })
    return T::name;
  else if constexpr (requires {
                       { named.name() } -> std::same_as<std::string_view>;
                     })
    return named.name();
  else
    return "custom";
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::loss
