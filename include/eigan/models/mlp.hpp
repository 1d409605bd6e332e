#pragma once

#include <concepts>

#include "../core/config.hpp"
#include "../core/shape.hpp"
#include "../nn/activation.hpp"
#include "../nn/batch_norm.hpp"
#include "../nn/linear.hpp"
#include "../nn/reshape.hpp"
#include "conditional.hpp"
#include "networks.hpp"

namespace eigan::inline EIGAN_ABI::models {

struct MlpOptions {
  Index size = 28;  ///< height and width of the image; 0: the data are vectors of `channels` numbers
  Index channels = 1;
  Index latent = 100;
  Index width = 256;  ///< of the narrowest hidden layer
  Index classes = 0;  ///< of a conditional pair; 0: nothing is asked of a sample
};

/// Fully connected networks, as in the first GAN (Goodfellow et al. 2014), with leaky ReLUs and, in the generator,
/// batch normalisation: latent, width, 2 width, 4 width, image; image, 2 width, width, 1. With classes, a trained
/// vector of the class goes in beside the latent, and the discriminator ends in a projection.
template <std::floating_point S = float>
Networks<S> mlp(const MlpOptions& options = {}) {
  detail::check_positive("mlp", {options.channels, options.latent, options.width});
  const Index width = options.width;
  const bool is_image = options.size > 0;
  const Shape sample = is_image ? Shape{options.size, options.size, options.channels} : Shape{options.channels};
  Networks<S> networks{.latent = options.latent};
  const Index in = detail::add_class_to_latent(networks.generator, options.latent, options.classes);
  networks.generator.add(nn::Linear<S>(in, width)).add(nn::LeakyReLU(0.2));
  for (const Index hidden : {width, 2 * width})
    networks.generator.add(nn::Linear<S>(hidden, 2 * hidden)).add(nn::BatchNorm<S>(2 * hidden)).add(nn::LeakyReLU(0.2));
  networks.generator.add(nn::Linear<S>(4 * width, sample.size()));
  if (is_image) networks.generator.add(nn::Tanh()).add(nn::Reshape(sample));

  if (is_image) networks.discriminator.add(nn::Flatten());
  networks.discriminator.add(nn::Linear<S>(sample.size(), 2 * width))
      .add(nn::LeakyReLU(0.2))
      .add(nn::Linear<S>(2 * width, width))
      .add(nn::LeakyReLU(0.2));
  detail::add_verdict(networks.discriminator, width, options.classes);
  return networks;
}

}  // namespace eigan::inline EIGAN_ABI::models
