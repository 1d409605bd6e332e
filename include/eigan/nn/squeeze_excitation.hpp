#pragma once

#include <algorithm>
#include <concepts>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"
#include "../ops/reshape.hpp"
#include "linear.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Scales each channel by what the whole image says of it: x * sigmoid(W2 relu(W1 m + b1) + b2), m the mean over all
/// positions (Hu et al. 2018). squeeze: W1, b1, to channels / reduction (1 at least); excite: W2, b2.
/// x: [N, spatial..., channels], the same out. Throws ShapeError for another shape.
template <std::floating_point S = float>
class SqueezeExcitation {
 public:
  using Scalar = S;
  static constexpr const char* name = "SqueezeExcitation";
  static constexpr bool is_per_sample = true;

  explicit SqueezeExcitation(Index channels, Index reduction = 16)
      : channels_(channels),
        squeeze_(channels, width(channels, reduction)),
        excite_(width(channels, reduction), channels) {}

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    if (x.rank() < 3 || x.extent(-1) != channels_)
      throw ShapeError("SqueezeExcitation: expected input [N, spatial..., " + std::to_string(channels_) + "], got " +
                       to_string(x.shape()));
    const Variable<S> means = mean(x, Axes::range(1, x.rank() - 1));  // [N, 1..., channels], as Linear takes it
    return x * sigmoid(excite_.forward(squeeze_.forward_leaky(means, pass, 0), pass));
  }

  void visit(auto&& field) {
    field("squeeze", squeeze_);
    field("excite", excite_);
  }

 private:
  static Index width(Index channels, Index reduction) {
    if (channels < 1 || reduction < 1)
      throw ConfigError("SqueezeExcitation: expected channels and a reduction of 1 or more, got " +
                        std::to_string(channels) + " and " + std::to_string(reduction));
    return std::max<Index>(1, channels / reduction);
  }

  Index channels_;
  Linear<S> squeeze_, excite_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
