#pragma once

#include <concepts>
#include <type_traits>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "apply.hpp"
#include "number.hpp"
#include "sum_to.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

/// A Variable where the scalar is known from another argument, so that a Parameter or an empty `{}` fits too.
template <class S>
using Operand = std::type_identity_t<Variable<S>>;

/// scale * x + shift
template <std::floating_point S>
Variable<S> affine(const Variable<S>& x, double scale, double shift) {
  return record("affine",
                internal::mapped(kernels::op::Affine<S>{static_cast<S>(scale), static_cast<S>(shift)}, x.value()), {x},
                [scale](const Backward<S>& b) -> Gradients<S> { return {affine(b.dy, scale, 0)}; });
}

/// a + b, broadcasting as in NumPy. Throws ShapeError if the shapes do not fit.
template <std::floating_point S>
Variable<S> add(const Variable<S>& a, const Variable<S>& b) {
  return record("add", internal::mapped(kernels::op::Add{}, a.value(), b.value()), {a, b},
                [](const Backward<S>& back) -> Gradients<S> {
                  return {back.needs(0) ? sum_to(back.dy, back.input(0).shape()) : Variable<S>(),
                          back.needs(1) ? sum_to(back.dy, back.input(1).shape()) : Variable<S>()};
                });
}

/// a - b
template <std::floating_point S>
Variable<S> sub(const Variable<S>& a, const Variable<S>& b) {
  return record("sub", internal::mapped(kernels::op::Subtract{}, a.value(), b.value()), {a, b},
                [](const Backward<S>& back) -> Gradients<S> {
                  return {back.needs(0) ? sum_to(back.dy, back.input(0).shape()) : Variable<S>(),
                          back.needs(1) ? affine(sum_to(back.dy, back.input(1).shape()), -1, 0) : Variable<S>()};
                });
}

/// a * b, element by element
template <std::floating_point S>
Variable<S> mul(const Variable<S>& a, const Variable<S>& b) {
  return record("mul", internal::mapped(kernels::op::Multiply{}, a.value(), b.value()), {a, b},
                [](const Backward<S>& back) -> Gradients<S> {
                  const Variable<S>&x = back.input(0), &z = back.input(1);
                  return {back.needs(0) ? sum_to(mul(back.dy, z), x.shape()) : Variable<S>(),
                          back.needs(1) ? sum_to(mul(back.dy, x), z.shape()) : Variable<S>()};
                });
}

/// a / b, element by element
template <std::floating_point S>
Variable<S> div(const Variable<S>& a, const Variable<S>& b) {
  return record("div", internal::mapped(kernels::op::Divide{}, a.value(), b.value()), {a, b},
                [](const Backward<S>& back) -> Gradients<S> {
                  const Variable<S>&x = back.input(0), &z = back.input(1);
                  Gradients<S> gradients(2);
                  const Variable<S> over = div(back.dy, z);
                  if (back.needs(0)) gradients[0] = sum_to(over, x.shape());
                  if (back.needs(1)) gradients[1] = affine(sum_to(mul(over, back.y), z.shape()), -1, 0);
                  return gradients;
                });
}

/// 1 / x
template <std::floating_point S>
Variable<S> reciprocal(const Variable<S>& x) {
  return record("reciprocal", internal::mapped(kernels::op::Reciprocal{}, x.value()), {x},
                [](const Backward<S>& b) -> Gradients<S> { return {affine(mul(b.dy, mul(b.y, b.y)), -1, 0)}; });
}

template <std::floating_point S>
Variable<S> operator+(const Variable<S>& a, const Operand<S>& b) {
  return add(a, b);
}
template <std::floating_point S>
Variable<S> operator-(const Variable<S>& a, const Operand<S>& b) {
  return sub(a, b);
}
template <std::floating_point S>
Variable<S> operator*(const Variable<S>& a, const Operand<S>& b) {
  return mul(a, b);
}
template <std::floating_point S>
Variable<S> operator/(const Variable<S>& a, const Operand<S>& b) {
  return div(a, b);
}

template <std::floating_point S>
Variable<S> operator-(const Variable<S>& x) {
  return affine(x, -1, 0);
}
template <std::floating_point S>
Variable<S> operator+(const Variable<S>& x, Number number) {
  return affine(x, 1, number);
}
template <std::floating_point S>
Variable<S> operator+(Number number, const Variable<S>& x) {
  return affine(x, 1, number);
}
template <std::floating_point S>
Variable<S> operator-(const Variable<S>& x, Number number) {
  return affine(x, 1, -number);
}
template <std::floating_point S>
Variable<S> operator-(Number number, const Variable<S>& x) {
  return affine(x, -1, number);
}
template <std::floating_point S>
Variable<S> operator*(const Variable<S>& x, Number number) {
  return affine(x, number, 0);
}
template <std::floating_point S>
Variable<S> operator*(Number number, const Variable<S>& x) {
  return affine(x, number, 0);
}
template <std::floating_point S>
Variable<S> operator/(const Variable<S>& x, Number number) {
  return affine(x, 1 / number, 0);
}
template <std::floating_point S>
Variable<S> operator/(Number number, const Variable<S>& x) {
  return affine(reciprocal(x), number, 0);
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
