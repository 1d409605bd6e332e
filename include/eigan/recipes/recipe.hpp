#pragma once

#include <concepts>
#include <string_view>

#include "../core/config.hpp"
#include "../optim/adam.hpp"
#include "../optim/any_schedule.hpp"
#include "../optim/schedule.hpp"
#include "../train/options.hpp"

namespace eigan::inline EIGAN_ABI::recipes {

/// What a recipe asks of the networks: none of it can be seen from the options.
struct Networks {
  bool batch_norm = true;      ///< whether the discriminator may have it
  bool spectral_norm = false;  ///< every layer of the discriminator with weights wants nn::SpectralNorm
  bool autoencoder = false;    ///< the discriminator returns each sample's reconstruction error [N, 1]
  Index packing = 1;           ///< samples that the discriminator looks at together: it begins with nn::Packing
};

/// The options of a recipe: loss, penalties, optimizers, schedules, first weights. What is left to say is .latent,
/// .batch, .seed; any of it may be changed:
///
///   auto options = recipes::wgan_gp();
///   options.latent = {100};
///   train::AdversarialTrainer trainer{generator, critic, options};
template <std::floating_point S = float>
using Options = train::AdversarialOptions<S>;

namespace detail {

/// The optimizer of both networks.
template <std::floating_point S>
void optimize(Options<S>& options, const optim::AnyOptimizer<S>& rule) {
  options.generator_optimizer = options.discriminator_optimizer = rule;
}

/// The learning rates of both networks fall to nothing in a straight line, from step `hold` to step `steps`; with 0
/// steps they stay as they are.
template <std::floating_point S>
void decay(Options<S>& options, Index hold, Index steps) {
  if (steps <= hold) return;
  options.generator_schedule = options.discriminator_schedule =
      optim::LinearSchedule{.steps = steps - hold, .hold = hold};
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::recipes
