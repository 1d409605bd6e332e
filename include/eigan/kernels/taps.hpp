#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "convolution_shape.hpp"
#include "scratch.hpp"
#include "strip.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Along one axis, the target pixels first, first + step, ... (`grid` of them) and the taps that reach them: pixel
/// number o sees the source at o * step + shift[i] through tap[i].
struct AxisTaps {
  Index grid = 1;
  Index first = 0;
  Index count = 0;
  Index* tap = nullptr;
  Index* shift = nullptr;
};

/// A convolution or its input adjoint as windows on a source and, for each axis, one or more sets of taps.
///
/// The convolution has one set: output o sees input o * stride + t * dilation - pad. The adjoint has `stride` sets:
/// input pixel i = stride * u + r sees the outputs o with o * stride = i + pad - t * dilation, which are o = u + (r +
/// pad - t * dilation) / stride for the taps that leave no remainder. So a transposed convolution is stride² small
/// convolutions of stride 1, one for each residue r of the target's rows and columns, and no product with a zero is
/// computed.
struct Taps {
  Windows windows;
  Axes target = {1, 1, 1};       ///< pixels of a target sample
  Axes target_step = {1, 1, 1};  ///< from one position of a set to the next, in target pixels
  std::array<AxisTaps*, 3> sets{};
  Axes set_count = {1, 1, 1};

  static Taps of_convolution(const ConvolutionShape& s, Scratch& scratch) {
    Taps taps;
    taps.windows = {.batch = s.batch, .channels = s.in_channels, .source = s.in, .grid = s.out, .step = s.stride};
    taps.target = s.out;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      AxisTaps& set = taps.add_sets(axis, 1, s.kernel[axis], scratch)[0];
      set.grid = s.out[axis];
      for (Index t = 0; t < s.kernel[axis]; ++t) set_tap(set, t, t * s.dilation[axis] - s.pad[axis]);
      taps.bound(axis);
    }
    return taps;
  }

  static Taps of_input_adjoint(const ConvolutionShape& s, Scratch& scratch) {
    Taps taps;
    taps.windows = {.batch = s.batch, .channels = s.out_channels, .source = s.out};
    taps.target = s.in;
    taps.target_step = s.stride;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const Index stride = s.stride[axis];
      AxisTaps* const sets = taps.add_sets(axis, std::min(stride, s.in[axis]), s.kernel[axis], scratch);
      for (Index r = 0; r < taps.set_count[axis]; ++r) {
        sets[r].first = r;
        sets[r].grid = ceil_divide(s.in[axis] - r, stride);
        for (Index t = s.kernel[axis] - 1; t >= 0; --t) {
          const Index reached = r + s.pad[axis] - t * s.dilation[axis];
          if (reached % stride == 0) set_tap(sets[r], t, reached / stride);
        }
      }
      taps.windows.grid[axis] = ceil_divide(s.in[axis], stride);
      taps.bound(axis);
    }
    return taps;
  }

  /// Calls visit(number, taps along depth, height, width) for every set of taps over all axes.
  template <class Visit>
  void for_each_set(const Visit& visit) const {
    Index number = 0;
    for (Index d = 0; d < set_count[0]; ++d)
      for (Index h = 0; h < set_count[1]; ++h)
        for (Index w = 0; w < set_count[2]; ++w) visit(number++, sets[0][d], sets[1][h], sets[2][w]);
  }

  /// Calls visit(tap, shift) for every tap of a set.
  template <class Visit>
  static void for_each_tap(const AxisTaps& d, const AxisTaps& h, const AxisTaps& w, const Visit& visit) {
    for (Index i = 0; i < d.count; ++i)
      for (Index j = 0; j < h.count; ++j)
        for (Index k = 0; k < w.count; ++k)
          visit(Axes{d.tap[i], h.tap[j], w.tap[k]}, Axes{d.shift[i], h.shift[j], w.shift[k]});
  }

  /// The number of the target pixel at a position of a set whose first pixel is `first`.
  Index target_pixel(const Axes& first, Index sample, const Axes& position) const {
    Index result = sample;
    for (std::size_t axis = 0; axis < 3; ++axis)
      result = result * target[axis] + first[axis] + position[axis] * target_step[axis];
    return result;
  }

 private:
  AxisTaps* add_sets(std::size_t axis, Index count, Index kernel, Scratch& scratch) {
    set_count[axis] = count;
    sets[axis] = scratch.take<AxisTaps>(count);
    for (Index i = 0; i < count; ++i) {
      Index* const places = scratch.take<Index>(2 * kernel);
      sets[axis][i] = {.tap = places, .shift = places + kernel};
    }
    return sets[axis];
  }

  static void set_tap(AxisTaps& set, Index tap, Index shift) {
    set.tap[set.count] = tap;
    set.shift[set.count] = shift;
    ++set.count;
  }

  // The windows' low and high along an axis, over all its sets.
  void bound(std::size_t axis) {
    bool any = false;
    for (Index i = 0; i < set_count[axis]; ++i) {
      const AxisTaps& set = sets[axis][i];
      for (Index j = 0; j < set.count; ++j) {
        windows.low[axis] = any ? std::min(windows.low[axis], set.shift[j]) : set.shift[j];
        windows.high[axis] = any ? std::max(windows.high[axis], set.shift[j]) : set.shift[j];
        any = true;
      }
    }
  }
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
