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
#include "../ops/slice.hpp"
#include "../ops/sum_to.hpp"

namespace eigan::inline EIGAN_ABI::nn {

struct MinibatchStandardDeviationOptions {
  Index group = 4;        ///< samples that are compared; the whole batch where that is smaller
  Index features = 1;     ///< channels added, each from an equal share of the channels of x
  double epsilon = 1e-8;  ///< added to the variance
};

/// Shows a discriminator how much the samples of a batch vary (Karras et al. 2018, section 3): the standard deviation
/// of each value over a group of samples, its mean over positions and channels, as further channels. A batch falls into
/// M = N / group groups of the samples m, m + M, m + 2 M, ..., as in the authors' programs.
/// x: [N, ..., C] -> [N, ..., C + features]. Throws ShapeError if group does not divide N or features C.
class MinibatchStandardDeviation {
 public:
  static constexpr const char* name = "MinibatchStandardDeviation";
  static constexpr bool is_per_sample = false;

  explicit MinibatchStandardDeviation(const MinibatchStandardDeviationOptions& options = {}) : options_(options) {
    if (options.group < 1 || options.features < 1 || !(options.epsilon > 0))
      throw ConfigError("MinibatchStandardDeviation: expected group and features of 1 or more, epsilon above 0");
  }

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    const Index samples = x.rank() > 1 ? x.extent(0) : 0, group = std::min(options_.group, samples);
    if (samples == 0 || samples % group != 0 || x.extent(-1) % options_.features != 0)
      throw ShapeError("MinibatchStandardDeviation: expected input [N, ..., C] with N in groups of " +
                       std::to_string(options_.group) + " and C in " + std::to_string(options_.features) +
                       " equal parts, got " + to_string(x.shape()));
    const Index groups = samples / group, features = options_.features, channels = x.extent(-1);
    const Index positions = x.size() / samples / channels;
    const Variable<S> parts = reshape(x, Shape{group, groups, positions, features, channels / features});
    const Variable<S> deviations = sqrt(affine(variance(parts, 0), 1, options_.epsilon));
    const Variable<S> means = reshape(mean(deviations, {2, 4}), Shape{1, groups, 1, features});
    Shape added = x.shape();
    added[x.rank() - 1] = features;
    return concat<S>({x, reshape(expand(means, Shape{group, groups, positions, features}), added)}, -1);
  }

 private:
  MinibatchStandardDeviationOptions options_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
