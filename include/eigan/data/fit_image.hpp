#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "../core/config.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "../kernels/resample.hpp"

namespace eigan::inline EIGAN_ABI::data {

/// The largest square in the middle of an image [H, W, C], resized to [size, size, C] by Lanczos' filter, stretched
/// where the image shrinks.
[[gnu::cold]] inline Tensor<std::uint8_t> fit_image(const Tensor<std::uint8_t>& image, Index size) {
  const Index height = image.extent(0), width = image.extent(1), channels = image.extent(2);
  const Index side = std::min(height, width), top = (height - side) / 2, left = (width - side) / 2;
  if (height == size && width == size) return image;
  Tensor<float> square(Shape{side, side, channels});
  for (Index row = 0; row < side; ++row)
    std::copy_n(image.data() + ((top + row) * width + left) * channels, side * channels,
                square.mutable_data() + row * side * channels);
  const kernels::ResampleTaps<float> taps = kernels::lanczos_taps<float>(side, size);
  const std::array axes{taps, taps};
  Tensor<float> resized(Shape{size, size, channels});
  kernels::resample<float>(square.data(), 1, axes, channels, resized.mutable_data());
  Tensor<std::uint8_t> result(resized.shape());
  for (Index i = 0; i < result.size(); ++i)
    result.mutable_data()[i] = static_cast<std::uint8_t>(std::clamp(resized.data()[i] + 0.5F, 0.0F, 255.0F));
  return result;
}

}  // namespace eigan::inline EIGAN_ABI::data
