#pragma once

#include <concepts>
#include <numbers>

#include "../autograd/record.hpp"
#include "../autograd/reuse.hpp"
#include "../core/config.hpp"
#include "apply.hpp"
#include "arithmetic.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

namespace op = kernels::op;

/// The value of x as a new leaf: no gradient flows back through it.
template <std::floating_point S>
Variable<S> detach(const Variable<S>& x) {
  return Variable<S>(x.value());
}

template <std::floating_point S>
Variable<S> exp(const Variable<S>& x) {
  return record("exp", internal::mapped(op::Exp{}, x.value()), {x},
                [](const Backward<S>& b) -> Gradients<S> { return {mul(b.dy, b.y)}; });
}

/// Natural logarithm.
template <std::floating_point S>
Variable<S> log(const Variable<S>& x) {
  return record("log", internal::mapped(op::Log{}, x.value()), {x},
                [](const Backward<S>& b) -> Gradients<S> { return {div(b.dy, b.input(0))}; });
}

template <std::floating_point S>
Variable<S> sqrt(const Variable<S>& x) {
  return record("sqrt", internal::mapped(op::Sqrt{}, x.value()), {x},
                [](const Backward<S>& b) -> Gradients<S> { return {affine(div(b.dy, b.y), 0.5, 0)}; });
}

template <std::floating_point S>
Variable<S> square(const Variable<S>& x) {
  return record("square", internal::mapped(op::Square{}, x.value()), {x},
                [](const Backward<S>& b) -> Gradients<S> { return {affine(mul(b.dy, b.input(0)), 2, 0)}; });
}

/// x to a constant power; 0^0 is 1.
template <std::floating_point S>
Variable<S> pow(const Variable<S>& x, double exponent) {
  Tensor<S> y(x.shape());
  kernels::power(x.size(), y.mutable_data(), x.data(), exponent);
  return record("pow", std::move(y), {x}, [exponent](const Backward<S>& b) -> Gradients<S> {
    if (exponent == 0) return {Variable<S>()};
    return {affine(mul(b.dy, pow(b.input(0), exponent - 1)), exponent, 0)};
  });
}

template <std::floating_point S>
Variable<S> tanh(const Variable<S>& x) {
  return record("tanh", internal::mapped(op::Tanh{}, x.value()), {x}, [](const Backward<S>& b) -> Gradients<S> {
    if (!is_recording()) return {Variable<S>(detail::map_over(op::TanhBackward{}, b.take_dy(), b.y.value()))};
    return {mul(b.dy, affine(square(b.y), -1, 1))};
  });
}

/// 1 / (1 + exp(-x))
template <std::floating_point S>
Variable<S> sigmoid(const Variable<S>& x) {
  return record("sigmoid", internal::mapped(op::Sigmoid{}, x.value()), {x}, [](const Backward<S>& b) -> Gradients<S> {
    if (!is_recording()) return {Variable<S>(detail::map_over(op::SigmoidBackward{}, b.take_dy(), b.y.value()))};
    return {mul(b.dy, mul(b.y, affine(b.y, -1, 1)))};
  });
}

/// log(1 + exp(x)), without overflow
template <std::floating_point S>
Variable<S> softplus(const Variable<S>& x) {
  return record("softplus", internal::mapped(op::Softplus{}, x.value()), {x}, [](const Backward<S>& b) -> Gradients<S> {
    if (!is_recording())
      return {Variable<S>(detail::map_over(op::SoftplusBackward{}, b.take_dy(), b.input(0).value()))};
    return {mul(b.dy, sigmoid(b.input(0)))};
  });
}

template <std::floating_point S>
Variable<S> cos(const Variable<S>& x);

template <std::floating_point S>
Variable<S> sin(const Variable<S>& x) {
  return record("sin", internal::mapped(op::Sin{}, x.value()), {x},
                [](const Backward<S>& b) -> Gradients<S> { return {mul(b.dy, cos(b.input(0)))}; });
}

template <std::floating_point S>
Variable<S> cos(const Variable<S>& x) {
  return record("cos", internal::mapped(op::Cos{}, x.value()), {x},
                [](const Backward<S>& b) -> Gradients<S> { return {affine(mul(b.dy, sin(b.input(0))), -1, 0)}; });
}

/// The error function, 2 / sqrt(pi) times the integral of exp(-t²) from 0 to x.
template <std::floating_point S>
Variable<S> erf(const Variable<S>& x) {
  return record("erf", internal::mapped(op::Erf{}, x.value()), {x}, [](const Backward<S>& b) -> Gradients<S> {
    const Variable<S> density = exp(affine(square(b.input(0)), -1, 0));
    return {affine(mul(b.dy, density), 2 * std::numbers::inv_sqrtpi, 0)};
  });
}

