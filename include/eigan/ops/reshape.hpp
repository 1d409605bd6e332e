#pragma once

#include <concepts>
#include <initializer_list>
#include <utility>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../kernels/move.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

/// The same elements under another shape. Throws ShapeError if the sizes differ.
template <std::floating_point S>
Variable<S> reshape(const Variable<S>& x, const Shape& shape) {
  return record("reshape", x.value().reshaped(shape), {x},
                [](const Backward<S>& b) -> Gradients<S> { return {reshape(b.dy, b.input(0).shape())}; });
}

/// x: [N, ...] -> [N, everything else]. A rank 0 or 1 input gets a second axis of 1.
template <std::floating_point S>
Variable<S> flatten(const Variable<S>& x) {
  const Index samples = x.rank() > 0 ? x.extent(0) : 1;
  Index rest = 1;
  for (Index axis = 1; axis < x.rank(); ++axis) rest *= x.extent(axis);
  return reshape(x, Shape{samples, rest});
}

/// Reorders axes: axis i of the result is axis order[i] of x. Throws ShapeError unless order names each axis once.
template <std::floating_point S>
Variable<S> permute(const Variable<S>& x, const Shape& order) {
  Shape shape = Shape::filled(x.rank(), 0), inverse = shape;
  bool fits = order.rank() == x.rank();
  for (Index axis = 0, seen = 0; fits && axis < order.rank(); ++axis) {
    fits = order[axis] < x.rank() && !(seen >> order[axis] & 1);
    if (!fits) break;
    seen |= Index{1} << order[axis];
    shape[axis] = x.extent(order[axis]);
    inverse[order[axis]] = axis;
  }
  if (!fits)
    throw ShapeError("permute: expected every axis of " + to_string(x.shape()) + " once, got order " +
                     to_string(order));
  Tensor<S> y(shape);
  kernels::permute(x.data(), x.shape(), order, y.mutable_data());
  return record("permute", std::move(y), {x},
                [inverse](const Backward<S>& b) -> Gradients<S> { return {permute(b.dy, inverse)}; });
}

/// Swaps two axes; negative ones count from the back.
template <std::floating_point S>
Variable<S> transpose(const Variable<S>& x, Index a = -2, Index b = -1) {
  Shape order = Shape::filled(x.rank(), 0);
  for (Index axis = 0; axis < x.rank(); ++axis) order[axis] = axis;
  std::swap(order[x.shape().axis(a)], order[x.shape().axis(b)]);
  return permute(x, order);
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
