#pragma once

#include <array>
#include <cstring>
#include <span>

#include "../core/shape.hpp"
#include "strided_copy.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// `count` positions of an axis: begin, begin + step, ... (step may be negative, never 0).
struct Range {
  Index begin = 0;
  Index count = 0;
  Index step = 1;
};

/// One Range per axis; those beyond the rank mean nothing.
using Ranges = std::array<Range, static_cast<std::size_t>(Shape::max_rank)>;

/// Reorders axes: axis i of y is axis order[i] of x, as numpy.transpose. x: `shape`; y: shape[order[0]],
/// shape[order[1]], ...
template <class T>
void permute(const T* x, const Shape& shape, const Shape& order, T* y) {
  const Shape from = shape.strides();
  Shape to = Shape::filled(shape.rank(), 1);
  for (Index axis = shape.rank() - 2; axis >= 0; --axis) to[axis] = to[axis + 1] * shape[order[axis + 1]];
  detail::CopyAxes axes;
  for (Index axis = 0; axis < shape.rank(); ++axis) axes.push_back({shape[order[axis]], from[order[axis]], to[axis]});
  detail::strided_copy(x, y, axes);
}

/// Repeats along the axes where `from` has extent 1 and `to` another one, or that `from` lacks in front (NumPy's
/// broadcasting). x: `from`; y: `to`.
template <class T>
void expand(const T* x, const Shape& from, T* y, const Shape& to) {
  const Shape x_steps = from.strides();
  const Shape y_steps = to.strides();
  detail::CopyAxes axes;
  for (Index axis = 0; axis < to.rank(); ++axis) {
    const Index own = axis - (to.rank() - from.rank());
    const bool repeats = own < 0 || from[own] == 1;
    axes.push_back({to[axis], repeats ? 0 : x_steps[own], y_steps[axis]});
  }
  detail::strided_copy(x, y, axes);
}

/// Takes the positions that `ranges` names along each axis. x: `shape`; y: the ranges' counts.
template <class T>
void slice(const T* x, const Shape& shape, const Ranges& ranges, T* y) {
  const Shape steps = shape.strides();
  Shape counts;
  for (Index axis = 0; axis < shape.rank(); ++axis) counts.push_back(ranges[static_cast<std::size_t>(axis)].count);
  const Shape y_steps = counts.strides();
  detail::CopyAxes axes;
  for (Index axis = 0; axis < shape.rank(); ++axis) {
    const Range& range = ranges[static_cast<std::size_t>(axis)];
    x += counts.size() > 0 ? range.begin * steps[axis] : 0;
    axes.push_back({range.count, range.step * steps[axis], y_steps[axis]});
  }
  detail::strided_copy(x, y, axes);
}

namespace detail {

// An axis of a padded tensor, the elements of one step along it in x and y, and where x comes to lie in y.
struct PadAxis {
  Index extent, x_block, y_block;
  Range range;

  bool whole() const { return range.begin == 0 && range.step == 1 && range.count == extent; }
  // Which position of x lies at position `at` of y; -1 where none does.
  Index source(Index at) const {
    const Index along = at - range.begin;
    if (range.step == 1) return along >= 0 && along < range.count ? along : -1;
    if (along % range.step != 0 || along / range.step >= range.count || along / range.step < 0) return -1;
    return along / range.step;
  }
};

template <class T>
void set_zero(T* y, Index count) {
  if (count > 0) std::memset(static_cast<void*>(y), 0, static_cast<std::size_t>(count) * sizeof(T));
}

template <class T>
void pad_block(const T* x, T* y, const PadAxis* axis, const PadAxis* end, Index first, Index last) {
  const bool innermost = axis + 1 == end;
  if (innermost && axis->range.step == 1) {
    const Index begin = std::clamp(axis->range.begin, first, last);
    const Index stop = std::clamp(axis->range.begin + axis->range.count, begin, last);
    set_zero(y + first * axis->y_block, (begin - first) * axis->y_block);
    copy_run(x + (begin - axis->range.begin) * axis->x_block, y + begin * axis->y_block,
             (stop - begin) * axis->y_block);
    set_zero(y + stop * axis->y_block, (last - stop) * axis->y_block);
    return;
  }
  for (Index at = first; at < last; ++at) {
    const Index source = axis->source(at);
    T* const to = y + at * axis->y_block;
    if (source < 0)
      set_zero(to, axis->y_block);
    else if (innermost)
      copy_run(x + source * axis->x_block, to, axis->y_block);
    else
      pad_block(x + source * axis->x_block, to, axis + 1, end, 0, axis[1].extent);
  }
}

}  // namespace detail

/// Lays x into zeros, at the positions that `ranges` names along each axis: the adjoint of slice. x: the ranges'
/// counts; y: `shape`.
template <class T>
void pad(const T* x, const Ranges& ranges, T* y, const Shape& shape) {
  // From the inside out, axes that are whole become one with the next.
  std::array<detail::PadAxis, static_cast<std::size_t>(Shape::max_rank) + 1> axes{};
  auto first = axes.end();
  Index x_block = 1, y_block = 1;
  for (Index axis = shape.rank() - 1; axis >= 0; --axis) {
    const Range& range = ranges[static_cast<std::size_t>(axis)];
    const detail::PadAxis next{shape[axis], x_block, y_block, range};
    x_block *= range.count;
    y_block *= shape[axis];
    if (first != axes.end() && next.whole() && first->whole())
      *first = {first->extent * next.extent, first->x_block, first->y_block, {0, first->extent * next.extent, 1}};
    else if (!(first == axes.end() && next.whole()))
      *--first = next;
  }
  if (y_block == 0) return;
  if (x_block == 0) return detail::set_zero(y, y_block);
  if (first == axes.end()) *--first = {1, x_block, y_block, {0, 1, 1}};
  detail::for_pieces(first->extent, first->y_block, [&](Index begin, Index end) {
    detail::pad_block(x, y, &*first, axes.data() + axes.size(), begin, end);
  });
}

namespace detail {

// Copies [outer, extent * inner] between a tensor whose rows are `whole` long and one whose rows are just that.
template <class T>
void copy_rows(const T* x, Index x_step, T* y, Index y_step, Index outer, Index length) {
  CopyAxes axes;
  axes.push_back({outer, x_step, y_step});
  axes.push_back({length, 1, 1});
  strided_copy(x, y, axes);
}

}  // namespace detail

/// Joins tensors along an axis. parts[i]: [outer, extents[i], inner]; y: [outer, sum of extents, inner].
template <class T>
void concat(std::span<const T* const> parts, std::span<const Index> extents, Index outer, Index inner, T* y) {
  Index whole = 0;
  for (const Index extent : extents) whole += extent * inner;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const Index length = extents[part] * inner;
    detail::copy_rows(parts[part], length, y, whole, outer, length);
    y += length;
  }
}

/// Takes apart what concat joins; a null part is left out. x: [outer, sum of extents, inner]; parts[i]: [outer,
/// extents[i], inner].
template <class T>
void split(const T* x, std::span<const Index> extents, Index outer, Index inner, std::span<T* const> parts) {
  Index whole = 0;
  for (const Index extent : extents) whole += extent * inner;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const Index length = extents[part] * inner;
    if (parts[part]) detail::copy_rows(x, whole, parts[part], length, outer, length);
    x += length;
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels
