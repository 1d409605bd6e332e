#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "convolution_as_matmul.hpp"
#include "convolution_shape.hpp"
#include "strip_gradient.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// The adjoint of convolution() in w: dw[t, c, k] = sum over n and o of x[n, o
/// * stride + t * dilation - pad, c] * dy[n, o, k]. Writes all of dw.
template <class T>
void convolution_weight(const T* x, const T* dy, T* dw, const ConvolutionShape& shape) {
  const Index size = detail::product(shape.kernel) * shape.in_channels / shape.groups * shape.out_channels;
  if (size == 0) return;
  if (shape.batch * detail::product(shape.out) == 0) {
    std::fill_n(dw, size, T(0));
    return;
  }
  if (detail::sees_all_at_once(shape)) return detail::convolution_weight_as_matmul(x, dy, dw, shape);
  detail::StripGradient<T>(shape).compute(x, dy, dw);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
