#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/parallel.hpp"
#include "../core/random.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "image_set.hpp"

namespace eigan::inline EIGAN_ABI::data {

namespace detail {

/// Red, green and blue, 0 to 1.
using Colour = std::array<double, 3>;

inline Colour mixed(const Colour& a, const Colour& b, double share_of_b) {
  Colour result{};
  for (std::size_t i = 0; i < 3; ++i) result[i] = a[i] + share_of_b * (b[i] - a[i]);
  return result;
}

/// Hue in turns, saturation and value of 0 to 1.
inline Colour colour_of(double hue, double saturation, double value) {
  Colour result{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double k = std::fmod(6 * hue + 5 - 2 * static_cast<double>(i), 6);
    result[i] = value * (1 - saturation * std::clamp(std::min(k, 4 - k), 0.0, 1.0));
  }
  return result;
}

/// Paints one picture after the other: a shape before a background that changes from one side to the other, or a
/// texture all over.
class TexturePainter {
 public:
  static constexpr Index side = 32;
  static constexpr std::array<const char*, 10> names{"disc",    "square", "triangle", "ring",  "cross",
                                                     "stripes", "checks", "dots",     "waves", "rays"};

  void paint(std::int32_t label, RandomStream& random, std::uint8_t* pixels) const {
    const bool is_shape = label < 5;
    const auto between = [&](double low, double high) { return low + (high - low) * random.uniform(); };
    const double hue = random.uniform();
    const Colour front = colour_of(hue, between(0.6, 1), between(0.75, 1));
    const Colour back = colour_of(hue + between(0.25, 0.75), between(0.3, 0.8), between(0.15, 0.5));
    const Colour other_back = mixed(back, colour_of(random.uniform(), 0.4, 0.5), is_shape ? 0.6 : 0.15);
    const double turn = label == 1 || label == 4 ? between(-0.4, 0.4) : between(-std::numbers::pi, std::numbers::pi);
    const double scale = is_shape ? between(8.5, 12.5) : between(3.2, 5.2);
    const double reach = is_shape ? 14.5 - scale : 6, x0 = 15.5 + between(-reach, reach),
                 y0 = 15.5 + between(-reach, reach);
    const double light = between(-std::numbers::pi, std::numbers::pi), stretch = is_shape ? 1 : between(0.8, 1.25);
    const double cosine = std::cos(turn), sine = std::sin(turn), softness = 0.7 / scale;
    for (Index i = 0; i < side; ++i)
      for (Index j = 0; j < side; ++j) {
        const double dx = static_cast<double>(j) - x0, dy = static_cast<double>(i) - y0;
        const double x = (cosine * dx + sine * dy) / scale, y = (cosine * dy - sine * dx) / scale * stretch;
        const double inside = std::clamp(0.5 - distance(label, x, y) / (2 * softness), 0.0, 1.0);
        const double across = (static_cast<double>(j - side / 2) * std::cos(light) +
                               static_cast<double>(i - side / 2) * std::sin(light)) /
                                  side +
                              0.5;
        const Colour behind = mixed(back, other_back, std::clamp(across, 0.0, 1.0));
        const Colour lit = mixed(front, {1, 1, 1}, is_shape ? 0.35 * std::clamp(across, 0.0, 1.0) : 0);
        const Colour colour = mixed(behind, lit, inside);
        for (const double part : colour)
          *pixels++ = static_cast<std::uint8_t>(std::clamp(255 * part + 12 * random.uniform() - 5.5, 0.0, 255.0));
      }
  }

 private:
  /// About how far (x, y) lies outside the figure of that class, whose size is about 1; less than 0 inside.
  static double distance(std::int32_t label, double x, double y) {
    const auto box = [](double u, double v, double half_width, double half_height) {
      return std::max(std::abs(u) - half_width, std::abs(v) - half_height);
    };
    const auto wave = [](double t) { return std::sin(t * std::numbers::pi); };
    const double radius = std::hypot(x, y);
    switch (label) {
      case 0:
        return radius - 1;
      case 1:
        return box(x, y, 0.85, 0.85);
      case 2:
        return std::max(std::abs(x) * 0.866 + y * 0.5, -y) - 0.55;
      case 3:
        return std::abs(radius - 0.75) - 0.25;
      case 4:
        return std::min(box(x, y, 1, 0.32), box(x, y, 0.32, 1));
      case 5:
        return wave(x) * 0.33;
      case 6:
        return wave(x * 0.8) * wave(y * 0.8) * 0.5;
      case 7: {
        const double u = std::remainder(x, 2), v = std::remainder(y, 2);
        return std::hypot(u, v) - 0.62;
      }
      case 8:
        return wave(y + 0.45 * wave(0.7 * x)) * 0.33;
      default:
        return std::sin(5 * std::atan2(y, x)) * 0.2 * radius;
    }
  }
};

}  // namespace detail

/// Coloured pictures made on the spot, for when no data set is at hand: `count` images [N, 32, 32, 3] of ten classes,
/// five shapes before a background and five textures, of any colour, place, turn and size. Image i depends on the seed
/// and i alone, at any number of threads. Throws ConfigError if count < 0.
[[gnu::cold]] inline ImageSet make_textures(Index count, std::uint64_t seed) {
  if (count < 0) throw ConfigError("make_textures: expected 0 images or more, got " + std::to_string(count));
  constexpr Index side = detail::TexturePainter::side, chunk = 64;
  ImageSet set{Tensor<std::uint8_t>(Shape{count, side, side, 3}), Labels(Shape{count})};
  set.classes.assign(detail::TexturePainter::names.begin(), detail::TexturePainter::names.end());
  std::uint8_t* const images = set.images.mutable_data();
  std::int32_t* const labels = set.labels.mutable_data();
  const RandomStream::State start = RandomStream(seed, "textures").state();
  parallel_for((count + chunk - 1) / chunk, [&](Index item) {
    for (Index i = item * chunk; i < std::min(count, (item + 1) * chunk); ++i) {
      RandomStream random(RandomStream::State{start.key, static_cast<std::uint64_t>(i) << 16});
      labels[i] = static_cast<std::int32_t>(random.below(10));
      detail::TexturePainter().paint(labels[i], random, images + i * side * side * 3);
    }
  });
  return set;
}

}  // namespace eigan::inline EIGAN_ABI::data
