#pragma once

#include <concepts>
#include <functional>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../ops/arithmetic.hpp"
#include "any_layer.hpp"
#include "conv.hpp"
#include "options.hpp"
#include "pass.hpp"
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

/// The two paths of a residual block, whose results are added; ResidualUp and ResidualDown fill them.
template <std::floating_point S>
class ResidualPaths {
 public:
  using Scalar = S;
  static constexpr bool is_per_sample = true;

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    return main_.forward(x, pass) + shortcut_.forward(x, pass);
  }

  void visit(auto&& field) {
    field("main", main_);
    field("shortcut", shortcut_);
  }

 protected:
  explicit ResidualPaths(const ResidualBlockOptions<S>& options) : options_(options) {}

  AnyLayer<S> convolution(Index in, Index out, Index kernel) const {
    Conv2d<S> layer({.in = in, .out = out, .kernel = kernel, .padding = kernel / 2});
    if (options_.spectral_norm) return SpectralNorm<Conv2d<S>>(std::move(layer));
    return layer;
  }
  void add_norm(Index channels) {
    if (options_.norm) main_.add(options_.norm(channels));
  }

  Sequential<S> main_, shortcut_;  // an empty one hands x on

 private:
  ResidualBlockOptions<S> options_;
};

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::nn
