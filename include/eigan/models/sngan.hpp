#pragma once

#include <concepts>

#include "../core/config.hpp"
#include "../nn/activation.hpp"
#include "../nn/conv.hpp"
#include "../nn/linear.hpp"
#include "../nn/pool.hpp"
#include "../nn/reshape.hpp"
#include "../nn/spectral_norm.hpp"
#include "conditional.hpp"
#include "dcgan.hpp"
#include "networks.hpp"
#include "resnet.hpp"

namespace eigan::inline EIGAN_ABI::models {

struct SnganOptions {
  Index size = 32;  ///< height and width of the image: 4 to 7, 9, 11, 13 or 15, doubled (32, 48, 64)
  Index channels = 3;
  Index latent = 128;
  Index width = 64;   ///< channels at the image's size; each halving doubles them
  Index classes = 0;  ///< of a conditional pair; 0: nothing is asked of a sample
};

/// The plain networks with spectral normalisation (Miyato et al. 2018, table 3): a generator of 4x4 transposed
/// convolutions with batch norm and ReLU; a discriminator of 3x3 convolutions, each followed by a 4x4 one that halves
/// the image, with leaky ReLUs of 0.1, all its weights spectrally normalised. With classes, the generator's batch norms
/// are conditional and the discriminator ends in a projection (Miyato and Koyama 2018).
template <std::floating_point S = float>
Networks<S> sngan(const SnganOptions& options = {}) {
  const detail::Doublings doublings("sngan", options.size);
  detail::check_positive("sngan", {options.channels, options.latent, options.width});
  const Index widest = options.width << doublings.count, start = doublings.start;
  Networks<S> networks{.latent = options.latent};
  detail::add_convolutional_start(networks.generator, options.latent, doublings, widest, doublings.count,
                                  options.classes);
  networks.generator.add(nn::Conv2d<S>({.in = options.width, .out = options.channels, .kernel = 3, .padding = 1}))
      .add(nn::Tanh());

  nn::Sequential<S>& discriminator = networks.discriminator;
  const auto add_convolution = [&](const nn::ConvOptions<2>& convolution) {
    discriminator.add(nn::SpectralNorm<nn::Conv2d<S>>(nn::Conv2d<S>(convolution))).add(nn::LeakyReLU(0.1));
  };
  add_convolution({.in = options.channels, .out = options.width, .kernel = 3, .padding = 1});
  for (Index width = options.width; width < widest; width *= 2) {
    add_convolution({.in = width, .out = width, .kernel = 4, .stride = 2, .padding = 1});
    add_convolution({.in = width, .out = 2 * width, .kernel = 3, .padding = 1});
  }
  discriminator.add(nn::Flatten());
  detail::add_normalized_verdict(discriminator, start * start * widest, options.classes);
  return networks;
}

struct SnganResnetOptions {
  Index size = 32;  ///< height and width of the image: 4 to 7, 9, 11, 13 or 15, doubled (32, 48, 64, 128)
  Index channels = 3;
  Index latent = 128;
  /// Channels at the image's size, which each halving doubles up to `widest`. The paper's tables have, for the
  /// generator, 256 and 256 at 32 pixels, 64 and 512 at 48, 64 and 1024 at 128; for the discriminator, which starts at
  /// half the size, 128 and 128, or as the generator.
  Index generator_width = 256;
  Index generator_widest = 256;
  Index discriminator_width = 128;
  Index discriminator_widest = 128;
  Index classes = 0;  ///< of a conditional pair, as in sngan; 0: nothing is asked of a sample
};

/// The residual networks with spectral normalisation in the discriminator (Miyato et al. 2018, tables 4 to 6), which
/// sums its last features over all positions. Up to 32 pixels, two of its blocks keep a size of 8, as the table for
/// CIFAR-10 has it; above, it goes on to 4 and has one that keeps the size.
template <std::floating_point S = float>
Networks<S> sngan_resnet(const SnganResnetOptions& options = {}) {
  detail::check_positive("sngan_resnet", {options.discriminator_width, options.discriminator_widest});
  Networks<S> networks{.latent = options.latent};
  networks.generator = detail::resnet_generator<S>("sngan_resnet", options.size, options.channels, options.latent,
                                                   options.generator_width, options.generator_widest, options.classes);
  const bool is_small = options.size <= 32;
  const Index features =
      detail::add_resnet_blocks(networks.discriminator, options.size, options.channels, options.discriminator_width,
                                options.discriminator_widest, is_small ? 8 : 4, is_small ? 2 : 1, true);
  networks.discriminator.add(nn::GlobalSumPool());
  detail::add_normalized_verdict(networks.discriminator, features, options.classes);
  return networks;
}

}  // namespace eigan::inline EIGAN_ABI::models
