#pragma once

#include <algorithm>
#include <cstddef>

#include "../core/config.hpp"
#include "../core/shape.hpp"
#include "broadcast_axes.hpp"
#include "broadcast_shapes.hpp"
#include "map.hpp"
#include "split.hpp"

#define EIGAN_TARGET_FILE "../target/repeat.inl"
#include "simd/for_each_target.inl"

// Each op has one loop, over contiguous operands. An operand that repeats is written out into a buffer that stays in
// the first-level cache, a segment of the result at a time; where its repetition allows, once for many segments.

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

template <class T>
void write_runs(const BroadcastAxes& axes, std::size_t k, const T* data, Index run, Index runs, T* out) {
  EIGAN_DISPATCH(write_runs<T>(axes, k, data, run, runs, out))
}
template <class T>
void fill_beyond(T* out, Index count, T value) {
  EIGAN_DISPATCH(fill_beyond<T>(out, count, value))
}

/// Gives one operand as the segments of a pass need it: in place where its elements lie side by side, else in a buffer.
template <class T>
class BroadcastOperand {
 public:
  /// Ready for operand k, of which nothing has been written out yet.
  void start(const BroadcastAxes& axes, std::size_t k, const T* data) {
    k_ = k;
    data_ = data;
    is_contiguous_ = axes.is_contiguous(k);
    is_periodic_ = axes.is_periodic(k);
    is_written_ = false;
  }

  const T* at(const BroadcastAxes& axes, const BroadcastSegments& segments, const BroadcastSegments::Segment& segment) {
    if (is_contiguous_) return data_ + segment.begin;
    const bool is_row = axes.steps[k_][0] == 1;
    if (!segments.has_whole_runs() && is_row) return data_ + axes.run_start(k_, segment.run) + segment.offset;
    // What was written is still right if all runs are the same, or if the segment goes on in a run of one value.
    if (is_written_ && (is_periodic_ || segment.offset > 0)) return buffer_;
    if (segments.has_whole_runs())
      write_runs(axes, k_, data_, segment.run, segment.runs, buffer_);
    else
      fill_beyond(buffer_, segment.count, data_[axes.run_start(k_, segment.run)]);
    is_written_ = true;
    return buffer_;
  }

 private:
  std::size_t k_ = 0;
  const T* data_ = nullptr;
  bool is_contiguous_ = false, is_periodic_ = false, is_written_ = false;
  alignas(64) T buffer_[BroadcastSegments::largest + 64 / sizeof(T)];  // and the widest vector more
};

template <class T>
void map_segments(ElementwiseKernel<T> kernel, const void* op, T* out, const Shape& out_shape, const T* const* in,
                  const Shape* const* shapes, int operands) {
  const auto count = static_cast<std::size_t>(operands);
  const Index size = out_shape.size();
  if (size == 0) return;
  const BroadcastAxes axes(out_shape, shapes, operands);
  if (axes.are_contiguous(count)) return map_in_pieces(kernel, op, size, out, in, operands);
  const BroadcastSegments segments(axes, size);
  for_pieces(segments.count(), std::min(size, BroadcastSegments::largest), [&](Index first, Index last) {
    BroadcastOperand<T> operand[3];
    for (std::size_t k = 0; k < count; ++k) operand[k].start(axes, k, in[k]);
    for (Index index = first; index < last; ++index) {
      const auto segment = segments[index];
      const T* segment_in[3] = {};
      for (std::size_t k = 0; k < count; ++k) segment_in[k] = operand[k].at(axes, segments, segment);
      kernel(op, segment.count, out + segment.begin, segment_in);
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
