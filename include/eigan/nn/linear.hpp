#pragma once

#include <concepts>
#include <string>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/matmul.hpp"
#include "init.hpp"
#include "options.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Fully connected layer, y = x Wᵀ + b over the last axis. weight: [out, in], bias: [out].
/// x: [N, in] (or [..., in]) -> [N, out]. Throws ShapeError if x's last axis is not `in`.
template <std::floating_point S = float>
class Linear {
 public:
  using Scalar = S;
  static constexpr const char* name = "Linear";
  static constexpr bool is_per_sample = true;

  [[gnu::cold]] Linear(Index in, Index out, Bias bias = Bias::yes)
      : weight_(Shape{out, in}, init::within_fan_in(static_cast<double>(in))) {
    if (bias == Bias::yes) bias_ = Parameter<S>(Shape{out}, init::within_fan_in(static_cast<double>(in)));
  }

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const { return forward_leaky(x, pass, 1); }

  /// The same, followed by a leaky ReLU of that slope.
  Variable<S> forward_leaky(const Variable<S>& x, const Pass<S>& pass, double slope) const {
    if (x.rank() == 0 || x.extent(-1) != weight_.shape()[1]) refuse(x.shape());
    return linear(x, pass(weight_), pass(bias_), slope);
  }

  void visit(auto&& field) {
    field("weight", weight_);
    field("bias", bias_);
  }

 private:
  [[noreturn]] void refuse(const Shape& x) const {
    const Index in = weight_.shape()[1];
    const bool flat_would_fit = x.rank() > 2 && x[0] > 0 && x.size() / x[0] == in;
    throw ShapeError("Linear: expected input [N, " + std::to_string(in) + "], got " + to_string(x) +
                     (flat_would_fit ? "; put a Flatten before it" : ""));
  }

  Parameter<S> weight_, bias_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
