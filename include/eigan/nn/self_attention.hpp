#pragma once

#include <algorithm>
#include <concepts>
#include <string>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/matmul.hpp"
#include "../ops/max_pool.hpp"
#include "../ops/reshape.hpp"
#include "../ops/softmax.hpp"
#include "any_layer.hpp"
#include "conv.hpp"
#include "init.hpp"
#include "pass.hpp"
#include "spectral_norm.hpp"

namespace eigan::inline EIGAN_ABI::nn {

struct SelfAttentionOptions {
  bool pool = true;            ///< 2x2 max pooling of keys and values, as in the authors' program and in BigGAN
  bool spectral_norm = false;  ///< of the four convolutions
};

/// Attention of every position to all others, added to the input (SAGAN, Zhang et al. 2019):
/// x + gamma * output(softmax(f(x) g(x)ᵀ) h(x)), with f (query) and g (key) to channels / 8 and h (value) to channels /
/// 2 (each 1 at least), all four convolutions 1x1 and without bias. gamma: [1], starts at 0. x: [N, H, W, channels],
/// the same out. Throws ShapeError for another shape.
template <std::floating_point S = float>
class SelfAttention {
 public:
  using Scalar = S;
  static constexpr const char* name = "SelfAttention";
  static constexpr bool is_per_sample = true;

  explicit SelfAttention(Index channels, const SelfAttentionOptions& options = {})
      : channels_(channels),
        pools_(options.pool),
        query_(pointwise(channels, channels / 8, options)),
        key_(pointwise(channels, channels / 8, options)),
        value_(pointwise(channels, channels / 2, options)),
        output_(pointwise(channels / 2, channels, options)),
        gamma_(Shape{1}, init::zeros()) {}

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    const Index least = pools_ ? 2 : 1;
    if (x.rank() != 4 || x.extent(3) != channels_ || x.extent(1) < least || x.extent(2) < least)
      throw ShapeError("SelfAttention: expected input [N, H, W, " + std::to_string(channels_) + "]" +
                       (pools_ ? " of 2x2 pixels or more" : "") + ", got " + to_string(x.shape()));
    const auto pooled = [&](const Variable<S>& y) { return pools_ ? max_pool(y, {2, 2}, {2, 2}, {0, 0}) : y; };
    const Variable<S> query = positions(query_.forward(x, pass)), key = positions(pooled(key_.forward(x, pass))),
                      value = positions(pooled(value_.forward(x, pass)));
    const Variable<S> attended = matmul(softmax(matmul(query, key, Transpose::no, Transpose::yes)), value);
    const Shape image{x.extent(0), x.extent(1), x.extent(2), attended.extent(2)};
    return x + pass(gamma_) * output_.forward(reshape(attended, image), pass);
  }

  void visit(auto&& field) {
    field("query", query_);
    field("key", key_);
    field("value", value_);
    field("output", output_);
    field("gamma", gamma_);
  }

 private:
  static AnyLayer<S> pointwise(Index in, Index out, const SelfAttentionOptions& options) {
    Conv2d<S> layer({.in = std::max<Index>(in, 1), .out = std::max<Index>(out, 1), .kernel = 1, .bias = Bias::no});
    if (options.spectral_norm) return SpectralNorm<Conv2d<S>>(std::move(layer));
    return layer;
  }

  /// [N, H, W, C] -> [N, H W, C]
  static Variable<S> positions(const Variable<S>& x) {
    return reshape(x, Shape{x.extent(0), x.extent(1) * x.extent(2), x.extent(3)});
  }

  Index channels_;
  bool pools_;
  AnyLayer<S> query_, key_, value_, output_;
  Parameter<S> gamma_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
