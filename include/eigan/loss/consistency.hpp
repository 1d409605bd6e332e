#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../core/settings.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"
#include "flip_and_shift.hpp"
#include "penalty_context.hpp"

namespace eigan::inline EIGAN_ABI::loss {

namespace detail {

/// E[(D(x) - D(T(x)))^2], given D(x); nothing flows back into x.
template <std::floating_point S, class Augmentation>
Variable<S> inconsistency(const PenaltyContext<S>& here, const Variable<S>& x, const Variable<S>& outputs,
                          Augmentation& augmentation) {
  Variable<S> augmented;
  {
    const NoGrad values_only;
    augmented = augmentation(Variable<S>(x.value()), here.stream);
  }
  return mean(square(outputs - here.critic(augmented)));
}

template <class Augmentation, class Field>
void show_augmentation(const Augmentation& augmentation, Field&& field) {
  show_settings(augmentation,
                [&](std::string_view name, double value) { field("augmentation." + std::string(name), value); });
}

}  // namespace detail

/// weight * E[(D(x) - D(T(x)))^2] at the real samples: what the critic says of a sample shall not depend on an
/// augmentation T (Zhang et al. 2020). T is a callable (Variable [N, ...], RandomStream&) -> Variable.
template <class Augmentation = FlipAndShift>
class ConsistencyRegularisation {
 public:
  static constexpr const char* name = "consistency";

  /// Throws ConfigError for a negative weight.
  explicit ConsistencyRegularisation(double weight = 10, Augmentation augmentation = {})
      : weight_(weight), augmentation_(std::move(augmentation)) {
    if (!(weight >= 0))
      throw ConfigError("ConsistencyRegularisation: expected a weight of 0 or more, got " + std::to_string(weight));
  }

  template <std::floating_point S>
  Variable<S> operator()(const PenaltyContext<S>& here) {
    return weight_ * detail::inconsistency(here, here.real, here.outputs_of_real(), augmentation_);
  }

  void settings(auto&& field) const {
    field("weight", weight_);
    detail::show_augmentation(augmentation_, field);
  }

 private:
  double weight_;
  Augmentation augmentation_;
};

/// The same at real and at generated samples, each with a weight of its own: real_weight * E[(D(x) - D(T(x)))^2] +
/// fake_weight * E[(D(G(z)) - D(T(G(z))))^2] (bCR, Zhao et al. 2021, alg. 1).
template <class Augmentation = FlipAndShift>
class BalancedConsistency {
 public:
  static constexpr const char* name = "balanced_consistency";

  /// Throws ConfigError for a negative weight.
  explicit BalancedConsistency(double real_weight = 10, double fake_weight = 10, Augmentation augmentation = {})
      : real_weight_(real_weight), fake_weight_(fake_weight), augmentation_(std::move(augmentation)) {
    if (!(real_weight >= 0) || !(fake_weight >= 0))
      throw ConfigError("BalancedConsistency: expected weights of 0 or more, got " + std::to_string(real_weight) +
                        " and " + std::to_string(fake_weight));
  }

  template <std::floating_point S>
  Variable<S> operator()(const PenaltyContext<S>& here) {
    const Variable<S> of_real = detail::inconsistency(here, here.real, here.outputs_of_real(), augmentation_);
    const Variable<S> of_fake = detail::inconsistency(here, here.fake, here.outputs_of_fake(), augmentation_);
    return real_weight_ * of_real + fake_weight_ * of_fake;
  }

  void settings(auto&& field) const {
    field("real_weight", real_weight_);
    field("fake_weight", fake_weight_);
    detail::show_augmentation(augmentation_, field);
  }

 private:
  double real_weight_, fake_weight_;
  Augmentation augmentation_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
