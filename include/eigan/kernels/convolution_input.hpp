#pragma once

#include "../core/config.hpp"
#include "convolution_shape.hpp"
#include "epilogue.hpp"
#include "strip_convolution.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// The adjoint of convolution() in x, which is the transposed convolution: dx[n, i, c] = sum of dy[n, o, k] * w[t, c,
/// k] over all o, t, k with o * stride + t * dilation - pad = i and k in c's group. Writes all of dx, zeros where
/// nothing reaches; the epilogue's bias is one per input channel.
template <class T>
void convolution_input(const T* dy, const T* w, T* dx, const ConvolutionShape& shape,
                       const Epilogue<T>& epilogue = {}) {
  if (shape.batch * detail::product(shape.in) * shape.in_channels == 0) return;
  Scratch scratch;
  const Index group_in = shape.in_channels / shape.groups, group_out = shape.out_channels / shape.groups;
  const detail::TapWeights<T> weights = {.data = w,
                                         .tap_step = group_in * shape.out_channels,
                                         .row_step = 1,
                                         .column_step = shape.out_channels,
                                         .group_step = group_out};
  const detail::StripConvolution<T> engine(detail::Taps::of_input_adjoint(shape, scratch), shape.kernel, shape.groups,
                                           shape.in_channels, weights);
  engine.compute(dy, dx, epilogue);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
