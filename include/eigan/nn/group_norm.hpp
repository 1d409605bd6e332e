#pragma once

#include <concepts>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/normalize.hpp"
#include "norm_parameters.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

struct GroupNormOptions {
  double epsilon = 1e-5;  ///< added to the variance
  bool affine = true;     ///< with weight and bias
};

/// Normalises groups of neighbouring channels of each sample, over positions and channels (Wu and He 2018).
/// weight, bias: [channels]. x: [N, ..., channels], the same out. Throws ConfigError unless the groups divide the
/// channels, ShapeError for an x of another shape.
template <std::floating_point S = float>
class GroupNorm {
 public:
  using Scalar = S;
  static constexpr const char* name = "GroupNorm";
  static constexpr bool is_per_sample = true;

  GroupNorm(Index groups, Index channels, const GroupNormOptions& options = {})
      : groups_(groups),
        channels_(channels),
        epsilon_(options.epsilon),
        affine_(Shape{channels}, options.affine, options.affine) {
    detail::check_epsilon(name, epsilon_);
    if (groups < 1 || channels % groups != 0)
      throw ConfigError("GroupNorm: expected groups that divide " + std::to_string(channels) + " channels, got " +
                        std::to_string(groups));
  }

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const { return forward_leaky(x, pass, 1); }

  /// The same, followed by a leaky ReLU of that slope.
  Variable<S> forward_leaky(const Variable<S>& x, const Pass<S>& pass, double slope) const {
    const Index rows = detail::rows_of(name, x.shape(), channels_), samples = x.extent(0);
    const Index positions = samples > 0 ? rows / samples : 0;
    return normalize(x, NormGroups::group_norm(samples, positions, channels_, groups_), pass(affine_.weight),
                     pass(affine_.bias), {.epsilon = epsilon_, .slope = slope});
  }

  void visit(auto&& field) { affine_.visit(field); }

 private:
  Index groups_, channels_;
  double epsilon_;
  detail::NormParameters<S> affine_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
