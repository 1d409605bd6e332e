#pragma once

#include <algorithm>
#include <concepts>

#include "../core/config.hpp"
#include "../nn/activation.hpp"
#include "../nn/conv.hpp"
#include "../nn/linear.hpp"
#include "../nn/reshape.hpp"
#include "../nn/residual_down.hpp"
#include "../nn/residual_up.hpp"
#include "conditional.hpp"
#include "networks.hpp"

/// What the residual networks of Gulrajani et al. (2017) and Miyato et al. (2018) share.
namespace eigan::inline EIGAN_ABI::models::detail {

/// The channels of an image of this size inside of a network: `narrow` at full size, doubled by each halving, `widest`
/// at most.
inline Index channels_at(Index size, Index full_size, Index narrow, Index widest) {
  Index channels = narrow;
  for (; size < full_size && channels < widest; size *= 2) channels *= 2;
  return std::min(channels, widest);
}

/// A dense start, blocks with batch norm that double the image, batch norm, ReLU, a 3x3 convolution, tanh.
template <std::floating_point S>
nn::Sequential<S> resnet_generator(const char* model, Index size, Index channels, Index latent, Index narrow,
                                   Index widest, Index classes) {
  const Doublings doublings(model, size);
  check_positive(model, {channels, latent, narrow, widest});
  const Index start = doublings.start, first = channels_at(start, size, narrow, widest);
  nn::Sequential<S> generator;
  const Index numbers = add_class_to_latent(generator, latent, classes);
  generator.add(nn::Linear<S>(numbers, start * start * first)).add(nn::Reshape({start, start, first}));
  for (Index at = start; at < size; at *= 2)
    generator.add(nn::ResidualUp<S>({.in = channels_at(at, size, narrow, widest),
                                     .out = channels_at(2 * at, size, narrow, widest),
                                     .norm = [classes](Index c) { return batch_norm<S>(c, classes); }}));
  const Index last = channels_at(size, size, narrow, widest);
  generator.add(batch_norm<S>(last, classes))
      .add(nn::ReLU())
      .add(nn::Conv2d<S>({.in = last, .out = channels, .kernel = 3, .padding = 1}))
      .add(nn::Tanh());
  return generator;
}

/// Blocks without norm: a first one that sees the image, others that halve it down to `smallest` pixels or less, then
/// `trailing` ones that keep its size, and a ReLU. Returns the channels that are left.
template <std::floating_point S>
Index add_resnet_blocks(nn::Sequential<S>& discriminator, Index size, Index channels, Index narrow, Index widest,
                        Index smallest, Index trailing, bool spectral_norm) {
  discriminator.add(
      nn::ResidualDown<S>({.in = channels, .out = narrow, .spectral_norm = spectral_norm}, nn::BlockPosition::first));
  Index in = narrow;
  for (Index at = size / 2; at > smallest; at /= 2, in = std::min(2 * in, widest))
    discriminator.add(nn::ResidualDown<S>({.in = in, .out = std::min(2 * in, widest), .spectral_norm = spectral_norm}));
  for (Index i = 0; i < trailing; ++i, in = std::min(2 * in, widest))
    discriminator.add(nn::ResidualDown<S>(
        {.in = in, .out = std::min(2 * in, widest), .spectral_norm = spectral_norm, .resample = false}));
  discriminator.add(nn::ReLU());
  return in;
}

}  // namespace eigan::inline EIGAN_ABI::models::detail
