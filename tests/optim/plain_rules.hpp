// Each optimizer once more, number by number in double, after the papers and PyTorch's documentation.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <eigan/core/random.hpp>
#include <eigan/optim/any_optimizer.hpp>
#include <eigan/optim/optim.hpp>

namespace test {

using eigan::Index;
using eigan::Shape;
using eigan::Tensor;

/// What one number of a parameter carries along.
struct PlainState {
  double a = 0, b = 0, c = 0;
};

inline double plain_step(const eigan::optim::SGD& rule, double p, double gradient, PlainState& s, Index,
                         double factor) {
  const double g = gradient + rule.weight_decay * p;
  s.a = rule.momentum * s.a + g;
  const double move = rule.momentum == 0 ? g : rule.nesterov ? g + rule.momentum * s.a : s.a;
  return p - rule.learning_rate * factor * move;
}

inline double plain_step(const eigan::optim::RMSProp& rule, double p, double gradient, PlainState& s, Index,
                         double factor) {
  const double g = gradient + rule.weight_decay * p;
  s.a = rule.alpha * s.a + (1 - rule.alpha) * g * g;
  s.b = rule.alpha * s.b + (1 - rule.alpha) * g;
  const double spread = rule.centered ? s.a - s.b * s.b : s.a;
  s.c = rule.momentum * s.c + g / (std::sqrt(spread) + rule.epsilon);
  return p - rule.learning_rate * factor * s.c;
}

inline double plain_adam_move(double beta1, double beta2, double epsilon, double g, PlainState& s, Index t) {
  s.a = beta1 * s.a + (1 - beta1) * g;
  s.b = beta2 * s.b + (1 - beta2) * g * g;
  const double first = s.a / (1 - std::pow(beta1, static_cast<double>(t)));
  const double second = s.b / (1 - std::pow(beta2, static_cast<double>(t)));
  return first / (std::sqrt(second) + epsilon);
}

inline double plain_step(const eigan::optim::Adam& rule, double p, double gradient, PlainState& s, Index t,
                         double factor) {
  const double g = gradient + rule.weight_decay * p;
  return p - rule.learning_rate * factor * plain_adam_move(rule.beta1, rule.beta2, rule.epsilon, g, s, t);
}

inline double plain_step(const eigan::optim::AdamW& rule, double p, double gradient, PlainState& s, Index t,
                         double factor) {
  const double rate = rule.learning_rate * factor;
  return p - rate * rule.weight_decay * p -
         rate * plain_adam_move(rule.beta1, rule.beta2, rule.epsilon, gradient, s, t);
}

/// Calls body(title, rule) for every kind of optimizer, with and without each of its options.
template <class Body>
void for_each_rule(const Body& body) {
  using namespace eigan::optim;
  body("SGD", SGD{.learning_rate = 0.01});
  body("SGD with weight decay", SGD{.learning_rate = 0.01, .weight_decay = 0.1});
  body("SGD with momentum", SGD{.learning_rate = 0.01, .momentum = 0.9, .weight_decay = 0.1});
  body("SGD with Nesterov's momentum",
       SGD{.learning_rate = 0.01, .momentum = 0.9, .nesterov = true, .weight_decay = 0.1});
  body("RMSProp", RMSProp{.learning_rate = 0.01});
  body("RMSProp with momentum", RMSProp{.learning_rate = 0.01, .momentum = 0.9, .weight_decay = 0.1});
  body("centered RMSProp", RMSProp{.learning_rate = 0.01, .alpha = 0.9, .epsilon = 1e-4, .centered = true});
  body("centered RMSProp with momentum",
       RMSProp{.learning_rate = 0.01, .alpha = 0.9, .momentum = 0.8, .centered = true, .weight_decay = 0.1});
  body("Adam", Adam{.learning_rate = 0.01});
  body("Adam without momentum", Adam{.learning_rate = 0.01, .beta1 = 0, .beta2 = 0.9});
  body("Adam with weight decay", Adam{.learning_rate = 0.01, .beta1 = 0.5, .weight_decay = 0.1});
  body("AdamW", AdamW{.learning_rate = 0.01});
  body("AdamW with strong decay", AdamW{.learning_rate = 0.01, .beta1 = 0.5, .beta2 = 0.99, .weight_decay = 0.3});
}

}  // namespace test
