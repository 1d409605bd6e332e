#pragma once

#include "../core/config.hpp"
#include "convolution_shape.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// The weights of a convolution as its taps see them: element (row, column) of tap t's matrix, [channels seen, channels
/// made] of one group, at data[t * tap_step + row * row_step + column * column_step + group * group_step].
template <class T>
struct TapWeights {
  const T* data;
  Index tap_step, row_step, column_step, group_step;

  static TapWeights of_convolution(const T* w, const ConvolutionShape& s) {
    return {w, s.in_channels / s.groups * s.out_channels, s.out_channels, 1, s.out_channels / s.groups};
  }
  static TapWeights of_input_adjoint(const T* w, const ConvolutionShape& s) {
    return {w, s.in_channels / s.groups * s.out_channels, 1, s.out_channels, s.out_channels / s.groups};
  }
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
