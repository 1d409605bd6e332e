#pragma once

#include <cmath>

#include "../core/config.hpp"

/// What update() can do to each parameter: a formula with its constants, and how many numbers it keeps for each (its
/// slots, which start as zeros). p is the parameter, g the gradient. The formulas are PyTorch's; the vector code of
/// each stands in target/update.inl.
namespace eigan::inline EIGAN_ABI::kernels::rule {

/// g += weight_decay * p,  p -= rate * g
template <class T>
struct Sgd {
  static constexpr int slots = 0;
  T rate, weight_decay = T(0);
};

/// g += weight_decay * p,  v = momentum * v + g,  p -= rate * (nesterov ? g + momentum * v : v)
template <class T>
struct MomentumSgd {
  static constexpr int slots = 1;  // v
  T rate, momentum, weight_decay = T(0);
  bool nesterov = false;
};

/// g += weight_decay * p,  s = alpha * s + (1 - alpha) * g²
/// centered: a = alpha * a + (1 - alpha) * g,  d = sqrt(s - a²) + epsilon;  else d = sqrt(s) + epsilon
/// with momentum: v = momentum * v + g / d,  p -= rate * v;  else p -= rate * g / d
template <class T, bool Centered = false, bool Momentum = false>
struct RmsProp {
  static constexpr int slots = 1 + (Centered ? 1 : 0) + (Momentum ? 1 : 0);  // s, then a, then v
  T rate, alpha, one_minus_alpha, epsilon, momentum, weight_decay;

  RmsProp(double learning_rate, double smoothing, double small, double momentum_factor = 0, double decay = 0)
      : rate(static_cast<T>(learning_rate)),
        alpha(static_cast<T>(smoothing)),
        one_minus_alpha(static_cast<T>(1 - smoothing)),
        epsilon(static_cast<T>(small)),
        momentum(static_cast<T>(momentum_factor)),
        weight_decay(static_cast<T>(decay)) {}
};

/// g += weight_decay * p, or with decoupled weight decay p *= 1 - rate * weight_decay;
/// m = beta1 * m + (1 - beta1) * g,  v = beta2 * v + (1 - beta2) * g²
/// p -= rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
template <class T>
struct Adam {
  static constexpr int slots = 2;  // m, v
  T step_size, beta1, one_minus_beta1, beta2, one_minus_beta2, root_scale, epsilon, weight_decay, keep;

  /// `t` counts the steps from 1.
  Adam(double rate, double first_beta, double second_beta, double small, Index t, double decay = 0,
       bool is_decoupled = false)
      : step_size(static_cast<T>(rate / (1 - std::pow(first_beta, static_cast<double>(t))))),
        beta1(static_cast<T>(first_beta)),
        one_minus_beta1(static_cast<T>(1 - first_beta)),
        beta2(static_cast<T>(second_beta)),
        one_minus_beta2(static_cast<T>(1 - second_beta)),
        root_scale(static_cast<T>(1 / std::sqrt(1 - std::pow(second_beta, static_cast<double>(t))))),
        epsilon(static_cast<T>(small)),
        weight_decay(is_decoupled ? T(0) : static_cast<T>(decay)),
        keep(is_decoupled ? static_cast<T>(1 - rate * decay) : T(1)) {}
};

/// p = decay * p + (1 - decay) * g, where p is the average and g the value that joins it; computed as p += (1 - decay)
/// (g - p), so that an average that has arrived stays there to the bit.
template <class T>
struct MovingAverage {
  static constexpr int slots = 0;
  T one_minus_decay;

  explicit MovingAverage(double decay) : one_minus_decay(static_cast<T>(1 - decay)) {}
};

/// p = min(max(p, low), high); reads no gradient.
template <class T>
struct Clip {
  static constexpr int slots = 0;
  T low, high;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::rule
