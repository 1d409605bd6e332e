#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/normalize.hpp"
#include "norm_parameters.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

struct InstanceNormOptions {
  double epsilon = 1e-5;  ///< added to the variance
  bool affine = false;    ///< with weight and bias
};

/// Normalises each channel of each sample over its own positions (Ulyanov et al. 2016). weight, bias: [channels].
/// x: [N, spatial..., channels], the same out. Throws ShapeError for another shape, or one with a single position.
template <std::floating_point S = float>
class InstanceNorm {
 public:
  using Scalar = S;
  static constexpr const char* name = "InstanceNorm";
  static constexpr bool is_per_sample = true;

  explicit InstanceNorm(Index channels, const InstanceNormOptions& options = {})
      : channels_(channels), epsilon_(options.epsilon), affine_(Shape{channels}, options.affine, options.affine) {
    detail::check_epsilon(name, epsilon_);
  }

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const { return forward_leaky(x, pass, 1); }

  /// The same, followed by a leaky ReLU of that slope.
  Variable<S> forward_leaky(const Variable<S>& x, const Pass<S>& pass, double slope) const {
    const Index rows = detail::rows_of(name, x.shape(), channels_), samples = x.extent(0);
    const Index positions = samples > 0 ? rows / samples : 0;
    if (positions == 1)
      throw ShapeError("InstanceNorm: expected more than one position per channel, got input " + to_string(x.shape()));
    return normalize(x, NormGroups::instance_norm(samples, positions, channels_), pass(affine_.weight),
                     pass(affine_.bias), {.epsilon = epsilon_, .slope = slope});
  }

  void visit(auto&& field) { affine_.visit(field); }

 private:
  Index channels_;
  double epsilon_;
  detail::NormParameters<S> affine_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
