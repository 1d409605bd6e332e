#pragma once

#include <concepts>
#include <span>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../kernels/update.hpp"
#include "../ops/arithmetic.hpp"
#include "adam.hpp"
#include "rule.hpp"

namespace eigan::inline EIGAN_ABI::optim {

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, alg. 2) as in PyTorch: p *= 1 - learning_rate *
/// weight_decay, then Adam's step on the gradient as it is.
struct AdamW {
  static constexpr const char* name = "adamw";
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;

  SlotNames slots() const { return {"first_moment", "second_moment"}; }

  void settings(auto&& field) const {
    field("learning_rate", learning_rate);
    field("beta1", beta1);
    field("beta2", beta2);
    field("epsilon", epsilon);
    field("weight_decay", weight_decay);
  }

  /// Throws ConfigError for a hyper-parameter out of range.
  void check() const { detail::check_adam("AdamW", *this); }

  /// The step over all tensors at once; see OptimizerRule.
  template <std::floating_point S>
  void step(std::span<const kernels::StepTensor<S>> tensors, Index t, double factor = 1,
            double gradient_scale = 1) const {
    constexpr bool decoupled_decay = true;
    const kernels::rule::Adam<S> rule(learning_rate * factor, beta1, beta2, epsilon, t, weight_decay, decoupled_decay);
    kernels::update(rule, tensors, static_cast<S>(gradient_scale));
  }

  /// The step as ops; see OptimizerRule.
  template <std::floating_point S>
  Variable<S> differentiable_step(const Variable<S>& parameter, const Variable<S>& gradient,
                                  std::span<Variable<S>> state, Index t, double factor = 1) const {
    const double rate = learning_rate * factor;
    return (1 - rate * weight_decay) * parameter - rate * detail::adam_move(beta1, beta2, epsilon, gradient, state, t);
  }
};

}  // namespace eigan::inline EIGAN_ABI::optim
