#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../kernels/gather.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

/// Positions along an axis; a negative one stands for zeros.
using Positions = Tensor<std::int64_t>;

namespace internal {

/// A tensor seen as [outer, extent, inner] around one axis.
struct AroundAxis {
  AroundAxis(const Shape& shape, Index axis) : extent(shape[axis]) {
    for (Index i = 0; i < shape.rank(); ++i)
      if (i != axis) (i < axis ? outer : inner) *= shape[i];
  }
  Index outer = 1, extent, inner = 1;
};

inline std::span<const std::int64_t> span_of(const Positions& positions) {
  return {positions.data(), static_cast<std::size_t>(positions.size())};
}

template <std::floating_point S>
Variable<S> gather_checked(const Variable<S>& x, const Positions& positions, Index axis);

template <std::floating_point S>
Variable<S> scatter_checked(const Variable<S>& x, const Positions& positions, Index axis, Index extent) {
  Shape shape = x.shape();
  shape[axis] = extent;
  Tensor<S> y(shape);
  const AroundAxis around(shape, axis);
  kernels::scatter_add(x.data(), around.outer, extent, around.inner, span_of(positions), y.mutable_data());
  return record("scatter_add", std::move(y), {x}, [positions, axis](const Backward<S>& b) -> Gradients<S> {
    return {gather_checked(b.dy, positions, axis)};
  });
}

template <std::floating_point S>
Variable<S> gather_checked(const Variable<S>& x, const Positions& positions, Index axis) {
  Shape shape = x.shape();
  shape[axis] = positions.size();
  Tensor<S> y(shape);
  const AroundAxis around(x.shape(), axis);
  kernels::gather(x.data(), around.outer, around.extent, around.inner, span_of(positions), y.mutable_data());
  return record("gather", std::move(y), {x}, [positions, axis](const Backward<S>& b) -> Gradients<S> {
    return {scatter_checked(b.dy, positions, axis, b.input(0).extent(axis))};
  });
}

inline void check_positions(const char* operation, const Positions& positions, Index extent) {
  for (const std::int64_t position : span_of(positions))
    if (position >= extent)
      throw ShapeError(std::string(operation) + ": expected positions below " + std::to_string(extent) + ", got " +
                       std::to_string(position));
}

}  // namespace internal

/// y[..., i, ...] = x[..., positions[i], ...] along an axis; zeros where the position is negative. positions: [count].
/// Throws ShapeError for a position beyond the axis.
template <std::floating_point S>
Variable<S> gather(const Variable<S>& x, const Positions& positions, Index axis = 0) {
  const Index along = x.shape().axis(axis);
  internal::check_positions("gather", positions, x.extent(along));
  return internal::gather_checked(x, positions, along);
}

/// The adjoint of gather: y[..., positions[i], ...] += x[..., i, ...] into zeros of `extent` along the axis.
/// Throws ShapeError for a position beyond it, or if there are not as many positions as x has entries.
template <std::floating_point S>
Variable<S> scatter_add(const Variable<S>& x, const Positions& positions, Index extent, Index axis = 0) {
  const Index along = x.shape().axis(axis);
  if (positions.size() != x.extent(along))
    throw ShapeError("scatter_add: expected " + std::to_string(x.extent(along)) + " positions, got " +
                     std::to_string(positions.size()));
  internal::check_positions("scatter_add", positions, extent);
  return internal::scatter_checked(x, positions, along, extent);
}

/// Pads an axis by its own content: mirrored about the outermost entry (reflect), the outermost entry repeated
/// (replicate), or what stands at the other end (circular). Throws ShapeError if the axis is too short for it.
template <std::floating_point S>
Variable<S> pad_border(const Variable<S>& x, Index axis, Index before, Index after, kernels::Border border) {
  const Index along = x.shape().axis(axis), extent = x.extent(along), longest = std::max(before, after);
  const Index needed = border == kernels::Border::reflect     ? longest + 1
                       : border == kernels::Border::replicate ? (longest > 0 ? 1 : 0)
                                                              : longest;
  if (extent < needed || before + extent + after < 0)
    throw ShapeError("pad_border: expected at least " + std::to_string(needed) + " entries along axis " +
                     std::to_string(axis) + " of " + to_string(x.shape()) + " for a border of " +
                     std::to_string(longest));
  Positions positions(Shape{before + extent + after});
  kernels::border_positions(extent, before, border,
                            {positions.mutable_data(), static_cast<std::size_t>(positions.size())});
  return internal::gather_checked(x, positions, along);
}

template <std::floating_point S>
Variable<S> reflect_pad(const Variable<S>& x, Index axis, Index before, Index after) {
  return pad_border(x, axis, before, after, kernels::Border::reflect);
}

template <std::floating_point S>
Variable<S> replicate_pad(const Variable<S>& x, Index axis, Index before, Index after) {
  return pad_border(x, axis, before, after, kernels::Border::replicate);
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
