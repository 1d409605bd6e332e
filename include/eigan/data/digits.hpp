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
#include "detail/digit_strokes.hpp"
#include "image_set.hpp"

namespace eigan::inline EIGAN_ABI::data {

namespace detail {

/// Draws one digit after the other into 28 x 28 pixels, each as another hand might.
class DigitPen {
 public:
  static constexpr Index side = 28;

  /// Writes the glyph, white on black, as `random` moves the hand.
  void draw(const Glyph& glyph, RandomStream& random, std::uint8_t* pixels) {
    trace(glyph, random);
    place(glyph, random);
    fill(random, pixels);
  }

 private:
  static constexpr std::size_t steps = 5;  // straight pieces from one point of a stroke to the next

  struct Segment {
    Point from, to;
  };

  // A hand that is never quite sure: every point is off by a little of its own, and all by a slow wave across the box.
  // Strokes that meet share a point, which is moved once.
  void trace(const Glyph& glyph, RandomStream& random) {
    const double wave_x = random.uniform() * 2 * std::numbers::pi, wave_y = random.uniform() * 2 * std::numbers::pi;
    const double bend_x = 0.06 * random.normal(), bend_y = 0.045 * random.normal();
    std::array<Point, Glyph::most_strokes * Stroke::most_points> known{}, moved{};
    std::size_t count = 0;
    const auto move = [&](const Point& point) {
      for (std::size_t i = 0; i < count; ++i)
        if (known[i] == point) return moved[i];
      known[count] = point;
      moved[count] = {point.x * glyph.width + bend_x * std::sin(wave_x + 4 * point.y) + 0.02 * random.normal(),
                      point.y + bend_y * std::sin(wave_y + 4 * point.x) + 0.02 * random.normal()};
      return moved[count++];
    };
    size_ = 0;
    for (std::size_t s = 0; s < glyph.count; ++s) {
      const Stroke& stroke = glyph.strokes[s];
      std::array<Point, Stroke::most_points> points{};
      for (std::size_t i = 0; i < stroke.count; ++i) points[i] = move(stroke.points[i]);
      interpolate(points, stroke.count, stroke.closed);
    }
  }

  // Catmull-Rom splines: through every point, in the direction from the one before to the one after.
  void interpolate(const std::array<Point, Stroke::most_points>& points, std::size_t count, bool closed) {
    const auto at = [&](std::size_t i) -> const Point& {  // i counts from one before the first
      if (closed) return points[(i + count - 1) % count];
      return points[std::clamp<std::size_t>(i, 1, count) - 1];
    };
    const std::size_t spans = closed ? count : count - 1;
    for (std::size_t span = 0; span < spans; ++span) {
      const Point &a = at(span), &b = at(span + 1), &c = at(span + 2), &d = at(span + 3);
      Point from = b;
      for (std::size_t step = 1; step <= steps; ++step) {
        const double t = static_cast<double>(step) / static_cast<double>(steps);
        const auto along = [t](double p, double q, double r, double s) {
          return q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
        };
        const Point to{along(a.x, b.x, c.x, d.x), along(a.y, b.y, c.y, d.y)};
        segments_[size_++] = {from, to};
        from = to;
      }
    }
  }

  // Size, proportion, slant, rotation; then the digit's middle goes to the middle of the picture, or near it.
  void place(const Glyph& glyph, RandomStream& random) {
    const double height = 19 + 1.2 * std::clamp(random.normal(), -2.0, 1.5);
    const double width = height * std::exp(0.13 * std::clamp(random.normal(), -2.0, 2.0));
    const double slant = 0.18 + 0.2 * std::clamp(random.normal(), -2.0, 2.0);
    const double turn = 0.09 * std::clamp(random.normal(), -2.0, 2.0);
    const double cosine = std::cos(turn), sine = std::sin(turn);
    const auto map = [&](const Point& point) {
      const double y = (point.y - 0.5) * height, x = (point.x - 0.5 * glyph.width) * width - slant * y;
      return Point{cosine * x - sine * y, sine * x + cosine * y};
    };
    Point low{1e9, 1e9}, high{-1e9, -1e9};
    for (std::size_t i = 0; i < size_; ++i) {
      Segment& segment = segments_[i];
      segment = {map(segment.from), map(segment.to)};
      low = {std::min({low.x, segment.from.x, segment.to.x}), std::min({low.y, segment.from.y, segment.to.y})};
      high = {std::max({high.x, segment.from.x, segment.to.x}), std::max({high.y, segment.from.y, segment.to.y})};
    }
    const double fit = std::min(1.0, 20 / std::max(high.x - low.x, high.y - low.y));
    const Point shift{side / 2 - fit * (low.x + high.x) / 2 + 0.6 * std::clamp(random.normal(), -1.5, 1.5),
                      side / 2 - fit * (low.y + high.y) / 2 + 0.5 * std::clamp(random.normal(), -1.5, 1.5)};
    for (std::size_t i = 0; i < size_; ++i)
      for (Point* const point : {&segments_[i].from, &segments_[i].to})
        *point = {fit * point->x + shift.x, fit * point->y + shift.y};
  }

