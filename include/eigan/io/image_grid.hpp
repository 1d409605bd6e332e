#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <string>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "image.hpp"

namespace eigan::inline EIGAN_ABI::io {

/// Numbers in [low, high] as bytes 0 to 255, rounded to the nearest; what lies outside is cut off, NaN becomes 0.
template <std::floating_point Scalar>
Tensor<std::uint8_t> to_image_bytes(const Tensor<Scalar>& images, double low = -1, double high = 1) {
  if (!(low < high))
    throw ConfigError("to_image_bytes: expected low < high, got " + std::to_string(low) + " and " +
                      std::to_string(high));
  Tensor<std::uint8_t> bytes(images.shape());
  std::uint8_t* const to = bytes.mutable_data();
  const Scalar* const from = images.data();
  const double scale = 255 / (high - low);
  for (Index i = 0; i < images.size(); ++i) {
    const double value = (static_cast<double>(from[i]) - low) * scale + 0.5;
    to[i] = static_cast<std::uint8_t>(value >= 0 ? (value < 255 ? value : 255) : 0);
  }
  return bytes;
}

/// Images side by side, row by row, with `gap` white pixels between them: [N, H, W, C] with 1, 3 or 4 channels, or [N,
/// H * H] for square grey ones -> [rows, columns, C] of pixels. `columns` is the number of images in a row, by default
/// one that makes the grid about square. Throws ShapeError for any other shape.
[[gnu::cold]] inline Tensor<std::uint8_t> image_grid(const Tensor<std::uint8_t>& images, Index columns = 0,
                                                     Index gap = 2) {
  Shape shape = images.shape();
  if (shape.rank() == 2) {
    const auto side = static_cast<Index>(std::lround(std::sqrt(static_cast<double>(shape[1]))));
    if (side * side == shape[1]) shape = {shape[0], side, side, 1};
  }
  if (shape.rank() != 4 || shape.size() == 0 || images.size() == 0 || shape[3] == 2 || shape[3] > 4)
    throw ShapeError("image_grid: expected images [N, H, W, C] with 1, 3 or 4 channels, or [N, H * H], got " +
                     to_string(images.shape()));
  const Index count = shape[0], height = shape[1], width = shape[2], channels = shape[3];
  if (columns < 1) columns = static_cast<Index>(std::ceil(std::sqrt(static_cast<double>(count))));
  columns = std::min(columns, count);
  const Index rows = (count + columns - 1) / columns;
  Tensor<std::uint8_t> grid = Tensor<std::uint8_t>::full(
      Shape{rows * (height + gap) - gap, columns * (width + gap) - gap, channels}, std::uint8_t{255});
  std::uint8_t* const to = grid.mutable_data();
  for (Index image = 0; image < count; ++image)
    for (Index y = 0; y < height; ++y) {
      const Index row = image / columns * (height + gap) + y, column = image % columns * (width + gap);
      std::copy_n(images.data() + (image * height + y) * width * channels, width * channels,
                  to + (row * grid.extent(1) + column) * channels);
    }
  return grid;
}

/// Writes images as one PNG, arranged as image_grid() does, with numbers in [low, high] from black to white. The file
/// appears whole or not at all. Throws ShapeError, and DataError if it cannot be written.
template <std::floating_point Scalar>
void save_image_grid(const std::filesystem::path& path, const Tensor<Scalar>& images, Index columns = 0,
                     double low = -1, double high = 1) {
  save_png(path, image_grid(to_image_bytes(images, low, high), columns));
}

/// The same for images that are bytes already.
[[gnu::cold]] inline void save_image_grid(const std::filesystem::path& path, const Tensor<std::uint8_t>& images,
                                          Index columns = 0) {
  save_png(path, image_grid(images, columns));
}

}  // namespace eigan::inline EIGAN_ABI::io
