// What the augmentations draw, read off their results: each image's move from coordinates painted into it, its colours
// from the images of black and of the three primaries.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include <eigan/augment/augment.hpp>

#include "catch.hpp"
#include "ops/gradients.hpp"

using namespace eigan;
using augment::AdaptiveAugment;
using augment::AdaptiveAugmentOptions;
using augment::DiffAugment;
using test::Var;

namespace {

template <class Augmentation>
Var applied(const Augmentation& augmentation, const Var& x) {
  RandomStream stream(5, "augmentation");
  return augmentation(x, augment::AugmentationContext{stream});
}

/// The result's pixel (x, y), from the middle, is the image's at (a x + b y + c, d x + e y + f).
struct Move {
  double a, b, c, d, e, f;

  double determinant() const { return a * e - b * d; }
  /// The lengths of what unit steps to the right and down become; their product is |determinant| for rotations of
  /// a stretched image.
  std::array<double, 2> singular_values() const {
    const double sum = std::hypot(a + e, d - b), difference = std::hypot(a - e, d + b);
    return {(sum + difference) / 2, std::abs(sum - difference) / 2};
  }
};

/// What each of `count` images of `size` squared is moved by: channel 0 holds x, channel 1 y, small enough for all
/// that is read near the middle to come from inside.
std::vector<Move> moves_of(const AdaptiveAugment& augmentation, Index count, Index size) {
  Tensor<double> image(Shape{count, size, size, 3});
  const double middle = 0.5 * static_cast<double>(size - 1);
  for (Index n = 0; n < count; ++n)
    for (Index i = 0; i < size; ++i)
      for (Index j = 0; j < size; ++j) {
        double* const pixel = image.mutable_data() + ((n * size + i) * size + j) * 3;
        pixel[0] = static_cast<double>(j) - middle, pixel[1] = static_cast<double>(i) - middle, pixel[2] = 0;
      }
  const Var result = applied(augmentation, Var(image));
  // Catmull-Rom's cubic keeps what is linear; three pixels about the middle give the map.
  const Index at = size / 2;
  const double offset = static_cast<double>(at) - middle;
  std::vector<Move> moves;
  for (Index n = 0; n < count; ++n) {
    const auto value = [&](Index i, Index j, Index channel) {
      return result.data()[((n * size + i) * size + j) * 3 + channel];
    };
    Move move{.a = value(at, at + 1, 0) - value(at, at, 0),
              .b = value(at + 1, at, 0) - value(at, at, 0),
              .c = 0,
              .d = value(at, at + 1, 1) - value(at, at, 1),
              .e = value(at + 1, at, 1) - value(at, at, 1),
              .f = 0};
    move.c = value(at, at, 0) - (move.a + move.b) * offset;
    move.f = value(at, at, 1) - (move.d + move.e) * offset;
    moves.push_back(move);
  }
  return moves;
}

struct Moments {
  double mean = 0, deviation = 0;
};
Moments moments(const std::vector<double>& values) {
  Moments found;
  for (const double value : values) found.mean += value / static_cast<double>(values.size());
  for (const double value : values)
    found.deviation += (value - found.mean) * (value - found.mean) / static_cast<double>(values.size());
  found.deviation = std::sqrt(found.deviation);
  return found;
}

/// Whether the values spread evenly over [low, high): each tenth holds a tenth of them.
void check_uniform(const std::vector<double>& values, double low, double high) {
  std::array<double, 10> share{};
  for (const double value : values) {
    REQUIRE(value >= low - 1e-9);
    REQUIRE(value <= high + 1e-9);
    const auto bin = static_cast<std::size_t>(std::clamp((value - low) / (high - low) * 10, 0.0, 9.0));
    share[bin] += 10 / static_cast<double>(values.size());
  }
  for (const double each : share) CHECK(each == Approx(1).margin(0.25));
}

/// A colour's image under each sample's map: of black (the shift), red, green and blue.
struct Colours {
  std::array<double, 3> shift;
  std::array<std::array<double, 3>, 3> primary;  // [primary][channel], less the shift

