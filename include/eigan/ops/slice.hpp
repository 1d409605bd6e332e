#pragma once

#include <concepts>
#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/pool.hpp"
#include "../kernels/move.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

namespace internal {

inline kernels::Ranges ranges_of(const Shape& begin, const Shape& extents) {
  kernels::Ranges ranges;
  for (Index axis = 0; axis < extents.rank(); ++axis)
    ranges[static_cast<std::size_t>(axis)] = {begin[axis], extents[axis], 1};
  return ranges;
}

inline void check_inside(const char* operation, const Shape& begin, const Shape& inner, const Shape& outer) {
  bool inside = begin.rank() == outer.rank() && inner.rank() == outer.rank();
  for (Index axis = 0; inside && axis < outer.rank(); ++axis) inside = begin[axis] + inner[axis] <= outer[axis];
  if (!inside)
    throw ShapeError(std::string(operation) + ": expected a part that fits " + to_string(outer) + ", got " +
                     to_string(inner) + " at " + to_string(begin));
}

}  // namespace internal

template <std::floating_point S>
Variable<S> pad(const Variable<S>& x, const Shape& begin, const Shape& shape);

/// The block of `extents` that starts at `begin`. Throws ShapeError if it is not inside of x.
template <std::floating_point S>
Variable<S> slice(const Variable<S>& x, const Shape& begin, const Shape& extents) {
  internal::check_inside("slice", begin, extents, x.shape());
  Tensor<S> y(extents);
  kernels::slice(x.data(), x.shape(), internal::ranges_of(begin, extents), y.mutable_data());
  return record("slice", std::move(y), {x},
                [begin](const Backward<S>& b) -> Gradients<S> { return {pad(b.dy, begin, b.input(0).shape())}; });
}

/// x laid into zeros of `shape`, starting at `begin`: the adjoint of slice. Throws ShapeError if it does not fit.
template <std::floating_point S>
Variable<S> pad(const Variable<S>& x, const Shape& begin, const Shape& shape) {
  internal::check_inside("pad", begin, x.shape(), shape);
  Tensor<S> y(shape);
  kernels::pad(x.data(), internal::ranges_of(begin, x.shape()), y.mutable_data(), shape);
  return record("pad", std::move(y), {x},
                [begin](const Backward<S>& b) -> Gradients<S> { return {slice(b.dy, begin, b.input(0).shape())}; });
}

/// Entries [first, first + count) along one axis.
template <std::floating_point S>
Variable<S> narrow(const Variable<S>& x, Index axis, Index first, Index count) {
  Shape begin = Shape::filled(x.rank(), 0), extents = x.shape();
  const Index along = x.shape().axis(axis);
  begin[along] = first;
  extents[along] = count;
  return slice(x, begin, extents);
}

/// Joins along an axis. Throws ShapeError unless all other extents agree.
template <std::floating_point S>
Variable<S> concat(std::span<const Variable<S>> parts, Index axis) {
  if (parts.empty()) throw ShapeError("concat: expected at least one part, got none");
  Shape shape = parts.front().shape();
  const Index along = shape.axis(axis);
  shape[along] = 0;
  PooledVector<const S*> data;
  PooledVector<Index> extents;
  for (const Variable<S>& part : parts) {
    Shape expected = parts.front().shape();
    if (part.rank() == expected.rank()) expected[along] = part.extent(along);
    if (!(part.shape() == expected))
      throw ShapeError("concat: expected parts that differ along axis " + std::to_string(axis) + " alone, got " +
                       to_string(parts.front().shape()) + " and " + to_string(part.shape()));
    shape[along] += part.extent(along);
    data.push_back(part.data());
    extents.push_back(part.extent(along));
  }
  Index outer = 1, inner = 1;
  for (Index i = 0; i < shape.rank(); ++i) (i < along ? outer : inner) *= i == along ? 1 : shape[i];
  Tensor<S> y(shape);
  kernels::concat<S>(data, extents, outer, inner, y.mutable_data());
  return record("concat", std::move(y), parts.data(), static_cast<Index>(parts.size()),
                [along](const Backward<S>& b) -> Gradients<S> {
                  Gradients<S> gradients(b.input_count());
                  for (Index i = 0, first = 0; i < b.input_count(); ++i) {
                    const Index count = b.input(i).extent(along);
                    if (b.needs(i)) gradients[i] = narrow(b.dy, along, first, count);
                    first += count;
                  }
                  return gradients;
                });
}

template <std::floating_point S>
Variable<S> concat(const std::vector<Variable<S>>& parts, Index axis) {
  return concat(std::span<const Variable<S>>(parts), axis);
}
template <std::floating_point S>
Variable<S> concat(std::initializer_list<Variable<S>> parts, Index axis) {
  return concat(std::span<const Variable<S>>(parts.begin(), parts.size()), axis);
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
