#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "../core/config.hpp"
#include "../core/shape.hpp"
#include "broadcast_shapes.hpp"
#include "map.hpp"
#include "split.hpp"

// Each op has one loop, over contiguous operands. An operand that repeats is written out into a buffer that stays in
// the first-level cache, a segment of the result at a time; where its repetition allows, once for many segments.

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

/// The result's axes from the innermost outwards, without extents of 1 and with those merged that all operands step
/// through as if they were one. The innermost step of an operand is 1, or 0 where it repeats.
struct BroadcastAxes {
  int rank = 0;
  std::array<Index, 8> extents{};
  std::array<std::array<Index, 8>, 3> steps{};  // by operand, then axis

  BroadcastAxes(const Shape& out, const Shape* const* shapes, int operands) {
    std::array<Index, 3> inner{1, 1, 1};  // elements of each operand inside of the axis at hand
    for (Index axis = out.rank() - 1; axis >= 0; --axis) {
      const Index extent = out[axis];
      std::array<Index, 3> step{};
      for (std::size_t k = 0; k < static_cast<std::size_t>(operands); ++k) {
        const Index own_axis = axis - (out.rank() - shapes[k]->rank());
        const Index own = own_axis < 0 ? 1 : (*shapes[k])[own_axis];
        step[k] = own == 1 ? 0 : inner[k];
        inner[k] *= own;
      }
      if (extent != 1) append(extent, step);
    }
    if (rank == 0) append(1, {1, 1, 1});
  }

  /// Whether operand k is laid out just as the result.
  bool is_contiguous(std::size_t k) const {
    Index expected = 1;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(rank); expected *= extents[axis++])
      if (steps[k][axis] != expected) return false;
    return true;
  }
  /// Whether operand k is the same in each of the innermost runs.
  bool is_periodic(std::size_t k) const {
    for (std::size_t axis = 1; axis < static_cast<std::size_t>(rank); ++axis)
      if (steps[k][axis] != 0) return false;
    return true;
  }

 private:
  void append(Index extent, const std::array<Index, 3>& step) {
    const auto last = static_cast<std::size_t>(rank - 1);
    bool merges = rank > 0;
    for (std::size_t k = 0; merges && k < 3; ++k) merges = step[k] == steps[k][last] * extents[last];
    if (merges) {
      extents[last] *= extent;
      return;
    }
    const auto axis = static_cast<std::size_t>(rank++);
    extents[axis] = extent;
    for (std::size_t k = 0; k < 3; ++k) steps[k][axis] = step[k];
  }
};

/// Where operand k of innermost run `run` starts.
inline Index run_start(const BroadcastAxes& axes, std::size_t k, Index run) {
  Index start = 0;
  for (std::size_t axis = 1; axis < static_cast<std::size_t>(axes.rank); ++axis) {
    start += run % axes.extents[axis] * axes.steps[k][axis];
    run /= axes.extents[axis];
  }
  return start;
}

/// Writes operand k of `runs` innermost runs from `run` on, one after the other, to `out`.
template <class T>
void write_runs(const BroadcastAxes& axes, std::size_t k, const T* data, Index run, Index runs, T* out) {
  const Index length = axes.extents[0];
  std::array<Index, 8> position{};
  for (std::size_t axis = 1; axis < static_cast<std::size_t>(axes.rank); ++axis) {
    position[axis] = run % axes.extents[axis];
    run /= axes.extents[axis];
    data += position[axis] * axes.steps[k][axis];
  }
  const bool repeats = axes.steps[k][0] == 0;
  for (; runs > 0; --runs, out += length) {
    if (repeats)
      for (Index i = 0; i < length; ++i) out[i] = *data;
    else
      for (Index i = 0; i < length; ++i) out[i] = data[i];
    for (std::size_t axis = 1; axis < static_cast<std::size_t>(axes.rank); ++axis) {
      data += axes.steps[k][axis];
      if (++position[axis] < axes.extents[axis]) break;
      data -= position[axis] * axes.steps[k][axis];
      position[axis] = 0;
    }
  }
}