  // Ink covers a pixel by how far its centre lies within the pen's width.
  void fill(RandomStream& random, std::uint8_t* pixels) {
    const double radius = 1.2 * std::exp(0.22 * std::clamp(random.normal(), -1.5, 2.0)), blur = 0.7;
    const double reach = radius + blur;
    std::array<float, side * side> nearest;  // squared distances
    nearest.fill(1e9F);
    for (std::size_t i = 0; i < size_; ++i) {
      const Segment& segment = segments_[i];
      const auto first = [&](double a, double b) {
        return std::max<Index>(0, static_cast<Index>(std::ceil(std::min(a, b) - reach - 0.5)));
      };
      const auto last = [&](double a, double b) {
        return std::min<Index>(side - 1, static_cast<Index>(std::floor(std::max(a, b) + reach - 0.5)));
      };
      const auto from_x = static_cast<float>(segment.from.x - 0.5), from_y = static_cast<float>(segment.from.y - 0.5);
      const auto along_x = static_cast<float>(segment.to.x - segment.from.x),
                 along_y = static_cast<float>(segment.to.y - segment.from.y);
      const float scale = 1 / std::max(along_x * along_x + along_y * along_y, 1e-12F);
      const Index right = last(segment.from.x, segment.to.x), bottom = last(segment.from.y, segment.to.y);
      for (Index row = first(segment.from.y, segment.to.y); row <= bottom; ++row)
        for (Index column = first(segment.from.x, segment.to.x); column <= right; ++column) {
          const float x = static_cast<float>(column) - from_x, y = static_cast<float>(row) - from_y;
          const float t = std::clamp((x * along_x + y * along_y) * scale, 0.0F, 1.0F);
          const float dx = x - t * along_x, dy = y - t * along_y;
          float& best = nearest[static_cast<std::size_t>(row * side + column)];
          best = std::min(best, dx * dx + dy * dy);
        }
    }
    for (std::size_t i = 0; i < nearest.size(); ++i) {
      const double inside = (reach - std::sqrt(static_cast<double>(nearest[i]))) / (2 * blur);
      pixels[i] = static_cast<std::uint8_t>(255 * std::clamp(inside, 0.0, 1.0) + 0.5);
    }
  }

  std::array<Segment, Glyph::most_strokes * Stroke::most_points * steps> segments_{};
  std::size_t size_ = 0;
};

}  // namespace detail

/// Handwritten-looking digits made on the spot, for when no data set is at hand: `count` images [N, 28, 28, 1], white
/// on black, with labels 0 to 9. Image i depends on the seed and i alone, at any number of threads. Throws ConfigError
/// if count < 0.
inline ImageSet make_digits(Index count, std::uint64_t seed) {
  if (count < 0) throw ConfigError("make_digits: expected 0 images or more, got " + std::to_string(count));
  constexpr Index side = detail::DigitPen::side, chunk = 256;
  ImageSet set{Tensor<std::uint8_t>(Shape{count, side, side, 1}), Labels(Shape{count})};
  std::uint8_t* const images = set.images.mutable_data();
  std::int32_t* const labels = set.labels.mutable_data();
  const RandomStream::State start = RandomStream(seed, "digits").state();
  parallel_for((count + chunk - 1) / chunk, [&](Index item) {
    detail::DigitPen pen;
    for (Index i = item * chunk; i < std::min(count, (item + 1) * chunk); ++i) {
      RandomStream random(RandomStream::State{start.key, static_cast<std::uint64_t>(i) << 16});
      labels[i] = static_cast<std::int32_t>(random.below(10));
      const auto is_of_label = [&](const detail::Glyph& glyph) { return glyph.digit == labels[i]; };
      const auto* const first = std::find_if(detail::glyphs.begin(), detail::glyphs.end(), is_of_label);
      const Index ways = std::count_if(detail::glyphs.begin(), detail::glyphs.end(), is_of_label);
      pen.draw(first[random.below(ways)], random, images + i * side * side);
    }
  });
  return set;
}

}  // namespace eigan::inline EIGAN_ABI::data
