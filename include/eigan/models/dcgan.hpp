#pragma once

#include <concepts>

#include "../core/config.hpp"
#include "../nn/activation.hpp"
#include "../nn/batch_norm.hpp"
#include "../nn/conv.hpp"
#include "../nn/conv_transpose.hpp"
#include "../nn/linear.hpp"
#include "../nn/reshape.hpp"
#include "conditional.hpp"
#include "networks.hpp"

namespace eigan::inline EIGAN_ABI::models {

struct DcganOptions {
  Index size = 64;  ///< height and width of the image: 4 to 7, 9, 11, 13 or 15, doubled (28, 32, 64, 128)
  Index channels = 3;
  Index latent = 100;
  Index width = 64;                ///< channels at half the image's size; each halving doubles them
  bool discriminator_norm = true;  ///< batch norm in the discriminator; a gradient penalty forbids it
  Index classes = 0;               ///< of a conditional pair; 0: nothing is asked of a sample
};

namespace detail {

/// Latents to features: a dense start of `widest` channels, then 4x4 transposed convolutions that each double the image
/// and halve the channels, all with batch norm and ReLU.
template <std::floating_point S>
void add_convolutional_start(nn::Sequential<S>& generator, Index latent, const Doublings& doublings, Index widest,
                             Index blocks, Index classes) {
  const Index start = doublings.start;
  const Index numbers = add_class_to_latent(generator, latent, classes);
  generator.add(nn::Linear<S>(numbers, start * start * widest, nn::Bias::no))
      .add(nn::Reshape({start, start, widest}))
      .add(batch_norm<S>(widest, classes))
      .add(nn::ReLU());
  for (Index i = 0, in = widest; i < blocks; ++i, in /= 2)
    generator
        .add(nn::ConvTranspose2d<S>(
            {.in = in, .out = in / 2, .kernel = 4, .stride = 2, .padding = 1, .bias = nn::Bias::no}))
        .add(batch_norm<S>(in / 2, classes))
        .add(nn::ReLU());
}

}  // namespace detail

/// Deep convolutional networks (Radford et al. 2016): all resampling by strided 4x4 convolutions, batch norm except at
/// the generator's last and the discriminator's first layer, ReLUs in the generator, leaky ones of 0.2 in the
/// discriminator. The paper draws their first weights by nn::init::dcgan(), as recipes::dcgan() does. With classes, the
/// class goes in beside the latent, the generator's batch norms are conditional and the discriminator ends in a
/// projection.
template <std::floating_point S = float>
Networks<S> dcgan(const DcganOptions& options = {}) {
  const detail::Doublings doublings("dcgan", options.size);
  detail::check_positive("dcgan", {options.channels, options.latent, options.width});
  const Index widest = options.width << (doublings.count - 1), start = doublings.start;
  Networks<S> networks{.latent = options.latent};
  detail::add_convolutional_start(networks.generator, options.latent, doublings, widest, doublings.count - 1,
                                  options.classes);
  networks.generator
      .add(nn::ConvTranspose2d<S>(
          {.in = options.width, .out = options.channels, .kernel = 4, .stride = 2, .padding = 1}))
      .add(nn::Tanh());

  nn::Sequential<S>& discriminator = networks.discriminator;
  discriminator
      .add(nn::Conv2d<S>({.in = options.channels, .out = options.width, .kernel = 4, .stride = 2, .padding = 1}))
      .add(nn::LeakyReLU(0.2));
  for (Index in = options.width; in < widest; in *= 2) {
    discriminator.add(nn::Conv2d<S>({.in = in,
                                     .out = 2 * in,
                                     .kernel = 4,
                                     .stride = 2,
                                     .padding = 1,
                                     .bias = options.discriminator_norm ? nn::Bias::no : nn::Bias::yes}));
    if (options.discriminator_norm) discriminator.add(nn::BatchNorm<S>(2 * in));
    discriminator.add(nn::LeakyReLU(0.2));
  }
  discriminator.add(nn::Flatten());
  detail::add_verdict(discriminator, start * start * widest, options.classes);
  return networks;
}

}  // namespace eigan::inline EIGAN_ABI::models
