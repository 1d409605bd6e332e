// Pictures of points in the plane.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include <eigan/core/tensor.hpp>

namespace examples {

using eigan::Index;
using eigan::Shape;
using eigan::Tensor;

/// The points in the middle of a square picture with some room around.
class Plot {
 public:
  explicit Plot(const Tensor<float>& points) {
    for (Index i = 0; i < points.size(); ++i) reach_ = std::max(reach_, 1.3f * std::abs(points.data()[i]));
  }

  /// One point for each pixel, [size * size, 2].
  Tensor<float> pixels() const {
    Tensor<float> places(Shape{size * size, 2});
    for (Index y = 0; y < size; ++y)
      for (Index x = 0; x < size; ++x) {
        places.mutable_data()[2 * (y * size + x)] = reach_ * (2 * (static_cast<float>(x) + 0.5f) / size - 1);
        places.mutable_data()[2 * (y * size + x) + 1] = reach_ * (1 - 2 * (static_cast<float>(y) + 0.5f) / size);
      }
    return places;
  }

  /// Shades of grey for the discriminator's values, from its lowest to its highest, in bands: their borders are level
  /// sets.
  void shade(const Tensor<float>& values) {
    const auto [low, high] = std::minmax_element(values.data(), values.data() + values.size());
    for (Index i = 0; i < values.size(); ++i) {
      const float share = (values.data()[i] - *low) / std::max(*high - *low, 1e-6f);
      const auto grey = static_cast<std::uint8_t>(150 + 10 * std::min(std::floor(share * 11), 10.f));
      std::fill_n(image_.mutable_data() + 3 * i, 3, grey);
    }
  }

  void draw(const Tensor<float>& points, const std::array<std::uint8_t, 3>& colour) {
    for (Index i = 0; i < points.extent(0); ++i) {
      const auto x = static_cast<Index>((points.data()[2 * i] / reach_ + 1) / 2 * size);
      const auto y = static_cast<Index>((1 - points.data()[2 * i + 1] / reach_) / 2 * size);
      for (const auto& [dx, dy] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}})
        if (x + dx >= 0 && x + dx < size && y + dy >= 0 && y + dy < size)
          std::copy(colour.begin(), colour.end(), image_.mutable_data() + 3 * ((y + dy) * size + x + dx));
    }
  }

  const Tensor<std::uint8_t>& image() const { return image_; }

 private:
  static constexpr Index size = 512;
  float reach_ = 1e-3f;
  Tensor<std::uint8_t> image_ = Tensor<std::uint8_t>::full({size, size, 3}, 255);
};

}  // namespace examples
