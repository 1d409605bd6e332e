#pragma once

#include <concepts>
#include <span>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../kernels/update.hpp"
#include "../ops/arithmetic.hpp"
#include "rule.hpp"

namespace eigan::inline EIGAN_ABI::optim {

/// Stochastic gradient descent, with Polyak's or Nesterov's momentum (Sutskever et al. 2013) as in PyTorch:
///   g = gradient + weight_decay * p,  v = momentum * v + g,  p -= learning_rate * (nesterov ? g + momentum * v : v)
struct SGD {
  static constexpr const char* name = "sgd";
  double learning_rate = 1e-2;
  double momentum = 0;
  bool nesterov = false;
  double weight_decay = 0;

  SlotNames slots() const { return momentum != 0 ? SlotNames{"momentum"} : SlotNames{}; }

  void settings(auto&& field) const {
    field("learning_rate", learning_rate);
    field("momentum", momentum);
    field("nesterov", nesterov ? 1.0 : 0.0);
    field("weight_decay", weight_decay);
  }

  /// Throws ConfigError for a hyper-parameter out of range.
  void check() const {
    detail::check_positive("SGD", "learning_rate", learning_rate);
    detail::check_positive("SGD", "momentum", momentum);
    detail::check_positive("SGD", "weight_decay", weight_decay);
    if (nesterov && momentum == 0) throw ConfigError("SGD: expected a .momentum above 0 with .nesterov, got 0");
  }

  /// The step over all tensors at once; see OptimizerRule.
  template <std::floating_point S>
  void step(std::span<const kernels::StepTensor<S>> tensors, Index, double factor = 1,
            double gradient_scale = 1) const {
    const auto rate = static_cast<S>(learning_rate * factor), decay = static_cast<S>(weight_decay);
    const auto scale = static_cast<S>(gradient_scale);
    if (momentum == 0)
      kernels::update(kernels::rule::Sgd<S>{rate, decay}, tensors, scale);
    else
      kernels::update(kernels::rule::MomentumSgd<S>{rate, static_cast<S>(momentum), decay, nesterov}, tensors, scale);
  }

  /// The step as ops; see OptimizerRule.
  template <std::floating_point S>
  Variable<S> differentiable_step(const Variable<S>& parameter, const Variable<S>& gradient,
                                  std::span<Variable<S>> state, Index, double factor = 1) const {
    const double rate = learning_rate * factor;
    const Variable<S> g = detail::decayed(gradient, parameter, weight_decay);
    if (momentum == 0) return parameter - rate * g;
    Variable<S>& velocity = state[0];
    velocity = momentum * velocity + g;
    return parameter - rate * (nesterov ? g + momentum * velocity : velocity);
  }
};

}  // namespace eigan::inline EIGAN_ABI::optim
