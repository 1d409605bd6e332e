#pragma once

#include <concepts>

#include "../core/config.hpp"
#include "../loss/dragan.hpp"
#include "../loss/hinge.hpp"
#include "../loss/relativistic.hpp"
#include "../loss/scheduled.hpp"
#include "../loss/zero_centred.hpp"
#include "../optim/adam.hpp"
#include "../optim/schedule.hpp"
#include "plain.hpp"
#include "recipe.hpp"

// Recipes that keep the discriminator smooth where the data are.

namespace eigan::inline EIGAN_ABI::recipes {

/// gan() with a gradient penalty of weight 10 around the real samples (Kodali et al. 2017, section 2.4).
template <std::floating_point S = float>
Options<S> dragan() {
  Options<S> options = gan<S>();
  options.penalties = {loss::Dragan(10)};
  return options;
}

/// Hinge loss and a discriminator whose every layer is spectrally normalised; five updates of it a step, Adam at 2e-4
/// with beta 0 and 0.9, rates that fall to nothing over `steps` (Miyato et al. 2018, appendix B.2).
template <std::floating_point S = float>
Options<S> sngan(Index steps = 0) {
  Options<S> options{.loss = loss::Hinge(), .critic_steps = 5};
  detail::optimize<S>(options, optim::Adam{.learning_rate = 2e-4, .beta1 = 0, .beta2 = 0.9});
  detail::decay(options, 0, steps);
  return options;
}

/// Each sample is judged against the mean of the other kind (RaSGAN, Jolicoeur-Martineau 2018, section 4): Adam at 2e-4
/// with beta1 0.5.
template <std::floating_point S = float>
Options<S> relativistic() {
  Options<S> options = gan<S>();
  options.loss = loss::RelativisticAverage();
  return options;
}

/// The default: real and generated samples judged in pairs, zero-centred gradient penalties on both, which together
/// make training converge locally (Huang et al. 2024, sections 2 and 3); Adam at 2e-4 with beta 0 and 0.99, averaged
/// weights. With `steps` given, the penalties fade to a tenth along a cosine, as the paper's do, and rates fall to
/// nothing over the run's second half. `gamma`, the penalties' weight, depends on the data: 0.05 to 0.2 serve points in
/// the plane; the paper's runs begin with 0.05 on images of 32 x 32, 2 on 64 x 64 and 150 on 256 x 256.
template <std::floating_point S = float>
Options<S> r3gan(Index steps = 0, double gamma = 0.05, double learning_rate = 2e-4) {
  Options<S> options{.loss = loss::RelativisticPaired(), .penalties = {loss::R1R2(gamma)}};
  if (steps > 0)
    options.penalties = {loss::Scheduled(optim::CosineSchedule{.to = 0.1, .steps = steps}, loss::R1R2(gamma))};
  detail::optimize<S>(options, optim::Adam{.learning_rate = learning_rate, .beta1 = 0, .beta2 = 0.99});
  detail::decay(options, steps / 2, steps);
  options.average = 0.999;
  return options;
}

}  // namespace eigan::inline EIGAN_ABI::recipes
