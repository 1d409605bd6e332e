#pragma once

#include <concepts>
#include <string>
#include <type_traits>

#include "../autograd/grad.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"
#include "../ops/reshape.hpp"
#include "../ops/rows.hpp"
#include "critic_function.hpp"
#include "penalty_context.hpp"
#include "slope.hpp"

namespace eigan::inline EIGAN_ABI::loss {

namespace detail {

/// ||grad_x D(x)||^2 of each sample: [N, 1].
template <std::floating_point S>
Variable<S> squared_slopes(const CriticFunction<S>& critic, const Variable<S>& x) {
  return sum(square(flatten(slope(critic, x))), 1);
}

inline void check_zero_centred(const char* penalty, double weight) {
  if (!(weight >= 0))
    throw ConfigError(std::string(penalty) + ": expected a weight of 0 or more, got " + std::to_string(weight));
}

}  // namespace detail

/// The penalty itself, where the critic is looked at given: weight / 2 E[||grad_x D(x)||^2] over the samples of `x`
/// [N, ...]. Differentiable in the critic's parameters, not in x.
template <std::floating_point S>
Variable<S> zero_centred_penalty(const std::type_identity_t<CriticFunction<S>>& critic, const Variable<S>& x,
                                 double weight = 10) {
  return weight / 2 * mean(detail::squared_slopes(critic, x));
}

/// weight / 2 E[||grad_x D(x)||^2] at the real samples (Mescheder et al. 2018, eq. 9): no slope where the data is, so
/// that training comes to rest there.
class R1 {
 public:
  static constexpr const char* name = "r1";
  static constexpr bool needs_per_sample_critic = true;

  /// Throws ConfigError for a negative weight.
  explicit R1(double weight = 10) : weight_(weight) { detail::check_zero_centred(name, weight); }

  template <std::floating_point S>
  Variable<S> operator()(const PenaltyContext<S>& here) const {
    return zero_centred_penalty(here.critic, here.real, weight_);
  }
  void settings(auto&& field) const { field("weight", weight_); }

 private:
  double weight_;
};

/// The same at the generated samples (Mescheder et al. 2018, eq. 10).
class R2 {
 public:
  static constexpr const char* name = "r2";
  static constexpr bool needs_per_sample_critic = true;

  /// Throws ConfigError for a negative weight.
  explicit R2(double weight = 10) : weight_(weight) { detail::check_zero_centred(name, weight); }

  template <std::floating_point S>
  Variable<S> operator()(const PenaltyContext<S>& here) const {
    return zero_centred_penalty(here.critic, here.fake, weight_);
  }
  void settings(auto&& field) const { field("weight", weight_); }

 private:
  double weight_;
};

/// R1 and R2 of one weight together: from the outputs of this update where they are at hand, so that the critic is not
/// asked again, else in one call on the real and the generated samples as one batch.
class R1R2 {
 public:
  static constexpr const char* name = "r1r2";
  static constexpr bool needs_per_sample_critic = true;

  /// Throws ConfigError for a negative weight.
  explicit R1R2(double weight = 10) : weight_(weight) { detail::check_zero_centred(name, weight); }

  /// Throws ShapeError if real and generated samples differ in shape.
  template <std::floating_point S>
  Variable<S> operator()(const PenaltyContext<S>& here) const {
    if (here.real_outputs.defined() && here.fake_outputs.defined()) {
      const auto [at_real, at_fake] =
          grad(sum(here.real_outputs) + sum(here.fake_outputs), {here.real, here.fake}, {.create_graph = true});
      const auto mean_square = [](const Variable<S>& slopes) {
        return 1 / static_cast<double>(slopes.extent(0)) * sum(square(slopes));
      };
      return weight_ / 2 * (mean_square(at_real) + mean_square(at_fake));
    }
    const Variable<S> both(append_rows(Variable<S>(here.real.value()), Variable<S>(here.fake.value())).value());
    const Variable<S> squares = detail::squared_slopes(here.critic, both);
    const Index count = here.real.extent(0);
    return weight_ / 2 * (mean(rows(squares, 0, count)) + mean(rows(squares, count, here.fake.extent(0))));
  }
  void settings(auto&& field) const { field("weight", weight_); }

 private:
  double weight_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
