#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "convolution_shape.hpp"
#include "epilogue.hpp"
#include "matmul.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// The adjoint of convolution() in w: dw[t, c, k] = sum over n and o of x[n, o * stride + t * dilation - pad, c] *
/// dy[n, o, k]. Writes all of dw.
template <class T>
void convolution_weight(const T* x, const T* dy, T* dw, const ConvolutionShape& shape) {
  const Index group_in = shape.in_channels / shape.groups, group_out = shape.out_channels / shape.groups;
  const Index taps = shape.kernel[0] * shape.kernel[1] * shape.kernel[2];
  parallel_for(taps * group_in, [&](Index item) {
    T* const to = dw + item * shape.out_channels;
    std::fill_n(to, shape.out_channels, T(0));
    const Index tap = item / group_in, c = item % group_in;
    const Index td = tap / (shape.kernel[1] * shape.kernel[2]), th = tap / shape.kernel[2] % shape.kernel[1],
                tw = tap % shape.kernel[2];
    for (Index n = 0; n < shape.batch; ++n)
      for (Index od = 0; od < shape.out[0]; ++od)
        for (Index oh = 0; oh < shape.out[1]; ++oh)
          for (Index ow = 0; ow < shape.out[2]; ++ow) {
            const Index d = od * shape.stride[0] + td * shape.dilation[0] - shape.pad[0];
            const Index h = oh * shape.stride[1] + th * shape.dilation[1] - shape.pad[1];
            const Index v = ow * shape.stride[2] + tw * shape.dilation[2] - shape.pad[2];
            if (d < 0 || d >= shape.in[0] || h < 0 || h >= shape.in[1] || v < 0 || v >= shape.in[2]) continue;
            const T* const from = x + (((n * shape.in[0] + d) * shape.in[1] + h) * shape.in[2] + v) * shape.in_channels;
            const T* const gradient =
                dy + (((n * shape.out[0] + od) * shape.out[1] + oh) * shape.out[2] + ow) * shape.out_channels;
            for (Index k = 0; k < shape.out_channels; ++k) to[k] += from[k / group_out * group_in + c] * gradient[k];
          }
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels
