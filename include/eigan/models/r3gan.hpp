#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <string_view>
#include <utility>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../nn/activation.hpp"
#include "../nn/conv.hpp"
#include "../nn/init.hpp"
#include "../nn/linear.hpp"
#include "../nn/pass.hpp"
#include "../nn/pool.hpp"
#include "../nn/reshape.hpp"
#include "../nn/residual.hpp"
#include "../nn/upsample.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/reshape.hpp"
#include "conditional.hpp"
#include "networks.hpp"
#include "resnet.hpp"

namespace eigan::inline EIGAN_ABI::models {

struct R3ganOptions {
  Index size = 32;  ///< height and width of the image: 4 (the paper's), 5 to 7, 9, 11, 13 or 15, doubled
  Index channels = 3;
  Index latent = 64;
  Index width = 768;    ///< channels at the image's size, which each halving doubles; 96 for faces of 256 pixels
  Index widest = 768;   ///< at most
  Index blocks = 2;     ///< residual blocks at each size
  Index expansion = 2;  ///< of the channels inside of a block
  Index group = 16;     ///< channels that each 3x3 convolution joins
  Index classes = 0;    ///< of a conditional pair; 0: nothing is asked of a sample
};

namespace detail {

/// One image of size x size pixels for all, whose channels each latent scales: basis * (W z). weight: basis,
/// [size, size, channels], from N(0, 1). z: [N, latent] -> [N, size, size, channels].
template <std::floating_point S>
class GenerativeBasis {
 public:
  using Scalar = S;
  static constexpr const char* name = "GenerativeBasis";
  static constexpr bool is_per_sample = true;

  GenerativeBasis(nn::Linear<S> scales, Index size, Index channels)
      : scales_(std::move(scales)), basis_(Shape{size, size, channels}, nn::init::normal()) {}

  Variable<S> forward(const Variable<S>& z, const nn::Pass<S>& pass = {}) const {
    const Variable<S> scales = scales_.forward(z, pass);
    return reshape(scales, Shape{scales.extent(0), 1, 1, scales.extent(1)}) * pass(basis_);
  }

  void visit(auto&& field) {
    field("scales", scales_);
    field("basis", basis_);
  }

 private:
  nn::Linear<S> scales_;
  Parameter<S> basis_;
};

/// The layer with its weight drawn from N(0, gain^2 / fan in) and its bias 0.
template <class Layer>
Layer with_gain(Layer layer, double gain) {
  layer.visit([&]<class S>(std::string_view name, Parameter<S>& parameter) {
    if (name == "weight")
      parameter.set_initialiser(nn::init::normal(0, gain / std::sqrt(nn::init::fans_of(parameter.shape()).in)));
    else if (parameter.exists())
      parameter.set_initialiser(nn::init::zeros());
  });
  return layer;
}

/// What the stages of both networks are made of.
template <std::floating_point S>
class R3ganStages {
 public:
  explicit R3ganStages(const R3ganOptions& options, Index stages)
      : options_(options),
        // sqrt(2 / (1 + slope^2)), less the deeper the network: as fix-up initialisation has it for three layers a
        // block.
        gain_(std::sqrt(2 / (1 + slope * slope)) * std::pow(static_cast<double>(options.blocks * stages), -0.25)) {}

  Index width_at(Index size) const { return channels_at(size, options_.size, options_.width, options_.widest); }

  void add_blocks(nn::Sequential<S>& network, Index width) const {
    const Index inner = width * options_.expansion;
    if (inner % options_.group != 0)
      throw ConfigError("r3gan: expected groups that divide " + std::to_string(inner) + " channels, got " +
                        std::to_string(options_.group));
    for (Index i = 0; i < options_.blocks; ++i)
      network.add(nn::Residual<S>(nn::Sequential<S>{
          with_gain(nn::Conv2d<S>({.in = width, .out = inner, .kernel = 1}), gain_), nn::LeakyReLU(slope),
          with_gain(
              nn::Conv2d<S>({.in = inner, .out = inner, .kernel = 3, .padding = 1, .groups = inner / options_.group}),
              gain_),
          nn::LeakyReLU(slope),
          with_gain(nn::Conv2d<S>({.in = inner, .out = width, .kernel = 1, .bias = nn::Bias::no}), 0)}));
  }

 private:
  static constexpr double slope = 0.2;

  R3ganOptions options_;
  double gain_;
};

template <std::floating_point S>
nn::Conv2d<S> pointwise(Index in, Index out) {
  return with_gain(nn::Conv2d<S>({.in = in, .out = out, .kernel = 1, .bias = nn::Bias::no}), 1);
}

}  // namespace detail

/// R3GAN (Huang et al. 2024, config E): residual bottlenecks of 1x1, grouped 3x3 and 1x1 convolutions with leaky ReLUs
/// and without normalisation, whose last weights start at 0 (fix-up); both networks alike. The generator starts from a
/// learned 4x4 image whose channels the latent scales, the discriminator ends in a depthwise convolution over all of
/// its pixels. Images are enlarged by bilinear interpolation and shrunk by the mean of 2x2 pixels, where the authors
/// filter by [1, 2, 1]. To be trained with the relativistic loss and the R1 and R2 penalties. With classes, a trained
/// vector of the class goes in beside the latent, and the discriminator ends in a projection (the authors' has no part
/// that leaves the class out).
template <std::floating_point S = float>
Networks<S> r3gan(const R3ganOptions& options = {}) {
  const detail::Doublings doublings("r3gan", options.size);
  detail::check_positive("r3gan", {options.channels, options.latent, options.width, options.widest, options.blocks,
                                   options.expansion, options.group});
  const detail::R3ganStages<S> stages(options, doublings.count + 1);
  const Index start = doublings.start;
  const Index first = stages.width_at(start), last = stages.width_at(options.size);
  Networks<S> networks{.latent = options.latent};
  nn::Sequential<S>&generator = networks.generator, &discriminator = networks.discriminator;

  const Index in = detail::add_class_to_latent(generator, options.latent, options.classes);
  generator.add(detail::GenerativeBasis<S>(detail::with_gain(nn::Linear<S>(in, first, nn::Bias::no), 1), start, first));
  stages.add_blocks(generator, first);
  for (Index size = 2 * start; size <= options.size; size *= 2) {
    const Index from = stages.width_at(size / 2), to = stages.width_at(size);
    if (from != to) generator.add(detail::pointwise<S>(from, to));
    generator.add(nn::Upsample({.scale = 2, .mode = nn::Interpolation::bilinear}));
    stages.add_blocks(generator, to);
  }
  generator.add(detail::pointwise<S>(last, options.channels));

  discriminator.add(detail::pointwise<S>(options.channels, last));
  for (Index size = options.size; size > start; size /= 2) {
    const Index from = stages.width_at(size), to = stages.width_at(size / 2);
    stages.add_blocks(discriminator, from);
    discriminator.add(nn::AveragePool(2));
    if (from != to) discriminator.add(detail::pointwise<S>(from, to));
  }
  stages.add_blocks(discriminator, first);
  discriminator
      .add(detail::with_gain(
          nn::Conv2d<S>({.in = first, .out = first, .kernel = start, .groups = first, .bias = nn::Bias::no}), 1))
      .add(nn::Flatten());
  detail::add_verdict(discriminator, detail::with_gain(nn::Linear<S>(first, 1, nn::Bias::no), 1),
                      detail::with_gain(nn::Linear<S>(std::max<Index>(options.classes, 1), first, nn::Bias::no),
                                        1 / std::sqrt(static_cast<double>(first))),
                      options.classes);
  return networks;
}

}  // namespace eigan::inline EIGAN_ABI::models
