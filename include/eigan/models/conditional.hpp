#pragma once

#include <algorithm>
#include <concepts>
#include <utility>

#include "../core/config.hpp"
#include "../nn/any_layer.hpp"
#include "../nn/batch_norm.hpp"
#include "../nn/concat_condition.hpp"
#include "../nn/conditional_batch_norm.hpp"
#include "../nn/linear.hpp"
#include "../nn/projection.hpp"
#include "../nn/sequential.hpp"
#include "../nn/spectral_norm.hpp"

/// What makes a ready pair of networks conditional. With 0 classes each is what an unconditional network has there.
namespace eigan::inline EIGAN_ABI::models::detail {

/// The generator's batch norm: with classes, a gain and a bias for each.
template <std::floating_point S>
nn::AnyLayer<S> batch_norm(Index channels, Index classes) {
  if (classes > 0) return nn::ConditionalBatchNorm<S>(channels, {.classes = classes});
  return nn::BatchNorm<S>(channels);
}

/// Begins a generator: the class beside the latent, one-hot. Batch norms alone tell a small generator too little: of
/// MNIST's digits one in seven then was what it was asked to be. A trained vector as long as the latent tells it too
/// much: all samples of a class were the same. Returns how many numbers the next layer takes.
template <std::floating_point S>
Index add_class_to_latent(nn::Sequential<S>& generator, Index latent, Index classes) {
  if (classes > 0) generator.add(nn::ConcatCondition<S>({.classes = classes}));
  return latent + classes;
}

/// Ends a discriminator: features to one number, and with classes a projection beside it.
template <std::floating_point S>
void add_verdict(nn::Sequential<S>& discriminator, Index features, Index classes) {
  if (classes > 0)
    discriminator.add(nn::Projection<nn::Linear<S>, nn::Linear<S>>(features, {.classes = classes}));
  else
    discriminator.add(nn::Linear<S>(features, 1));
}

/// The same by layers of one's own: `head`, [N, features] -> [N, 1], and `map`, [N, classes] -> [N, features].
template <std::floating_point S, class Head, class Map>
void add_verdict(nn::Sequential<S>& discriminator, Head head, Map map, Index classes) {
  if (classes > 0)
    discriminator.add(nn::Projection<Head, Map>(std::move(head), std::move(map), {.classes = classes}));
  else
    discriminator.add(std::move(head));
}

/// The same, spectrally normalised.
template <std::floating_point S>
void add_normalized_verdict(nn::Sequential<S>& discriminator, Index features, Index classes) {
  using Normalized = nn::SpectralNorm<nn::Linear<S>>;
  add_verdict(discriminator, Normalized(nn::Linear<S>(features, 1)),
              Normalized(nn::Linear<S>(std::max<Index>(classes, 1), features, nn::Bias::no)), classes);
}

}  // namespace eigan::inline EIGAN_ABI::models::detail
