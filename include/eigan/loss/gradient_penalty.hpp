#pragma once

#include <concepts>
#include <string>
#include <type_traits>

#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../ops/activation.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"
#include "critic_function.hpp"
#include "slope.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// The penalty itself, where the critic is looked at given: weight * mean((||grad_x D(x)||_2 - target)^2) over the
/// samples of `x` [N, ...], the norm over all axes but the first; one-sided, max(0, . - target) is squared instead. The
/// result is differentiable in the critic's parameters, not in x. The critic may return any number of outputs per
/// sample; their sum is what is differentiated.
template <std::floating_point S>
Variable<S> gradient_penalty(const std::type_identity_t<CriticFunction<S>>& critic, const Variable<S>& x,
                             double weight = 10, double target = 1, bool one_sided = false) {
  const Variable<S> excess = norm_per_sample(detail::slope(critic, x)) - target;
  return weight * mean(square(one_sided ? relu(excess) : excess));
}

struct GradientPenaltyOptions {
  double target = 1;       ///< the slope aimed at
  bool one_sided = false;  ///< punish steeper slopes only (Petzka et al. 2018)
};

/// weight * E[(||grad_x D(x^)||_2 - 1)^2] at x^ = e x + (1 - e) G(z), one e ~ U(0, 1) per sample (Gulrajani et al.
/// 2017, alg. 1): keeps a critic's slope near 1 between the real and the generated samples.
class GradientPenalty {
 public:
  static constexpr const char* name = "gradient_penalty";
  static constexpr bool needs_per_sample_critic = true;

  /// Throws ConfigError for a negative weight or target.
  explicit GradientPenalty(double weight = 10, const GradientPenaltyOptions& options = {})
      : weight_(weight), options_(options) {
    if (!(weight >= 0) || !(options.target >= 0))
      throw ConfigError("GradientPenalty: expected a weight and a target of 0 or more, got " + std::to_string(weight) +
                        " and " + std::to_string(options.target));
  }

  /// real, fake: [N, ...], the same shape. The e come from `stream`, N numbers a call.
  /// Throws ShapeError if the two batches differ in size or in the shape of a sample.
  template <std::floating_point S>
  Variable<S> operator()(const std::type_identity_t<CriticFunction<S>>& critic, const Variable<S>& real,
                         const Variable<S>& fake, RandomStream& stream) const {
    return gradient_penalty<S>(critic, mix(real, fake, stream), weight_, options_.target, options_.one_sided);
  }

  double weight() const { return weight_; }

  void settings(auto&& field) const {
    field("weight", weight_);
    field("target", options_.target);
    field("one_sided", options_.one_sided ? 1.0 : 0.0);
  }

 private:
  template <std::floating_point S>
  static Variable<S> mix(const Variable<S>& real, const Variable<S>& fake, RandomStream& stream) {
    if (!(real.shape() == fake.shape()) || real.rank() == 0)
      throw ShapeError("GradientPenalty: expected as many real as generated samples, of one shape, got " +
                       to_string(real.shape()) + " and " + to_string(fake.shape()) +
                       "; each point between them mixes one of each");
    const NoGrad values_only;
    Shape one_per_sample = Shape::filled(real.rank(), 1);
    one_per_sample[0] = real.extent(0);
    const Variable<S> share(stream.uniform<S>(one_per_sample));
    return share * real + (1 - share) * fake;
  }

  double weight_;
  GradientPenaltyOptions options_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
