#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "../core/error.hpp"
#include "../core/pool.hpp"
#include "resample_taps.hpp"
#include "simd/dispatch.hpp"
#include "simd/sums.hpp"
#include "split.hpp"

#define EIGAN_TARGET_FILE "../target/resample.inl"
#include "simd/for_each_target.inl"

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

template <class T>
void combine_rows(const T* x, Index step, const Index* position, const T* weight, Index taps, Index n, T* y) {
  EIGAN_DISPATCH(combine_rows<T>(x, step, position, weight, taps, n, y))
}
template <class T>
void resample_row(const T* x, Index out, Index C, const Index* first, const Index* position, const T* weight, T* y) {
  EIGAN_DISPATCH(resample_row<T>(x, out, C, first, position, weight, y))
}

// The taps of an output row: those of all axes but the last, multiplied out. Positions count rows of the input.
template <class T>
class RowTaps {
 public:
  explicit RowTaps(std::span<const ResampleTaps<T>> outer) : outer_(outer) {
    Index most = 1;
    for (const ResampleTaps<T>& taps : outer) most *= taps.most();
    position_.resize(static_cast<std::size_t>(most));
    weight_.resize(static_cast<std::size_t>(most));
  }

  void move_to(Index row) {
    count_ = 1;
    position_[0] = 0;
    weight_[0] = T(1);
    Index rows = 1;  // of the input, in one step along the axis
    for (auto taps = outer_.rbegin(); taps != outer_.rend(); ++taps) {
      multiply(*taps, row % taps->out, rows);
      row /= taps->out;
      rows *= taps->in;
    }
  }

  Index count() const { return count_; }
  bool plain() const { return count_ == 1 && weight_[0] == T(1); }
  const Index* position() const { return position_.data(); }
  const T* weight() const { return weight_.data(); }

 private:
  // Backwards, so that what is read is not yet overwritten.
  void multiply(const ResampleTaps<T>& taps, Index o, Index rows) {
    const Index more = taps.count(o);
    for (Index tap = more - 1; tap >= 0; --tap)
      for (Index i = count_ - 1; i >= 0; --i) {
        const auto from = static_cast<std::size_t>(i), to = static_cast<std::size_t>(tap * count_ + i);
        const auto next = static_cast<std::size_t>(taps.begin(o) + tap);
        position_[to] = position_[from] + taps.position[next] * rows;
        weight_[to] = weight_[from] * taps.weight[next];
      }
    count_ *= more;
  }

  std::span<const ResampleTaps<T>> outer_;
  PooledVector<Index> position_;
  PooledVector<T> weight_;
  Index count_ = 0;
};

}  // namespace detail

/// Resamples the spatial axes, each by its taps: pooling by means, resizing, filtering. Each output row is first
/// combined from input rows, then resampled along itself. x: [N, axes[0].in, ..., C]; y: [N, axes[0].out, ..., C], one
/// axis or more.
template <class T>
void resample(const T* x, Index N, std::span<const ResampleTaps<T>> axes, Index C, T* y) {
  const std::span<const ResampleTaps<T>> outer = axes.first(axes.size() - 1);
  const ResampleTaps<T>& inner = axes.back();
  Index rows_in = 1, rows_out = 1;
  for (const ResampleTaps<T>& taps : outer) {
    rows_in *= taps.in;
    rows_out *= taps.out;
  }
  const Index row_in = inner.in * C, row_out = inner.out * C;
  if (row_out == 0) return;
  detail::for_pieces(N * rows_out, row_in + row_out, [&](Index first, Index last) {
    detail::RowTaps<T> taps(outer);
    PooledVector<T> combined(static_cast<std::size_t>(row_in));
    for (Index row = first; row < last; ++row) {
      taps.move_to(row % rows_out);
      const T* from = x + row / rows_out * rows_in * row_in;
      if (taps.plain()) {
        from += taps.position()[0] * row_in;
      } else {
        detail::combine_rows(from, row_in, taps.position(), taps.weight(), taps.count(), row_in, combined.data());
        from = combined.data();
      }
      detail::resample_row(from, inner.out, C, inner.first.data(), inner.position.data(), inner.weight.data(),
                           y + row * row_out);
    }
  });
}

/// The adjoint of resample with the same taps. dy: [N, axes[0].out, ..., C]; dx: [N, axes[0].in, ..., C], set as a
/// whole.
template <class T>
void resample_adjoint(const T* dy, Index N, std::span<const ResampleTaps<T>> axes, Index C, T* dx) {
  std::array<ResampleTaps<T>, 8> back;
  if (axes.size() > back.size()) throw ShapeError("resample: expected at most 8 axes");
  for (std::size_t axis = 0; axis < axes.size(); ++axis) back[axis] = transposed(axes[axis]);
  resample<T>(dy, N, std::span<const ResampleTaps<T>>(back.data(), axes.size()), C, dx);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
