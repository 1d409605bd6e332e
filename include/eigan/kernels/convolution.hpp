#pragma once

#include "../core/config.hpp"
#include "convolution_shape.hpp"
#include "epilogue.hpp"
#include "strip_convolution.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// Convolution of channels-last data, y = w * x; the layouts and the formula stand at ConvolutionShape. Writes all of
/// y.
template <class T>
void convolution(const T* x, const T* w, T* y, const ConvolutionShape& shape, const Epilogue<T>& epilogue = {}) {
  if (shape.batch * detail::product(shape.out) * shape.out_channels == 0) return;
  Scratch scratch;
  const Index group_in = shape.in_channels / shape.groups, group_out = shape.out_channels / shape.groups;
  const detail::TapWeights<T> weights = {.data = w,
                                         .tap_step = group_in * shape.out_channels,
                                         .row_step = shape.out_channels,
                                         .column_step = 1,
                                         .group_step = group_out};
  const detail::StripConvolution<T> engine(detail::Taps::of_convolution(shape, scratch), shape.kernel, shape.groups,
                                           shape.out_channels, weights);
  engine.compute(x, y, epilogue);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
