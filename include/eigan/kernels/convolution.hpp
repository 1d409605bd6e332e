#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "convolution_shape.hpp"
#include "epilogue.hpp"
#include "matmul.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// Convolution of channels-last data, y = w * x; the layouts and the formula stand at ConvolutionShape. Writes all of
/// y.
template <class T>
void convolution(const T* x, const T* w, T* y, const ConvolutionShape& shape, const Epilogue<T>& epilogue = {}) {
  const auto [depth, height, width] = shape.out;
  const Index group_in = shape.in_channels / shape.groups, group_out = shape.out_channels / shape.groups;
  if (shape.batch * depth * height * width * shape.out_channels == 0) return;
  parallel_for(shape.batch * depth * height, [&, depth = depth, height = height, width = width](Index item) {
    const Index n = item / (depth * height), od = item / height % depth, oh = item % height;
    for (Index ow = 0; ow < width; ++ow)
      for (Index k = 0; k < shape.out_channels; ++k) {
        T sum = T(0);
        for (Index td = 0; td < shape.kernel[0]; ++td)
          for (Index th = 0; th < shape.kernel[1]; ++th)
            for (Index tw = 0; tw < shape.kernel[2]; ++tw) {
              const Index d = od * shape.stride[0] + td * shape.dilation[0] - shape.pad[0];
              const Index h = oh * shape.stride[1] + th * shape.dilation[1] - shape.pad[1];
              const Index v = ow * shape.stride[2] + tw * shape.dilation[2] - shape.pad[2];
              if (d < 0 || d >= shape.in[0] || h < 0 || h >= shape.in[1] || v < 0 || v >= shape.in[2]) continue;
              const T* const from = x +
                                    (((n * shape.in[0] + d) * shape.in[1] + h) * shape.in[2] + v) * shape.in_channels +
                                    k / group_out * group_in;
              const T* const weight =
                  w + ((td * shape.kernel[1] + th) * shape.kernel[2] + tw) * group_in * shape.out_channels + k;
              for (Index c = 0; c < group_in; ++c) sum += from[c] * weight[c * shape.out_channels];
            }
        T& to = y[(item * width + ow) * shape.out_channels + k];
        to = detail::finished(sum, to, k, epilogue);
      }
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels
