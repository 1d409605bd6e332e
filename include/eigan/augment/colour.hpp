#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <vector>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/tensor.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/matmul.hpp"
#include "../ops/reshape.hpp"

namespace eigan::inline EIGAN_ABI::augment::detail {

/// A map of colours (red, green, blue): matrix * colour + shift. All of these turn about or scale along the grey axis
/// or in the plane across it (Karras et al. 2020, appendix B), so grey stays grey.
struct ColourMap {
  std::array<std::array<double, 3>, 3> matrix = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  std::array<double, 3> shift = {};

  static ColourMap brightness(double shift) { return {.shift = {shift, shift, shift}}; }
  static ColourMap contrast(double factor) { return along_and_across(factor, factor); }
  /// Bright becomes dark, and the hue stays.
  static ColourMap luma_flip() { return along_and_across(-1, 1); }
  static ColourMap saturation(double factor) { return along_and_across(1, factor); }
  /// A rotation about the grey axis (Rodrigues' formula).
  static ColourMap hue(double angle) {
    const double cosine = std::cos(angle), sine = std::sin(angle) / std::sqrt(3.0);
    ColourMap map = along_and_across(1, cosine);
    for (std::size_t i = 0; i < 3; ++i) {
      map.matrix[i][(i + 2) % 3] += sine;
      map.matrix[i][(i + 1) % 3] -= sine;
    }
    return map;
  }

  /// First `inner`, then this.
  ColourMap after(const ColourMap& inner) const {
    ColourMap map{.matrix = {}, .shift = shift};
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t k = 0; k < 3; ++k) {
        for (std::size_t j = 0; j < 3; ++j) map.matrix[i][j] += matrix[i][k] * inner.matrix[k][j];
        map.shift[i] += matrix[i][k] * inner.shift[k];
      }
    return map;
  }

  /// What it makes of grey: factor * value + shift.
  double grey_factor() const {
    double sum = 0;
    for (const auto& row : matrix)
      for (const double value : row) sum += value;
    return sum / 3;
  }
  double grey_shift() const { return (shift[0] + shift[1] + shift[2]) / 3; }

  friend bool operator==(const ColourMap&, const ColourMap&) = default;

 private:
  static ColourMap along_and_across(double along, double across) {
    ColourMap map;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) map.matrix[i][j] = (along - across) / 3 + (i == j ? across : 0);
    return map;
  }
};

/// Each image [H, W, C] of x through its own map.
template <std::floating_point S>
Variable<S> coloured(const Variable<S>& x, const std::vector<ColourMap>& maps) {
  const Index count = x.extent(0), channels = x.extent(3);
  Tensor<S> factors(Shape{count, channels, channels}), shifts(Shape{count, 1, channels});
  S *factor = factors.mutable_data(), *shift = shifts.mutable_data();
  for (const ColourMap& map : maps) {
    if (channels == 1) {
      *factor++ = static_cast<S>(map.grey_factor());
      *shift++ = static_cast<S>(map.grey_shift());
      continue;
    }
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) *factor++ = static_cast<S>(map.matrix[i][j]);
      *shift++ = static_cast<S>(map.shift[i]);
    }
  }
  const Variable<S> pixels = reshape(x, Shape{count, x.extent(1) * x.extent(2), channels});
  const Variable<S> scaled = channels == 1 ? pixels * Variable<S>(factors)
                                           : matmul(pixels, Variable<S>(factors), Transpose::no, Transpose::yes);
  return reshape(scaled + Variable<S>(shifts), x.shape());
}

}  // namespace eigan::inline EIGAN_ABI::augment::detail
