#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/normalize.hpp"
#include "layer_norm.hpp"
#include "norm_parameters.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// x / sqrt(mean of x^2 over the channels + epsilon), each position by itself (Karras et al. 2018, section 4.2).
/// x: [N, ..., C], the same out.
class PixelNorm {
 public:
  static constexpr const char* name = "PixelNorm";
  static constexpr bool is_per_sample = true;

  explicit PixelNorm(double epsilon = 1e-8) : epsilon_(epsilon) { detail::check_epsilon(name, epsilon); }

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    return forward_leaky(x, pass, 1);
  }

  /// The same, followed by a leaky ReLU of that slope.
  template <std::floating_point S>
  Variable<S> forward_leaky(const Variable<S>& x, const Pass<S>&, double slope) const {
    if (x.rank() < 2) throw ShapeError("PixelNorm: expected input [N, ..., C], got " + to_string(x.shape()));
    return normalize(x, detail::trailing_groups(name, x.shape(), Shape{x.extent(-1)}), {}, {},
                     {.epsilon = epsilon_, .centred = false, .slope = slope});
  }

 private:
  double epsilon_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
