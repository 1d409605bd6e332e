#pragma once

#include <array>
#include <concepts>
#include <numbers>
#include <string>
#include <utility>

#include "../autograd/record.hpp"
#include "../autograd/recording.hpp"
#include "../autograd/reuse.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../kernels/epilogue.hpp"
#include "composite.hpp"
#include "elementwise.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

namespace internal {

// Linear in dy, with a mask that nothing flows back to: the second derivative of a piecewise linear function is zero,
// and no pass carries that zero around. With nothing recorded it may take dy's memory.
template <std::floating_point S>
Variable<S> leaky_relu_backward(Variable<S> dy, const Tensor<S>& y, S slope) {
  const op::LeakyReluBackward<S> backward{slope};
  if (!is_recording()) return Variable<S>(detail::map_over(backward, std::move(dy), y));
  return record(
      "leaky_relu_backward", mapped(backward, dy.value(), y), {dy},
      [y, slope](const Backward<S>& b) -> Gradients<S> { return {leaky_relu_backward(b.take_dy(), y, slope)}; });
}

/// What a product does before it is stored: adds a bias, if there is one, and then a leaky relu, if the slope is not 1.
template <std::floating_point S>
kernels::Epilogue<S> epilogue(const Variable<S>& bias, double slope) {
  using kernels::Activation;
  return {.bias = bias.defined() ? bias.data() : nullptr,
          .activation = slope == 1   ? Activation::none
                        : slope == 0 ? Activation::relu
                                     : Activation::leaky_relu,
          .slope = static_cast<S>(slope)};
}

/// The gradient of the product itself, behind which the epilogue did a leaky relu; takes b's dy.
template <std::floating_point S>
Variable<S> before_epilogue(const Backward<S>& b, double slope) {
  return slope == 1 ? b.take_dy() : leaky_relu_backward(b.take_dy(), b.y.value(), static_cast<S>(slope));
}

inline void check_slope(const char* operation, double slope) {
  if (!(slope >= 0))
    throw ConfigError(std::string(operation) + ": expected a slope of 0 or more, got " + std::to_string(slope));
}

}  // namespace internal

/// x for x > 0, else slope * x (Maas et al. 2013). Throws ConfigError for a slope below 0.
template <std::floating_point S>
Variable<S> leaky_relu(const Variable<S>& x, double slope) {
  internal::check_slope("leaky_relu", slope);
  const auto factor = static_cast<S>(slope);
  return record("leaky_relu", internal::mapped(op::LeakyRelu<S>{factor}, x.value()), {x},
                [factor](const Backward<S>& b) -> Gradients<S> {
                  return {internal::leaky_relu_backward(b.take_dy(), b.y.value(), factor)};
                });
}

/// max(x, 0), with derivative 0 at 0.
template <std::floating_point S>
Variable<S> relu(const Variable<S>& x) {
  return record("relu", internal::mapped(op::Relu{}, x.value()), {x}, [](const Backward<S>& b) -> Gradients<S> {
    return {internal::leaky_relu_backward(b.take_dy(), b.y.value(), S(0))};
  });
}

/// x for x > 0, else alpha * (exp(x) - 1) (Clevert et al. 2016). Throws ConfigError for an alpha below 0.
template <std::floating_point S>
Variable<S> elu(const Variable<S>& x, double alpha = 1) {
  if (!(alpha >= 0)) throw ConfigError("elu: expected an alpha of 0 or more, got " + std::to_string(alpha));
  const auto scale = static_cast<S>(alpha);
  return record("elu", internal::mapped(op::Elu<S>{scale}, x.value()), {x},
                [scale](const Backward<S>& b) -> Gradients<S> {
                  if (!is_recording())
                    return {Variable<S>(detail::map_over(op::EluBackward<S>{scale}, b.take_dy(), b.y.value()))};
                  const Variable<S> zero(Tensor<S>::scalar(S(0))), one(Tensor<S>::scalar(S(1)));
                  const Variable<S> positive = greater(b.input(0), zero);
                  return {mul(b.dy, where(positive, one, affine(b.y, 1, static_cast<double>(scale))))};
                });
}

/// x * sigmoid(x), also called swish.
template <std::floating_point S>
Variable<S> silu(const Variable<S>& x) {
  return record("silu", internal::mapped(op::Silu{}, x.value()), {x}, [](const Backward<S>& b) -> Gradients<S> {
    if (!is_recording()) return {Variable<S>(detail::map_over(op::SiluBackward{}, b.take_dy(), b.input(0).value()))};
    return internal::differentiate_composite<1>(
        b, [](const std::array<Variable<S>, 1>& in) { return mul(in[0], sigmoid(in[0])); });
  });
}

/// x * Phi(x), Phi the standard normal distribution function (Hendrycks and Gimpel 2016), exact, not its tanh form.
template <std::floating_point S>
Variable<S> gelu(const Variable<S>& x) {
  return record("gelu", internal::mapped(op::Gelu{}, x.value()), {x}, [](const Backward<S>& b) -> Gradients<S> {
    if (!is_recording()) return {Variable<S>(detail::map_over(op::GeluBackward{}, b.take_dy(), b.input(0).value()))};
    return internal::differentiate_composite<1>(b, [](const std::array<Variable<S>, 1>& in) {
      return mul(in[0], affine(erf(affine(in[0], 1 / std::numbers::sqrt2, 0)), 0.5, 0.5));
    });
  });
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
