#pragma once

#include <concepts>

#include "../core/config.hpp"
#include "../loss/gradient_penalty.hpp"
#include "../loss/wasserstein.hpp"
#include "../optim/adam.hpp"
#include "../optim/rms_prop.hpp"
#include "recipe.hpp"

namespace eigan::inline EIGAN_ABI::recipes {

/// Weights clipped to [-0.01, 0.01], five critic updates a step, RMSProp at 5e-5 (Arjovsky et al. 2017, alg. 1).
template <std::floating_point S = float>
Options<S> wgan() {
  Options<S> options{.loss = loss::Wasserstein(), .critic_steps = 5};
  detail::optimize<S>(options, optim::RMSProp{.learning_rate = 5e-5});
  options.weight_clipping = 0.01;
  return options;
}

/// A gradient penalty of weight 10 in place of clipping, five critic updates a step, Adam at 1e-4 with beta 0 and 0.9
/// (Gulrajani et al. 2017, alg. 1). The critic has no batch normalisation.
template <std::floating_point S = float>
Options<S> wgan_gp() {
  Options<S> options{.loss = loss::Wasserstein(), .penalties = {loss::GradientPenalty(10)}, .critic_steps = 5};
  detail::optimize<S>(options, optim::Adam{.learning_rate = 1e-4, .beta1 = 0, .beta2 = 0.9});
  return options;
}

}  // namespace eigan::inline EIGAN_ABI::recipes