inline constexpr Index broadcast_buffer = 2048;  // elements of a segment
inline constexpr Index short_run = 256;          // below this many elements, a segment holds several runs

template <class T>
void map_segments(ElementwiseKernel<T> kernel, const void* op, T* out, const Shape& out_shape, const T* const* in,
                  const Shape* const* shapes, int operands) {
  const Index size = out_shape.size();
  if (size == 0) return;
  const BroadcastAxes axes(out_shape, shapes, operands);
  bool repeats = false;
  for (std::size_t k = 0; k < static_cast<std::size_t>(operands); ++k) repeats = repeats || !axes.is_contiguous(k);
  if (!repeats) return map_in_pieces(kernel, op, size, out, in, operands);
  const Index run_length = axes.extents[0], runs = size / run_length;
  const bool is_short = run_length < short_run;
  // A segment is some whole runs, or a part of one.
  const Index runs_per_segment = is_short ? broadcast_buffer / run_length : 1;
  const Index segments_per_run = is_short ? 1 : (run_length + broadcast_buffer - 1) / broadcast_buffer;
  const Index segments = is_short ? (runs + runs_per_segment - 1) / runs_per_segment : runs * segments_per_run;

  for_pieces(segments, std::min(size, broadcast_buffer), [&](Index first, Index last) {
    alignas(64) T buffers[3][broadcast_buffer];
    const T* operand[3] = {};
    for (Index segment = first; segment < last; ++segment) {
      const Index run = is_short ? segment * runs_per_segment : segment / segments_per_run;
      const Index offset = is_short ? 0 : segment % segments_per_run * broadcast_buffer;
      const Index count = is_short ? std::min(runs_per_segment, runs - run) * run_length
                                   : std::min(broadcast_buffer, run_length - offset);
      const Index begin = run * run_length + offset;
      for (std::size_t k = 0; k < static_cast<std::size_t>(operands); ++k) {
        if (axes.is_contiguous(k)) {
          operand[k] = in[k] + begin;
        } else if (!is_short && axes.steps[k][0] == 1) {
          operand[k] = in[k] + run_start(axes, k, run) + offset;
        } else {
          operand[k] = buffers[k];
          const bool unchanged = segment != first && (axes.is_periodic(k) || (!is_short && offset > 0));
          if (unchanged) continue;
          if (is_short)
            write_runs(axes, k, in[k], run, count / run_length, buffers[k]);
          else
            std::fill_n(buffers[k], std::min(broadcast_buffer, run_length), in[k][run_start(axes, k, run)]);
        }
      }
      kernel(op, count, out + begin, operand);
    }
  });
}

}  // namespace detail

/// out = op(a, b), each repeated to `out_shape` as in NumPy; broadcast_shapes() gives that shape and checks it. `out`
/// may be an operand that is not repeated.
template <class Op, class T>
void map_broadcast(const Op& op, T* out, const Shape& out_shape, const T* a, const Shape& a_shape, const T* b,
                   const Shape& b_shape) {
  const T* const in[] = {a, b};
  const Shape* const shapes[] = {&a_shape, &b_shape};
  detail::map_segments<T>(detail::elementwise_kernel<Op, T, 2>(), &op, out, out_shape, in, shapes, 2);
}

/// out = op(a, b, c), each repeated to `out_shape`.
template <class Op, class T>
void map_broadcast(const Op& op, T* out, const Shape& out_shape, const T* a, const Shape& a_shape, const T* b,
                   const Shape& b_shape, const T* c, const Shape& c_shape) {
  const T* const in[] = {a, b, c};
  const Shape* const shapes[] = {&a_shape, &b_shape, &c_shape};
  detail::map_segments<T>(detail::elementwise_kernel<Op, T, 3>(), &op, out, out_shape, in, shapes, 3);
}

/// out = a repeated to `out_shape`.
template <class T>
void broadcast_copy(T* out, const Shape& out_shape, const T* a, const Shape& a_shape) {
  const Shape* const shape = &a_shape;
  const op::Copy op;
  detail::map_segments<T>(detail::elementwise_kernel<op::Copy, T, 1>(), &op, out, out_shape, &a, &shape, 1);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
