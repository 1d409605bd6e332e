#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <vector>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "../core/reflected.hpp"
#include "../core/tensor.hpp"
#include "../ops/warp.hpp"

namespace eigan::inline EIGAN_ABI::augment::detail {

/// A map of the plane, in pixels from the image's middle, x to the right and y down: (a x + b y + c, d x + e y + f).
struct Affine {
  double a = 1, b = 0, c = 0, d = 0, e = 1, f = 0;

  static Affine scale(double x, double y) { return {.a = x, .e = y}; }
  static Affine translation(double x, double y) { return {.c = x, .f = y}; }
  static Affine rotation(double angle) {
    const double cosine = std::cos(angle), sine = std::sin(angle);
    return {.a = cosine, .b = -sine, .d = sine, .e = cosine};
  }
  /// Exactly, where rotation() is off by a rounding.
  static Affine quarter_turns(Index count) {
    constexpr std::array<double, 4> cosines{1, 0, -1, 0}, sines{0, 1, 0, -1};
    const auto i = static_cast<std::size_t>(count & 3);
    return {.a = cosines[i], .b = -sines[i], .d = sines[i], .e = cosines[i]};
  }

  /// First `inner`, then this.
  Affine after(const Affine& inner) const {
    return {.a = a * inner.a + b * inner.d,
            .b = a * inner.b + b * inner.e,
            .c = a * inner.c + b * inner.f + c,
            .d = d * inner.a + e * inner.d,
            .e = d * inner.b + e * inner.e,
            .f = d * inner.c + e * inner.f + f};
  }

  friend bool operator==(const Affine&, const Affine&) = default;
};

/// Four neighbours along an axis and their weights by Catmull-Rom's cubic (Keys 1981, a = -1/2), which loses less of
/// what is sharp than linear interpolation does. Beyond the border lies the image's mirror, about its outermost pixels.
struct CubicTaps {
  CubicTaps(double at, Index extent) {
    const double floor = std::floor(at), t = at - floor;
    weights = {((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t,
               (0.5 * t - 0.5) * t * t};
    for (std::size_t i = 0; i < 4; ++i)
      places[i] = reflected(static_cast<Index>(floor) - 1 + static_cast<Index>(i), extent);
  }

  std::array<Index, 4> places{};
  std::array<double, 4> weights{};
};

/// Pixel (i, j) of image n of the result is what images [N, height, width, C] have at inverses[n] of its place.
template <std::floating_point S>
WarpTable<S> affine_table(const std::vector<Affine>& inverses, Index height, Index width) {
  const auto count = static_cast<Index>(inverses.size()), pixels = height * width;
  WarpTable<S> table{Tensor<std::int32_t>(Shape{count, pixels, 16}), Tensor<S>(Shape{count, pixels, 16})};
  std::int32_t* const places = table.places.mutable_data();
  S* const weights = table.weights.mutable_data();
  const double middle_x = 0.5 * static_cast<double>(width - 1), middle_y = 0.5 * static_cast<double>(height - 1);
  parallel_for(count, [&](Index n) {
    const Affine& from = inverses[static_cast<std::size_t>(n)];
    Index next = n * pixels * 16;
    for (Index i = 0; i < height; ++i)
      for (Index j = 0; j < width; ++j) {
        const double x = static_cast<double>(j) - middle_x, y = static_cast<double>(i) - middle_y;
        const CubicTaps columns(from.a * x + from.b * y + from.c + middle_x, width);
        const CubicTaps rows(from.d * x + from.e * y + from.f + middle_y, height);
        for (std::size_t row = 0; row < 4; ++row)
          for (std::size_t column = 0; column < 4; ++column, ++next) {
            places[next] = static_cast<std::int32_t>(rows.places[row] * width + columns.places[column]);
            weights[next] = static_cast<S>(rows.weights[row] * columns.weights[column]);
          }
      }
  });
  return table;
}

}  // namespace eigan::inline EIGAN_ABI::augment::detail
