#pragma once

#include <concepts>
#include <string>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../core/tensor.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// What a latent's values are drawn from, each by itself.
class LatentDistribution {
 public:
  /// The standard normal distribution.
  static LatentDistribution normal() { return {}; }
  /// [-1, 1), as in the earliest papers.
  static LatentDistribution uniform() { return LatentDistribution(Kind::uniform, 0); }
  /// The standard normal distribution without what lies beyond +-threshold, which is drawn again (Brock et al. 2018,
  /// section 3.1). Throws ConfigError for a threshold below 0.05, where hardly any draw would do.
  static LatentDistribution truncated(double threshold) {
    if (!(threshold >= 0.05))
      throw ConfigError("LatentDistribution::truncated: expected a threshold of 0.05 or more, got " +
                        std::to_string(threshold));
    return LatentDistribution(Kind::truncated, threshold);
  }

  /// Latents of this shape.
  template <std::floating_point S>
  [[gnu::cold]] Tensor<S> draw(const Shape& shape, RandomStream& stream) const {
    if (kind_ == Kind::uniform) return stream.uniform<S>(shape, -1, 1);
    if (kind_ == Kind::truncated) return stream.truncated_normal<S>(shape, threshold_);
    return stream.normal<S>(shape);
  }

  /// Its name and threshold, as a checkpoint's configuration keeps them: "normal", "truncated 2.000000".
  std::string description() const {
    return kind_ == Kind::normal    ? "normal"
           : kind_ == Kind::uniform ? "uniform"
                                    : "truncated " + std::to_string(threshold_);
  }

 private:
  enum class Kind { normal, uniform, truncated };
  LatentDistribution() = default;
  LatentDistribution(Kind kind, double threshold) : kind_(kind), threshold_(threshold) {}

  Kind kind_ = Kind::normal;
  double threshold_ = 0;
};

}  // namespace eigan::inline EIGAN_ABI::train
