#pragma once

#include <concepts>
#include <optional>
#include <span>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "critic_function.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// Whose update a penalty is part of.
enum class Side { discriminator, generator };

/// Latents [N, ...] in, samples [N, ...] out; refers to its callable as a CriticFunction does.
template <std::floating_point S = float>
using GeneratorFunction = CriticFunction<S>;

/// All that a penalty may look at: one update of one of the two networks. Whoever makes one says what is there; the
/// functions below answer for what may be missing. Asking critic or generator again updates no running statistics.
template <std::floating_point S = float>
struct PenaltyContext {
  CriticFunction<S> critic;
  Variable<S> real;  ///< [N, ...], a leaf
  Variable<S> fake;  ///< [N, ...]; a leaf, but on the generator's side G(latent) with its graph
  RandomStream& stream;
  Side side = Side::discriminator;
  Index step = 0;                 ///< the steps taken before this one
  Variable<S> real_outputs = {};  ///< what the critic returned for `real` in this update, with its graph, or nothing
  Variable<S> fake_outputs = {};  ///< the same for `fake`
  Variable<S> latent = {};        ///< what `fake` was made from, or nothing
  std::optional<GeneratorFunction<S>> generator = {};
  std::span<const Variable<S>> parameters = {};       ///< those that this update is about to change
  std::span<const std::string> parameter_names = {};  ///< in the same order, or none

  /// What the critic returns for the batches: of this update, or asked now where nobody kept it.
  Variable<S> outputs_of_real() const { return real_outputs.defined() ? real_outputs : critic(real); }
  Variable<S> outputs_of_fake() const { return fake_outputs.defined() ? fake_outputs : critic(fake); }

  /// What `fake` was made from. Throws ConfigError if that is not known.
  const Variable<S>& latents() const {
    if (!latent.defined()) throw ConfigError("PenaltyContext: expected the latents of the generated batch, got none");
    return latent;
  }
  /// Other samples of the generator. Throws ConfigError if there is none to ask.
  Variable<S> generate(const Variable<S>& z) const {
    if (!generator) throw ConfigError("PenaltyContext: expected a generator that a penalty may ask, got none");
    return (*generator)(z);
  }
};

}  // namespace eigan::inline EIGAN_ABI::loss
