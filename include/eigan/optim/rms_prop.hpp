#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <type_traits>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../kernels/update.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "rule.hpp"

namespace eigan::inline EIGAN_ABI::optim {

/// RMSProp (Hinton 2012, lecture 6e; centered: Graves 2013, eq. 38 to 41) as in PyTorch:
///   g = gradient + weight_decay * p,  s = alpha * s + (1 - alpha) * g²
///   centered: a = alpha * a + (1 - alpha) * g,  d = sqrt(s - a²) + epsilon;  else d = sqrt(s) + epsilon
///   v = momentum * v + g / d,  p -= learning_rate * v
/// Centered, s - a² is mere rounding where a gradient hardly varies: a larger epsilon (1e-4, say) keeps d from it.
struct RMSProp {
  static constexpr const char* name = "rmsprop";
  double learning_rate = 1e-2;
  double alpha = 0.99;
  double epsilon = 1e-8;
  double momentum = 0;
  bool centered = false;
  double weight_decay = 0;

  SlotNames slots() const {
    SlotNames names{"square_average"};
    if (centered) names.push_back("average_gradient");
    if (momentum != 0) names.push_back("momentum");
    return names;
  }

  void settings(auto&& field) const {
    field("learning_rate", learning_rate);
    field("alpha", alpha);
    field("epsilon", epsilon);
    field("momentum", momentum);
    field("centered", centered ? 1.0 : 0.0);
    field("weight_decay", weight_decay);
  }

  /// Throws ConfigError for a hyper-parameter out of range.
  void check() const {
    detail::check_positive("RMSProp", "learning_rate", learning_rate);
    detail::check_range("RMSProp", "alpha", alpha, 0, 1);
    detail::check_positive("RMSProp", "epsilon", epsilon);
    detail::check_positive("RMSProp", "momentum", momentum);
    detail::check_positive("RMSProp", "weight_decay", weight_decay);
  }

  /// The step over all tensors at once; see OptimizerRule.
  template <std::floating_point S>
  void step(std::span<const kernels::StepTensor<S>> tensors, Index, double factor = 1,
            double gradient_scale = 1) const {
    const auto run = [&]<bool Centered, bool Momentum>(std::bool_constant<Centered>, std::bool_constant<Momentum>) {
      using Rule = kernels::rule::RmsProp<S, Centered, Momentum>;
      kernels::update(Rule(learning_rate * factor, alpha, epsilon, momentum, weight_decay), tensors,
                      static_cast<S>(gradient_scale));
    };
    constexpr std::true_type yes;
    constexpr std::false_type no;
    if (centered)
      momentum != 0 ? run(yes, yes) : run(yes, no);
    else
      momentum != 0 ? run(no, yes) : run(no, no);
  }

  /// The step as ops; see OptimizerRule.
  template <std::floating_point S>
  Variable<S> differentiable_step(const Variable<S>& parameter, const Variable<S>& gradient,
                                  std::span<Variable<S>> state, Index, double factor = 1) const {
    const Variable<S> g = detail::decayed(gradient, parameter, weight_decay);
    Variable<S>& square_average = state[0];
    square_average = detail::averaged(square_average, square(g), alpha);
    Variable<S> spread = square_average;
    if (centered) {
      state[1] = detail::averaged(state[1], g, alpha);
      spread = square_average - square(state[1]);
    }
    Variable<S> move = g / (detail::root(spread) + epsilon);
    if (momentum != 0) {
      Variable<S>& velocity = state[centered ? std::size_t{2} : std::size_t{1}];
      move = velocity = momentum * velocity + move;
    }
    return parameter - learning_rate * factor * move;
  }
};

}  // namespace eigan::inline EIGAN_ABI::optim
