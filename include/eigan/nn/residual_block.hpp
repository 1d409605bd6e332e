#pragma once

#include <concepts>
#include <functional>
#include <utility>

#include "../core/config.hpp"
#include "any_layer.hpp"
#include "conv.hpp"
#include "options.hpp"
#include "sequential.hpp"
#include "spectral_norm.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Options of ResidualUp and ResidualDown: `{.in = 64, .out = 128, .norm = [](Index c) { return nn::BatchNorm(c); }}`.
template <std::floating_point S = float>
struct ResidualBlockOptions {
  Required<Index> in;
  Required<Index> out;
  Index hidden = 0;                             ///< channels between the convolutions; 0: as the papers have them
  std::function<AnyLayer<S>(Index)> norm = {};  ///< makes a normalisation of so many channels; none by default
  bool spectral_norm = false;                   ///< of all the convolutions
  bool resample = true;                         ///< false: the image keeps its size
};

namespace detail {

template <std::floating_point S>
AnyLayer<S> block_convolution(Index in, Index out, Index kernel, bool spectral_norm) {
  Conv2d<S> layer({.in = in, .out = out, .kernel = kernel, .padding = kernel / 2});
  if (spectral_norm) return SpectralNorm<Conv2d<S>>(std::move(layer));
  return layer;
}

template <std::floating_point S>
void add_norm(Sequential<S>& path, const ResidualBlockOptions<S>& options, Index channels) {
  if (options.norm) path.add(options.norm(channels));
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::nn
