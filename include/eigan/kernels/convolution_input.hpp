#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "convolution_shape.hpp"
#include "epilogue.hpp"
#include "matmul.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// The adjoint of convolution() in x, which is the transposed convolution: dx[n, i, c] = sum of dy[n, o, k] * w[t, c,
/// k] over all o, t, k with o * stride + t * dilation - pad = i and k in c's group. Writes all of dx, zeros where
/// nothing reaches; the epilogue's bias is one per input channel.
template <class T>
void convolution_input(const T* dy, const T* w, T* dx, const ConvolutionShape& shape,
                       const Epilogue<T>& epilogue = {}) {
  const auto [depth, height, width] = shape.in;
  const Index group_in = shape.in_channels / shape.groups, group_out = shape.out_channels / shape.groups;
  if (shape.batch * depth * height * width * shape.in_channels == 0) return;
  parallel_for(shape.batch * depth * height, [&, depth = depth, height = height, width = width](Index item) {
    const Index n = item / (depth * height), id = item / height % depth, ih = item % height;
    for (Index iw = 0; iw < width; ++iw)
      for (Index c = 0; c < shape.in_channels; ++c) {
        T sum = T(0);
        for (Index td = 0; td < shape.kernel[0]; ++td)
          for (Index th = 0; th < shape.kernel[1]; ++th)
            for (Index tw = 0; tw < shape.kernel[2]; ++tw) {
              const Index d = id + shape.pad[0] - td * shape.dilation[0],
                          h = ih + shape.pad[1] - th * shape.dilation[1],
                          v = iw + shape.pad[2] - tw * shape.dilation[2];
              if (d < 0 || h < 0 || v < 0 || d % shape.stride[0] || h % shape.stride[1] || v % shape.stride[2])
                continue;
              const Index od = d / shape.stride[0], oh = h / shape.stride[1], ow = v / shape.stride[2];
              if (od >= shape.out[0] || oh >= shape.out[1] || ow >= shape.out[2]) continue;
              const Index first = c / group_in * group_out;
              const T* const from =
                  dy + (((n * shape.out[0] + od) * shape.out[1] + oh) * shape.out[2] + ow) * shape.out_channels + first;
              const T* const weight = w +
                                      (((td * shape.kernel[1] + th) * shape.kernel[2] + tw) * group_in + c % group_in) *
                                          shape.out_channels +
                                      first;
              for (Index k = 0; k < group_out; ++k) sum += from[k] * weight[k];
            }
        T& to = dx[(item * width + iw) * shape.in_channels + c];
        to = detail::finished(sum, to, c, epilogue);
      }
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels
