#pragma once

#include <algorithm>
#include <concepts>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "any_augmentation.hpp"

namespace eigan::inline EIGAN_ABI::augment {

/// Normal noise on every value that the discriminator sees, real or generated, so that the two distributions overlap
/// and it cannot become sure too early (Sonderby et al. 2017, section 3; Arjovsky & Bottou 2017). Its deviation falls
/// linearly from `deviation` to 0 over the first `steps` steps.
struct InstanceNoise {
  static constexpr const char* name = "instance_noise";

  double deviation = 0.1;  ///< in units of the samples, which for images reach from -1 to 1
  Index steps = 0;         ///< until it is gone; 0: it stays as it is

  /// Throws ConfigError for a number out of range.
  void check() const {
    if (!(deviation >= 0) || steps < 0)
      throw ConfigError("InstanceNoise: expected a deviation and steps of 0 or more, got " + std::to_string(deviation) +
                        " and " + std::to_string(steps));
  }

  /// The deviation after `step` steps.
  double deviation_at(Index step) const {
    return steps == 0 ? deviation
                      : deviation * std::max(0.0, 1 - static_cast<double>(step) / static_cast<double>(steps));
  }

  template <std::floating_point S>
  Variable<S> operator()(const Variable<S>& x, const AugmentationContext& here) const {
    const double now = deviation_at(here.step);
    if (now == 0) return x;
    return x + Variable<S>(here.stream.template normal<S>(x.shape(), 0, now));
  }

  void settings(auto&& field) const {
    field("deviation", deviation);
    field("steps", static_cast<double>(steps));
  }
};

}  // namespace eigan::inline EIGAN_ABI::augment
