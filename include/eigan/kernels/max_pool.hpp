#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "../core/pool.hpp"
#include "reduce.hpp"
#include "resample_taps.hpp"
#include "split.hpp"

#define EIGAN_TARGET_FILE "../target/max_pool.inl"
#include "simd/for_each_target.inl"

namespace eigan::inline EIGAN_ABI::kernels {

/// How a window moves along one axis, which is padded by what never wins.
struct Window {
  Index in, kernel, stride, before = 0, after = 0;

  Index out() const { return pooled_extent(in, kernel, stride, before, after); }
  Index begin(Index o) const { return std::max<Index>(0, o * stride - before); }
  Index end(Index o) const { return std::min(in, o * stride - before + kernel); }
};

namespace detail {

template <class T>
void maximum_of_window(const T* x, const Index* position, Index count, Index C, T* y, std::int32_t* argmax) {
  EIGAN_DISPATCH(maximum_of_window<T>(x, position, count, C, y, argmax))
}

// Few channels, as of a picture, are no work for vectors.
template <class T>
void maximum_of_narrow_window(const T* x, const Index* position, Index count, Index C, T* y, std::int32_t* argmax) {
  for (Index c = 0; c < C; ++c) {
    Index best = position[0];
    for (Index tap = 1; tap < count; ++tap) {
      const T next = x[position[tap] * C + c], largest = x[best * C + c];
      if (next > largest || (next != next && largest == largest)) best = position[tap];
    }
    y[c] = x[best * C + c];
    argmax[c] = static_cast<std::int32_t>(best);
  }
}

// Lists the positions within one sample that the window at output position `at` covers, in order.
inline Index window_positions(std::span<const Window> axes, Index at, Index* positions) {
  Index count = 1, step = 1;
  positions[0] = 0;
  std::array<Index, 8> places{};
  for (std::size_t axis = axes.size(); axis-- > 0; at /= axes[axis].out()) places[axis] = at % axes[axis].out();
  for (std::size_t axis = axes.size(); axis-- > 0; step *= axes[axis].in) {
    const Window& window = axes[axis];
    const Index begin = window.begin(places[axis]), end = window.end(places[axis]);
    for (Index i = end - 1; i >= begin; --i)
      for (Index inner = count - 1; inner >= 0; --inner)
        positions[(i - begin) * count + inner] = positions[inner] + i * step;
    count *= end - begin;
  }
  return count;
}

struct WindowSizes {
  Index in = 1, out = 1, kernel = 1;
  explicit WindowSizes(std::span<const Window> axes) {
    for (const Window& window : axes) {
      in *= window.in;
      out *= window.out();
      kernel *= window.kernel;
    }
  }
};

}  // namespace detail

/// The maximum over each window, per channel, and the position within the sample (row-major over its spatial axes) of
/// the first that has it; NaN counts as larger than all numbers. Each window covers at least one position (padding of
/// at most half the kernel sees to that). x: [N, axes[0].in, ..., C]; y, argmax: [N, axes[0].out(), ..., C].
template <class T>
void max_pool(const T* x, Index N, std::span<const Window> axes, Index C, T* y, std::int32_t* argmax) {
  const detail::WindowSizes size(axes);
  detail::for_pieces(N * size.out, C * size.kernel, [&](Index first, Index last) {
    PooledVector<Index> positions(static_cast<std::size_t>(size.kernel));
    for (Index row = first; row < last; ++row) {
      const Index count = detail::window_positions(axes, row % size.out, positions.data());
      const auto maximum = C < 8 ? detail::maximum_of_narrow_window<T> : detail::maximum_of_window<T>;
      maximum(x + row / size.out * size.in * C, positions.data(), count, C, y + row * C, argmax + row * C);
    }
  });
}

/// y[n, o, c] = x[n, argmax[n, o, c], c]. x: [N, in, C]; y, argmax: [N, out, C].
template <class T>
void gather_pooled(const T* x, const std::int32_t* argmax, Index N, Index in, Index out, Index C, T* y) {
  detail::for_pieces(N * out, C, [=](Index first, Index last) {
    for (Index row = first; row < last; ++row) {
      const T* const from = x + row / out * in * C;
      for (Index c = 0; c < C; ++c) y[row * C + c] = from[argmax[row * C + c] * C + c];
    }
  });
}

/// The adjoint of gather_pooled, and max_pool's gradient: dx[n, i, c] = the sum of dy[n, o, c] over all o with
/// argmax[n, o, c] = i, in the order of o. dy, argmax: [N, out, C]; dx: [N, in, C], set as a whole.
template <class T>
void scatter_pooled(const T* dy, const std::int32_t* argmax, Index N, Index in, Index out, Index C, T* dx) {
  const Index width = N < 8 ? std::min<Index>(C, 64) : C;  // of few samples, each is cut into blocks of channels
  const Index blocks = width > 0 ? (C + width - 1) / width : 0;
  detail::for_pieces(N * blocks, (in + out) * width, [=](Index first, Index last) {
    for (Index item = first; item < last; ++item) {
      const Index begin = item % blocks * width, end = std::min(C, begin + width);
      const Index from = item / blocks * out;
      T* const to = dx + item / blocks * in * C;
      for (Index i = 0; i < in; ++i) std::fill(to + i * C + begin, to + i * C + end, T(0));
      for (Index row = from; row < from + out; ++row)
        for (Index c = begin; c < end; ++c) to[argmax[row * C + c] * C + c] += dy[row * C + c];
    }
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels
