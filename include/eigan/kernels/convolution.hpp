#pragma once

#include "../core/config.hpp"
#include "convolution_as_matmul.hpp"
#include "convolution_shape.hpp"
#include "depthwise_convolution.hpp"
#include "epilogue.hpp"
#include "strip_convolution.hpp"
#include "tap_sums.hpp"
#include "winograd.hpp"
#include "winograd_choice.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// Convolution of channels-last data, y = w * x; the layouts and the formula stand at ConvolutionShape. Writes all of
/// y.
template <class T>
void convolution(const T* x, const T* w, T* y, const ConvolutionShape& shape, const Epilogue<T>& epilogue = {}) {
  if (shape.batch * detail::product(shape.out) * shape.out_channels == 0) return;
  if (detail::is_matrix(shape)) return detail::convolution_as_matmul(x, w, y, shape, epilogue);
  if (const Index tile = detail::winograd_tile<T>(shape))
    return detail::winograd_convolution(x, w, y, shape, tile, epilogue);
  Scratch scratch;
  const auto taps = detail::Taps::of_convolution(shape, scratch);
  const auto weights = detail::TapWeights<T>::of_convolution(w, shape);
  if (detail::is_depthwise(shape))
    detail::depthwise_convolution(x, y, taps, shape.kernel, weights, epilogue);
  else if (detail::tap_sums_pay<T>(taps, shape.kernel, shape.groups, shape.out_channels))
    detail::TapSums<T>(taps, shape.kernel, shape.out_channels, weights).compute(x, y, epilogue);
  else
    detail::StripConvolution<T>(taps, shape.kernel, shape.groups, shape.out_channels, weights).compute(x, y, epilogue);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