  /// What a unit of grey becomes, along grey.
  double along() const {
    double sum = 0;
    for (const auto& row : primary)
      for (const double value : row) sum += value;
    return sum / 3;
  }
  /// How long the part of red across grey becomes, against what it was.
  double across() const {
    const double mean = (primary[0][0] + primary[0][1] + primary[0][2]) / 3;
    double length = 0;
    for (const double value : primary[0]) length += (value - mean) * (value - mean);
    return std::sqrt(length / (2.0 / 3));
  }
  /// The angle that red has turned by about grey, positive towards green.
  double hue() const {
    return std::atan2((primary[0][1] - primary[0][2]) * std::sqrt(3.0) / 2,
                      primary[0][0] - (primary[0][1] + primary[0][2]) / 2);
  }
};

template <class Augmentation>
std::vector<Colours> colours_of(const Augmentation& augmentation, Index count) {
  Tensor<double> image = Tensor<double>::zeros({count, 2, 2, 3});  // black, red, green, blue
  for (Index n = 0; n < count; ++n)
    for (Index i = 0; i < 3; ++i) image.mutable_data()[n * 12 + (i + 1) * 3 + i] = 1;
  const Var result = applied(augmentation, Var(image));
  std::vector<Colours> colours(static_cast<std::size_t>(count));
  for (Index n = 0; n < count; ++n) {
    const double* const at = result.data() + n * 12;
    Colours& found = colours[static_cast<std::size_t>(n)];
    for (std::size_t k = 0; k < 3; ++k) found.shift[k] = at[k];
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t k = 0; k < 3; ++k) found.primary[i][k] = at[(i + 1) * 3 + k] - at[k];
  }
  return colours;
}

template <class T>
std::vector<double> each(const std::vector<T>& all, const auto& f) {
  std::vector<double> values;
  for (const T& one : all) values.push_back(f(one));
  return values;
}

constexpr Index count = 2000;

}  // namespace

TEST_CASE("whole-pixel moves: mirrors, quarter turns, and up to an eighth of the size, all as likely", "[augment]") {
  constexpr Index size = 40;
  const std::vector<Move> moves =
      moves_of(AdaptiveAugment({.strength = 1, .geometry = false, .colour = false}), count, size);
  std::array<std::array<double, 4>, 2> share{};  // [mirrored][quarters]
  std::vector<double> right, down;
  for (const Move& move : moves) {
    for (const double entry : {move.a, move.b, move.d, move.e}) REQUIRE(std::abs(entry - std::round(entry)) < 1e-9);
    REQUIRE(std::abs(std::abs(move.determinant()) - 1) < 1e-9);
    const auto quarters = static_cast<std::size_t>(
        std::lround(std::atan2(move.d, move.determinant() < 0 ? -move.a : move.a) / (std::numbers::pi / 2)) & 3);
    share[move.determinant() < 0][quarters] += 8.0 / count;
    REQUIRE(std::abs(move.c - std::round(move.c)) < 1e-9);
    right.push_back(move.c), down.push_back(move.f);
  }
  for (const auto& turned : share)
    for (const double one : turned) CHECK(one == Approx(1).margin(0.25));
  // Uniform in [-5, 5] and rounded: the ends are half as likely.
  for (const auto& shifts : {right, down}) {
    for (const double shift : shifts) REQUIRE(std::abs(shift) <= 5);
    for (int at = -5; at <= 5; ++at) {
      const auto found = static_cast<double>(std::count(shifts.begin(), shifts.end(), static_cast<double>(at)));
      CHECK(found / count == Approx(std::abs(at) == 5 ? 0.05 : 0.1).margin(0.025));
    }
  }
}

TEST_CASE("geometric moves have the paper's magnitudes", "[augment]") {
  constexpr Index size = 80;
  std::vector<Move> moves = moves_of(AdaptiveAugment({.strength = 1, .pixel = false, .colour = false}), count, size);
  // A few are moved by half the size, four deviations, so that the middle shows what the border mirrors.
  std::erase_if(moves, [](const Move& m) { return m.determinant() <= 0; });
  REQUIRE(static_cast<double>(moves.size()) > 0.99 * count);
  // The area changes by the square of the scale, 2^N(0, 0.2); the ratio of the axes by the square of the stretch.
  const Moments scale = moments(each(moves, [](const Move& m) { return std::log2(m.determinant()) / 2; }));
  CHECK(scale.mean == Approx(0).margin(0.02));
  CHECK(scale.deviation == Approx(0.2).margin(0.015));
  const auto stretch = each(moves, [](const Move& m) {
    const auto [longer, shorter] = m.singular_values();
    return std::log2(longer / shorter) / 2;  // |N(0, 0.2)|
  });
  double squares = 0;
  for (const double value : stretch) squares += value * value / static_cast<double>(moves.size());
  CHECK(std::sqrt(squares) == Approx(0.2).margin(0.015));
  // Moved by N(0, 1/8) of the size, as the last step: the first of the inverse, so its matrix turns and scales it.
  std::vector<double> right, down;
  for (const Move& m : moves) {
    right.push_back((m.e * m.c - m.b * m.f) / m.determinant() / size);
    down.push_back((m.a * m.f - m.d * m.c) / m.determinant() / size);
  }
  for (const auto& shift : {moments(right), moments(down)}) {
    CHECK(shift.mean == Approx(0).margin(0.015));
    CHECK(shift.deviation == Approx(0.125).margin(0.01));
  }
  // However much an image was scaled: that it is scaled first shows in this, since then the two are independent.
  double together = 0, squared = 0;
  for (std::size_t i = 0; i < moves.size(); ++i) {
    const double scaled = std::log2(moves[i].determinant()) / 2;
    together += scaled * std::log2(std::hypot(right[i], down[i])), squared += scaled * scaled;
  }
  CHECK(together / squared == Approx(0).margin(0.4));  // the slope would be -1
  // Two rotations by any angle: which way up it ends is even, and so is along which line it was stretched.
  check_uniform(each(moves, [](const Move& m) { return std::atan2(m.d - m.b, m.a + m.e); }), -std::numbers::pi,
                std::numbers::pi);
  check_uniform(each(moves, [](const Move& m) { return std::atan2(m.d + m.b, m.a - m.e); }), -std::numbers::pi,
                std::numbers::pi);
}

