#pragma once

#include "../core/config.hpp"
#include "convolution_shape.hpp"
#include "epilogue.hpp"
#include "simd/winograd.hpp"
#include "tap_weights.hpp"
#include "winograd_axes.hpp"
#include "winograd_convolution.hpp"
#include "winograd_gradient.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// The transforms of a tile of made x made outputs: 4 for phases of 3 taps, 2 or 4 for phases of 2.
template <class T>
const WinogradTransforms<T>& winograd_transforms_for(Index made, Index taps) {
  if (taps == 3) return winograd_transforms<4, 3, T>();
  return made == 2 ? winograd_transforms<2, 2, T>() : winograd_transforms<4, 2, T>();
}

/// convolution() by tiles of made x made outputs, for what has_winograd().
template <class T>
void winograd_convolution(const T* x, const T* w, T* y, const ConvolutionShape& s, Index made,
                          const Epilogue<T>& epilogue) {
  const auto height = WinogradAxis::of_convolution(s, 1), width = WinogradAxis::of_convolution(s, 2);
  WinogradConvolution<T>({height, width, s.batch, made}, winograd_transforms_for<T>(made, height.taps), s.in_channels,
                         s.out_channels, TapWeights<T>::of_convolution(w, s))
      .compute(x, y, epilogue);
}

/// convolution_input() likewise.
template <class T>
void winograd_convolution_input(const T* dy, const T* w, T* dx, const ConvolutionShape& s, Index made,
                                const Epilogue<T>& epilogue) {
  const auto height = WinogradAxis::of_input_adjoint(s, 1), width = WinogradAxis::of_input_adjoint(s, 2);
  WinogradConvolution<T>({height, width, s.batch, made}, winograd_transforms_for<T>(made, height.taps), s.out_channels,
                         s.in_channels, TapWeights<T>::of_input_adjoint(w, s))
      .compute(dy, dx, epilogue);
}

/// convolution_weight() likewise.
template <class T>
void winograd_convolution_weight(const T* x, const T* dy, T* dw, const ConvolutionShape& s, Index made) {
  const auto height = WinogradAxis::of_convolution(s, 1), width = WinogradAxis::of_convolution(s, 2);
  WinogradGradient<T>({height, width, s.batch, made}, winograd_transforms_for<T>(made, height.taps), s.in_channels,
                      s.out_channels)
      .compute(x, dy, dw);
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