/// -1, 0 or 1. Its derivative is zero.
template <std::floating_point S>
Variable<S> sign(const Variable<S>& x) {
  return record("sign", internal::mapped(op::Sign{}, x.value()), {x},
                [](const Backward<S>&) -> Gradients<S> { return {Variable<S>()}; });
}

/// |x|, with derivative 0 at 0.
template <std::floating_point S>
Variable<S> abs(const Variable<S>& x) {
  return record("abs", internal::mapped(op::Abs{}, x.value()), {x},
                [](const Backward<S>& b) -> Gradients<S> { return {mul(b.dy, detach(sign(b.input(0))))}; });
}

/// 1 where a > b, else 0; broadcasts. A constant: nothing flows back.
template <std::floating_point S>
Variable<S> greater(const Variable<S>& a, const Operand<S>& b) {
  return Variable<S>(internal::mapped(op::Greater{}, a.value(), b.value()));
}

namespace internal {

// The share of the gradient that the larger of two gets: all, none, or half where they are equal (as PyTorch).
template <std::floating_point S>
Variable<S> winning(const Variable<S>& a, const Variable<S>& b) {
  return affine(sub(greater(a, b), greater(b, a)), 0.5, 0.5);
}

}  // namespace internal

/// The larger of a and b; broadcasts. Where they are equal each gets half of the gradient.
template <std::floating_point S>
Variable<S> maximum(const Variable<S>& a, const Operand<S>& b) {
  return record("maximum", internal::mapped(op::Maximum{}, a.value(), b.value()), {a, b},
                [](const Backward<S>& back) -> Gradients<S> {
                  const Variable<S>&x = back.input(0), &z = back.input(1);
                  return {
                      back.needs(0) ? sum_to(mul(back.dy, detach(internal::winning(x, z))), x.shape()) : Variable<S>(),
                      back.needs(1) ? sum_to(mul(back.dy, detach(internal::winning(z, x))), z.shape()) : Variable<S>()};
                });
}

/// The smaller of a and b; broadcasts. Where they are equal each gets half of the gradient.
template <std::floating_point S>
Variable<S> minimum(const Variable<S>& a, const Operand<S>& b) {
  return record("minimum", internal::mapped(op::Minimum{}, a.value(), b.value()), {a, b},
                [](const Backward<S>& back) -> Gradients<S> {
                  const Variable<S>&x = back.input(0), &z = back.input(1);
                  return {
                      back.needs(0) ? sum_to(mul(back.dy, detach(internal::winning(z, x))), x.shape()) : Variable<S>(),
                      back.needs(1) ? sum_to(mul(back.dy, detach(internal::winning(x, z))), z.shape()) : Variable<S>()};
                });
}

/// x kept within [low, high]; the gradient flows where it is, bounds included.
template <std::floating_point S>
Variable<S> clamp(const Variable<S>& x, double low, double high) {
  const auto lowest = static_cast<S>(low), highest = static_cast<S>(high);
  return record("clamp", internal::mapped(op::Clamp<S>{lowest, highest}, x.value()), {x},
                [lowest, highest](const Backward<S>& b) -> Gradients<S> {
                  const op::ClampBackward<S> backward{lowest, highest};
                  if (!is_recording())
                    return {Variable<S>(detail::map_over(backward, b.take_dy(), b.input(0).value()))};
                  const Tensor<S> ones = Tensor<S>::full(b.dy.shape(), S(1));
                  return {mul(b.dy, Variable<S>(internal::mapped(backward, ones, b.input(0).value())))};
                });
}

/// a where mask is not 0, else b; broadcasts. Nothing flows back to the mask.
template <std::floating_point S>
Variable<S> where(const Variable<S>& mask, const Operand<S>& a, const Operand<S>& b) {
  const Shape shape = kernels::broadcast_shapes(kernels::broadcast_shapes(mask.shape(), a.shape()), b.shape());
  Tensor<S> y(shape);
  kernels::map_broadcast(op::Where{}, y.mutable_data(), shape, mask.data(), mask.shape(), a.data(), a.shape(), b.data(),
                         b.shape());
  return record("where", std::move(y), {mask, a, b}, [](const Backward<S>& back) -> Gradients<S> {
    const Variable<S> zero(Tensor<S>::scalar(S(0)));
    const Variable<S>& chosen = back.input(0);
    return {Variable<S>(), back.needs(1) ? sum_to(where(chosen, back.dy, zero), back.input(1).shape()) : Variable<S>(),
            back.needs(2) ? sum_to(where(chosen, zero, back.dy), back.input(2).shape()) : Variable<S>()};
  });
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
