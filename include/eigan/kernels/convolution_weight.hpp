#pragma once

#include <algorithm>
#include <utility>

#include "../core/config.hpp"
#include "convolution_as_matmul.hpp"
#include "convolution_shape.hpp"
#include "strip_gradient.hpp"
#include "winograd.hpp"
#include "winograd_choice.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

/// Whether few output channels face many input channels, in steps of 1: then the gradient is better computed mirrored.
template <class T>
bool is_better_mirrored(const ConvolutionShape& s) {
  return s.groups == 1 && s.stride == Axes{1, 1, 1} && 2 * s.out_channels <= engine<T>().lanes &&
         s.in_channels > s.out_channels;
}

/// The gradient with x and dy in each other's place: dw[t, c, k] = sum over pixels i of dy[n, i + pad - t * dilation,
/// k] * x[n, i, c], which is the weight gradient of a convolution of dy to x, its taps in reverse order and its
/// channels swapped.
template <class T>
void mirrored_weight_gradient(const T* x, const T* dy, T* dw, const ConvolutionShape& s) {
  ConvolutionShape mirrored = s;
  std::swap(mirrored.in, mirrored.out);
  std::swap(mirrored.in_channels, mirrored.out_channels);
  for (std::size_t axis = 0; axis < 3; ++axis)
    mirrored.pad[axis] = (s.kernel[axis] - 1) * s.dilation[axis] - s.pad[axis];
  Scratch scratch;
  const Index taps = product(s.kernel), size = s.in_channels * s.out_channels;
  T* const gradient = scratch.take<T>(taps * size);
  StripGradient<T>(mirrored).compute(dy, x, gradient);
  for (Index tap = 0; tap < taps; ++tap)
    engine<T>().transpose(gradient + (taps - 1 - tap) * size, s.in_channels, dw + tap * size, s.out_channels,
                          s.out_channels, s.in_channels);
}

}  // namespace detail

/// The adjoint of convolution() in w: dw[t, c, k] = sum over n and o of x[n, o * stride + t * dilation - pad, c] *
/// dy[n, o, k]. Writes all of dw.
template <class T>
void convolution_weight(const T* x, const T* dy, T* dw, const ConvolutionShape& shape) {
  const Index size = detail::product(shape.kernel) * shape.in_channels / shape.groups * shape.out_channels;
  if (size == 0) return;
  if (shape.batch * detail::product(shape.out) == 0)
    std::fill_n(dw, size, T(0));
  else if (detail::sees_all_at_once(shape))
    detail::convolution_weight_as_matmul(x, dy, dw, shape);
  else if (const Index tile = detail::winograd_weight_tile<T>(shape))
    detail::winograd_convolution_weight(x, dy, dw, shape, tile);
  else if (detail::is_better_mirrored<T>(shape))
    detail::mirrored_weight_gradient(x, dy, dw, shape);
  else
    detail::StripGradient<T>(shape).compute(x, dy, dw);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
