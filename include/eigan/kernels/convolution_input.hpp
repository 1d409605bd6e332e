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

/// The adjoint of convolution() in x, which is the transposed convolution: dx[n, i, c] = sum of dy[n, o, k] * w[t, c,
/// k] over all o, t, k with o * stride + t * dilation - pad = i and k in c's group. Writes all of dx, zeros where
/// nothing reaches; the epilogue's bias is one per input channel.
template <class T>
void convolution_input(const T* dy, const T* w, T* dx, const ConvolutionShape& shape,
                       const Epilogue<T>& epilogue = {}) {
  if (shape.batch * detail::product(shape.in) * shape.in_channels == 0) return;
  if (detail::is_matrix(shape)) return detail::convolution_input_as_matmul(dy, w, dx, shape, epilogue);
  if (const Index tile = detail::winograd_input_tile<T>(shape))
    return detail::winograd_convolution_input(dy, w, dx, shape, tile, epilogue);
  Scratch scratch;
  const auto taps = detail::Taps::of_input_adjoint(shape, scratch);
  const auto weights = detail::TapWeights<T>::of_input_adjoint(w, shape);
  if (detail::is_depthwise(shape))
    detail::depthwise_convolution(dy, dx, taps, shape.kernel, weights, epilogue);
  else if (detail::tap_sums_pay<T>(taps, shape.kernel, shape.groups, shape.in_channels))
    detail::TapSums<T>(taps, shape.kernel, shape.in_channels, weights).compute(dy, dx, epilogue);
  else
    detail::StripConvolution<T>(taps, shape.kernel, shape.groups, shape.in_channels, weights).compute(dy, dx, epilogue);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
