#pragma once

#include <cmath>
#include <concepts>
#include <span>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../kernels/update.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "rule.hpp"

namespace eigan::inline EIGAN_ABI::optim {

namespace detail {

/// 1 - beta^t: how much of a moving average that began at zero is there after t steps.
inline double bias_correction(double beta, Index t) { return 1 - std::pow(beta, static_cast<double>(t)); }

/// How far Adam moves at a learning rate of 1: the corrected first moment over the root of the corrected second.
template <std::floating_point S>
Variable<S> adam_move(double beta1, double beta2, double epsilon, const Variable<S>& g, std::span<Variable<S>> state,
                      Index t) {
  Variable<S>&first_moment = state[0], &second_moment = state[1];
  first_moment = averaged(first_moment, g, beta1);
  second_moment = averaged(second_moment, square(g), beta2);
  const Variable<S> spread = root(second_moment) / std::sqrt(bias_correction(beta2, t)) + epsilon;
  return first_moment / spread / bias_correction(beta1, t);
}

template <class Rule>
void check_adam(const char* rule, const Rule& adam) {
  check_positive(rule, "learning_rate", adam.learning_rate);
  check_range(rule, "beta1", adam.beta1, 0, 1);
  check_range(rule, "beta2", adam.beta2, 0, 1);
  check_positive(rule, "epsilon", adam.epsilon);
  check_positive(rule, "weight_decay", adam.weight_decay);
}

}  // namespace detail

/// Adam (Kingma and Ba 2015, alg. 1) as in PyTorch, weight decay an L2 term of the gradient:
///   g = gradient + weight_decay * p,  m = beta1 * m + (1 - beta1) * g,  v = beta2 * v + (1 - beta2) * g²
///   p -= learning_rate * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
struct Adam {
  static constexpr const char* name = "adam";
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;

  SlotNames slots() const { return {"first_moment", "second_moment"}; }

  void settings(auto&& field) const {
    field("learning_rate", learning_rate);
    field("beta1", beta1);
    field("beta2", beta2);
    field("epsilon", epsilon);
    field("weight_decay", weight_decay);
  }

  /// Throws ConfigError for a hyper-parameter out of range.
  void check() const { detail::check_adam("Adam", *this); }

  /// The step over all tensors at once; see OptimizerRule.
  template <std::floating_point S>
  void step(std::span<const kernels::StepTensor<S>> tensors, Index t, double factor = 1,
            double gradient_scale = 1) const {
    constexpr bool decoupled_decay = false;
    const kernels::rule::Adam<S> rule(learning_rate * factor, beta1, beta2, epsilon, t, weight_decay, decoupled_decay);
    kernels::update(rule, tensors, static_cast<S>(gradient_scale));
  }

  /// The step as ops; see OptimizerRule.
  template <std::floating_point S>
  Variable<S> differentiable_step(const Variable<S>& parameter, const Variable<S>& gradient,
                                  std::span<Variable<S>> state, Index t, double factor = 1) const {
    const Variable<S> g = detail::decayed(gradient, parameter, weight_decay);
    return parameter - learning_rate * factor * detail::adam_move(beta1, beta2, epsilon, g, state, t);
  }
};

}  // namespace eigan::inline EIGAN_ABI::optim
