#pragma once

#include <cmath>
#include <concepts>
#include <string>

#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../core/shape.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/axes.hpp"
#include "../ops/reduce.hpp"
#include "gradient_penalty.hpp"
#include "penalty_context.hpp"

namespace eigan::inline EIGAN_ABI::loss {

struct DraganOptions {
  double target = 1;   ///< the slope aimed at
  double noise = 0.5;  ///< how far around the data, in standard deviations of the batch
};

/// weight * E[(||grad_x D(x^)||_2 - target)^2] around the real samples (Kodali et al. 2017), at their
/// code's points x^ = x + a * noise * deviation * u: one a ~ U(0, 1) per sample, one u ~ U(0, 1) per element, and the
/// standard deviation of the whole real batch. Unlike a GradientPenalty it does not ask where the generated samples
/// are.
class Dragan {
 public:
  static constexpr const char* name = "dragan";
  static constexpr bool needs_per_sample_critic = true;

  /// Throws ConfigError for a negative weight, target or noise.
  explicit Dragan(double weight = 10, const DraganOptions& options = {}) : weight_(weight), options_(options) {
    if (!(weight >= 0) || !(options.target >= 0) || !(options.noise >= 0))
      throw ConfigError("Dragan: expected a weight, a target and a noise of 0 or more, got " + std::to_string(weight) +
                        ", " + std::to_string(options.target) + " and " + std::to_string(options.noise));
  }

  template <std::floating_point S>
  Variable<S> operator()(const PenaltyContext<S>& here) const {
    return gradient_penalty<S>(here.critic, around(here.real, here.stream), weight_, options_.target);
  }

  void settings(auto&& field) const {
    field("weight", weight_);
    field("target", options_.target);
    field("noise", options_.noise);
  }

 private:
  template <std::floating_point S>
  Variable<S> around(const Variable<S>& real, RandomStream& stream) const {
    const NoGrad values_only;
    const Axes all_axes = Axes::range(0, real.rank());
    const auto deviation = std::sqrt(static_cast<double>(variance(real, all_axes).item()));
    Shape one_per_sample = Shape::filled(real.rank(), 1);
    one_per_sample[0] = real.extent(0);
    const Variable<S> share(stream.uniform<S>(one_per_sample, 0, options_.noise * deviation));
    return real + share * Variable<S>(stream.uniform<S>(real.shape()));
  }

  double weight_;
  DraganOptions options_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
