#pragma once

#include <algorithm>
#include <cstdint>

#include "../core/config.hpp"
#include "../core/parallel.hpp"

// Images whose pixels are weighted sums of a few pixels of other images, by a table of places and weights for each
// image and pixel, and the adjoint. N images; `in` and `out` pixels of C channels each; `taps` places for each pixel.
// Cost: out * taps * C multiply-adds an image. An image is one thread's, and its sums run in the table's order: the
// same bits at any number of threads.

namespace eigan::inline EIGAN_ABI::kernels {

/// y[n, o, c] = the sum over t of weights[n, o, t] * x[n, places[n, o, t], c]. x: [N, in, C]; y: [N, out, C];
/// places, weights: [N, out, taps].
template <class T>
void warp(const T* x, Index N, Index in, Index out, Index C, Index taps, const std::int32_t* places, const T* weights,
          T* y) {
  parallel_for(N, [&](Index n) {
    const T* const image = x + n * in * C;
    for (Index pixel = n * out; pixel < (n + 1) * out; ++pixel) {
      T* const to = y + pixel * C;
      std::fill_n(to, C, T(0));
      for (Index t = pixel * taps; t < (pixel + 1) * taps; ++t) {
        const T* const from = image + places[t] * C;
        for (Index c = 0; c < C; ++c) to[c] += weights[t] * from[c];
      }
    }
  });
}

/// The adjoint of warp: dx[n, places[n, o, t], c] = the sum of weights[n, o, t] * dy[n, o, c]. dx is set as a whole.
template <class T>
void warp_adjoint(const T* dy, Index N, Index in, Index out, Index C, Index taps, const std::int32_t* places,
                  const T* weights, T* dx) {
  parallel_for(N, [&](Index n) {
    T* const image = dx + n * in * C;
    std::fill_n(image, in * C, T(0));
    for (Index pixel = n * out; pixel < (n + 1) * out; ++pixel) {
      const T* const from = dy + pixel * C;
      for (Index t = pixel * taps; t < (pixel + 1) * taps; ++t) {
        T* const to = image + places[t] * C;
        for (Index c = 0; c < C; ++c) to[c] += weights[t] * from[c];
      }
    }
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels
