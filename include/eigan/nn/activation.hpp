#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../ops/activation.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/softmax.hpp"

/// Activations without weights: they take any shape and serve models of any Scalar.
namespace eigan::inline EIGAN_ABI::nn {

/// max(x, 0)
struct ReLU {
  static constexpr const char* name = "ReLU";
  static constexpr bool is_per_sample = true;
  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    return relu(x);
  }
  double leaky_slope() const { return 0; }
};

/// x for x > 0, else slope * x (Maas et al. 2013).
struct LeakyReLU {
  static constexpr const char* name = "LeakyReLU";
  static constexpr bool is_per_sample = true;
  double slope = 0.01;

  explicit LeakyReLU(double negative_slope = 0.01) : slope(negative_slope) {}
  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    return leaky_relu(x, slope);
  }
  double leaky_slope() const { return slope; }
};

/// x for x > 0, else alpha * (exp(x) - 1) (Clevert et al. 2016).
struct ELU {
  static constexpr const char* name = "ELU";
  static constexpr bool is_per_sample = true;
  double alpha = 1;

  explicit ELU(double scale = 1) : alpha(scale) {}
  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    return elu(x, alpha);
  }
};

/// x * Phi(x), Phi the standard normal distribution function, exact (Hendrycks and Gimpel 2016).
struct GELU {
  static constexpr const char* name = "GELU";
  static constexpr bool is_per_sample = true;
  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    return gelu(x);
  }
};

/// x * sigmoid(x), also called swish.
struct SiLU {
  static constexpr const char* name = "SiLU";
  static constexpr bool is_per_sample = true;
  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    return silu(x);
  }
};

/// log(1 + exp(x))
struct Softplus {
  static constexpr const char* name = "Softplus";
  static constexpr bool is_per_sample = true;
  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    return softplus(x);
  }
};

struct Tanh {
  static constexpr const char* name = "Tanh";
  static constexpr bool is_per_sample = true;
  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    return tanh(x);
  }
};

/// 1 / (1 + exp(-x))
struct Sigmoid {
  static constexpr const char* name = "Sigmoid";
  static constexpr bool is_per_sample = true;
  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    return sigmoid(x);
  }
};

/// exp(x) / sum of exp(x) over the last axis.
struct Softmax {
  static constexpr const char* name = "Softmax";
  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    return softmax(x);
  }
};

}  // namespace eigan::inline EIGAN_ABI::nn