TEST_CASE("rotations go as far as they may, in two steps", "[augment]") {
  constexpr double most = 20 * std::numbers::pi / 180;
  const std::vector<Move> moves =
      moves_of(AdaptiveAugment({.strength = 1, .pixel = false, .rotation = 20, .colour = false}), count, 80);
  std::vector<double> angles;
  for (const Move& m : moves)
    if (m.determinant() > 0) angles.push_back(std::atan2(m.d - m.b, m.a + m.e));
  const auto [least, largest] = std::minmax_element(angles.begin(), angles.end());
  CHECK(*largest < 2 * most);
  CHECK(*largest > 1.8 * most);
  CHECK(*least > -2 * most);
  CHECK(*least < -1.8 * most);
  CHECK(moments(angles).deviation == Approx(most * std::sqrt(2.0 / 3)).epsilon(0.06));  // of two uniform ones
}

TEST_CASE("colours: the paper's magnitudes, in its order", "[augment]") {
  const auto colours = colours_of(AdaptiveAugment({.strength = 1, .pixel = false, .geometry = false}), count);
  std::vector<double> brightness, contrast, saturation;
  double flipped = 0;
  for (const Colours& map : colours) {
    // Grey stays grey; and is shifted before contrast and flip scale it.
    REQUIRE(map.shift[1] == Approx(map.shift[0]).margin(1e-9));
    REQUIRE(map.shift[2] == Approx(map.shift[0]).margin(1e-9));
    brightness.push_back(map.shift[0] / map.along());
    contrast.push_back(std::log2(std::abs(map.along())));
    saturation.push_back(std::log2(map.across() / std::abs(map.along())));
    flipped += map.along() < 0;
  }
  CHECK(moments(brightness).mean == Approx(0).margin(0.02));
  CHECK(moments(brightness).deviation == Approx(0.2).margin(0.015));
  CHECK(moments(contrast).mean == Approx(0).margin(0.05));
  CHECK(moments(contrast).deviation == Approx(0.5).margin(0.04));
  CHECK(moments(saturation).mean == Approx(0).margin(0.1));
  CHECK(moments(saturation).deviation == Approx(1).margin(0.08));
  CHECK(flipped / count == Approx(0.5).margin(0.04));
  check_uniform(each(colours, [](const Colours& map) { return map.hue(); }), -std::numbers::pi, std::numbers::pi);
}

TEST_CASE("DiffAugment's saturation and holes are even", "[augment]") {
  // Colours: across grey by the saturation, in [0, 2], times the contrast, [1/2, 3/2]; what contrast does alone is
  // seen on an image's mean colour being kept. The ratio of across to along is the saturation.
  const auto colours = colours_of(DiffAugment{.translation = false, .cutout = false}, count);
  check_uniform(each(colours,
                     [](const Colours& map) {
                       // Red less black, along grey: scaled by the contrast alone.
                       const double along = map.primary[0][0] + map.primary[0][1] + map.primary[0][2];
                       return map.across() / along;
                     }),
                0, 2);

  constexpr Index size = 12, many = 6000;
  const Var cut =
      applied(DiffAugment{.colour = false, .translation = false}, Var(Tensor<double>::full({many, size, size, 1}, 1)));
  // The hole is 6 x 6 about a place that is drawn from 0 to 12: a pixel's row is in it for 6 of 13, less at borders.
  std::array<double, size> rows{}, columns{};
  for (Index n = 0; n < many; ++n) {
    std::array<bool, size> row{}, column{};
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = 0; j < size; ++j)
        if (cut.data()[(n * size + static_cast<Index>(i)) * size + static_cast<Index>(j)] == 0)
          row[i] = column[j] = true;
    for (std::size_t i = 0; i < size; ++i) rows[i] += row[i], columns[i] += column[i];
  }
  for (std::size_t i = 0; i < size; ++i) {
    // Middles c in [0, 12] with c - 3 <= i < c + 3.
    double ways = 0;
    for (int middle = 0; middle <= size; ++middle)
      ways += static_cast<int>(i) >= middle - 3 && static_cast<int>(i) < middle + 3;
    CHECK(rows[i] / many == Approx(ways / 13).margin(0.025));
    CHECK(columns[i] / many == Approx(ways / 13).margin(0.025));
  }
}
