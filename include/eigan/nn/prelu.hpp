#pragma once

#include <concepts>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/activation.hpp"
#include "../ops/arithmetic.hpp"
#include "init.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// x for x > 0, else slope * x with a trained slope (He et al. 2015): one for all, or one for each channel, the last
/// axis. weight: [channels]. Throws ShapeError if x has another number of channels.
template <std::floating_point S = float>
class PReLU {
 public:
  using Scalar = S;
  static constexpr const char* name = "PReLU";
  static constexpr bool is_per_sample = true;

  explicit PReLU(Index channels = 1, double slope = 0.25) : weight_(Shape{channels}, init::constant(slope)) {}

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    const Index channels = weight_.shape()[0];
    if (channels != 1 && (x.rank() == 0 || x.extent(-1) != channels))
      throw ShapeError("PReLU: expected input [..., " + std::to_string(channels) + "], got " + to_string(x.shape()));
    return relu(x) - pass(weight_) * relu(-x);
  }

  void visit(auto&& field) { field("weight", weight_); }

 private:
  Parameter<S> weight_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
