#pragma once

#include <concepts>

#include "../core/config.hpp"
#include "../loss/boundary_equilibrium.hpp"
#include "../loss/least_squares.hpp"
#include "../loss/non_saturating.hpp"
#include "../nn/init.hpp"
#include "../optim/adam.hpp"
#include "recipe.hpp"

// Recipes whose loss is all there is: nothing keeps the discriminator smooth.

namespace eigan::inline EIGAN_ABI::recipes {

/// The non-saturating game (Goodfellow et al. 2014, section 3). The paper's momentum SGD on maxout networks gave way
/// to Adam everywhere, and has here too.
template <std::floating_point S = float>
Options<S> gan() {
  Options<S> options{.loss = loss::NonSaturating()};
  detail::optimize<S>(options, optim::Adam{.learning_rate = 2e-4, .beta1 = 0.5});
  return options;
}

/// The same game in batches of 128 from weights of N(0, 0.02) (Radford et al. 2016, section 4). With wider ones the
/// discriminator of coloured images soon wins for good. The paper's networks are models::dcgan().
template <std::floating_point S = float>
Options<S> dcgan() {
  Options<S> options = gan<S>();
  options.batch = 128;
  options.initialization = nn::init::dcgan();
  return options;
}

/// Least squares in place of the logarithm, so that samples far from the border still teach (Mao et al. 2017, eq. 9).
template <std::floating_point S = float>
Options<S> lsgan() {
  Options<S> options = gan<S>();
  options.loss = loss::LeastSquares();
  return options;
}

/// The discriminator is an autoencoder, and a feedback holds the ratio of its errors (Berthelot et al. 2017, section 3
/// and 4): Adam at 1e-4, latents from [-1, 1), batches of 16, gamma 0.5.
template <std::floating_point S = float>
Options<S> began() {
  Options<S> options{.loss = loss::BoundaryEquilibrium()};
  detail::optimize<S>(options, optim::Adam{.learning_rate = 1e-4, .beta1 = 0.5});
  options.latent_distribution = train::LatentDistribution::uniform();
  options.batch = 16;
  return options;
}

/// The generator looks five updates of the discriminator ahead (Metz et al. 2017): Adam at 1e-3 for the generator and
/// 1e-4 for the discriminator, as in the authors' notebook (github.com/poolio/unrolled_gan), which says that it differs
/// from the paper; at the reverse, a discriminator of images soon knows every sample. Each look costs about one and a
/// half plain steps.
template <std::floating_point S = float>
Options<S> unrolled() {
  Options<S> options{.loss = loss::NonSaturating(), .unrolled_steps = 5};
  options.generator_optimizer = optim::Adam{.learning_rate = 1e-3, .beta1 = 0.5};
  options.discriminator_optimizer = optim::Adam{.learning_rate = 1e-4, .beta1 = 0.5};
  return options;
}

/// gan() with a discriminator that judges two samples at once, to which missing modes stand out (PacGAN2, Lin et al.
/// 2018).
template <std::floating_point S = float>
Options<S> pacgan() {
  return gan<S>();
}

}  // namespace eigan::inline EIGAN_ABI::recipes
