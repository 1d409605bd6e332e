// Where an affine map finds its pixels, and what a colour map makes of colours.
#include <cmath>
#include <numbers>
#include <vector>

#include <eigan/augment/affine.hpp>
#include <eigan/augment/colour.hpp>
#include <eigan/ops/elementwise.hpp>

#include "catch.hpp"
#include "ops/gradients.hpp"

using namespace eigan;
using augment::detail::Affine;
using augment::detail::ColourMap;
using test::random;
using test::Var;

namespace {

constexpr Index height = 6, width = 6;

Var moved(const Var& x, const Affine& inverse) {
  return warp(x, augment::detail::affine_table<double>(
                     std::vector<Affine>(static_cast<std::size_t>(x.extent(0)), inverse), x.extent(1), x.extent(2)));
}

/// result(i, j) is x(from(i, j)).
template <class From>
void check_is(const Var& result, const Var& x, const From& from) {
  for (Index i = 0; i < height; ++i)
    for (Index j = 0; j < width; ++j) {
      const auto [row, column] = from(i, j);
      for (Index c = 0; c < 2; ++c)
        REQUIRE(result.data()[(i * width + j) * 2 + c] == x.data()[(row * width + column) * 2 + c]);
    }
}

double at(const Var& image, Index i, Index j) { return image.data()[i * image.extent(2) + j]; }

}  // namespace

TEST_CASE("mirrors, quarter turns and whole pixels move pixels exactly", "[augment]") {
  const Var x = random({1, height, width, 2});
  const auto mirror = [](Index i) { return i < 0 ? -i : i < width ? i : 2 * (width - 1) - i; };
  check_is(moved(x, {}), x, [](Index i, Index j) { return std::pair(i, j); });
  check_is(moved(x, Affine::scale(-1, 1)), x, [](Index i, Index j) { return std::pair(i, width - 1 - j); });
  check_is(moved(x, Affine::translation(2, -1)), x,
           [&](Index i, Index j) { return std::pair(mirror(i - 1), mirror(j + 2)); });
  check_is(moved(x, Affine::quarter_turns(2)), x,
           [](Index i, Index j) { return std::pair(height - 1 - i, width - 1 - j); });
  // (x, y) comes from (-y, x): x to the right, y down.
  check_is(moved(x, Affine::quarter_turns(1)), x, [](Index i, Index j) { return std::pair(j, width - 1 - i); });
  check_is(moved(moved(x, Affine::quarter_turns(1)), Affine::quarter_turns(3)), x,
           [](Index i, Index j) { return std::pair(i, j); });
  // Far outside, the mirrors' mirrors.
  check_is(moved(x, Affine::translation(10, 0)), x, [](Index i, Index j) { return std::pair(i, j); });
}

TEST_CASE("a warp of a smooth image is that image elsewhere", "[augment]") {
  const auto picture = [](double x, double y) { return std::sin(0.25 * x + 0.1) * std::cos(0.2 * y) + 0.1 * x; };
  constexpr Index size = 24;
  Tensor<double> pixels(Shape{1, size, size, 1});
  const double middle = 0.5 * (size - 1);
  for (Index i = 0; i < size; ++i)
    for (Index j = 0; j < size; ++j)
      pixels.mutable_data()[i * size + j] = picture(static_cast<double>(j) - middle, static_cast<double>(i) - middle);
  const Affine map = Affine::translation(0.3, -0.7).after(Affine::rotation(0.4)).after(Affine::scale(0.8, 1.1));
  const Var result = moved(Var(pixels), map);
  double worst = 0;
  for (Index i = 6; i < size - 6; ++i)
    for (Index j = 6; j < size - 6; ++j) {
      // scaled, then turned, then moved
      const double x = 0.8 * (static_cast<double>(j) - middle), y = 1.1 * (static_cast<double>(i) - middle);
      const double from_x = std::cos(0.4) * x - std::sin(0.4) * y + 0.3,
                   from_y = std::sin(0.4) * x + std::cos(0.4) * y - 0.7;
      worst = std::max(worst, std::abs(at(result, i, j) - picture(from_x, from_y)));
    }
  CHECK(worst < 2e-3);
}

TEST_CASE("colour maps do to colours what they are called", "[augment]") {
  const std::vector<double> colour{0.2, -0.5, 0.7}, grey{0.3, 0.3, 0.3};
  const auto of = [](const ColourMap& map, const std::vector<double>& c) {
    const Var x(Tensor<double>::from(c, {1, 1, 1, 3}));
    const Var y = augment::detail::coloured(x, std::vector<ColourMap>{map});
    return std::vector<double>(y.data(), y.data() + 3);
  };
  const auto equal = [](const std::vector<double>& a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < 3; ++i) CHECK(a[i] == Approx(b[i]).margin(1e-12));
  };
  equal(of({}, colour), colour);
  equal(of(ColourMap::brightness(0.25), colour), {0.45, -0.25, 0.95});
  equal(of(ColourMap::contrast(2), colour), {0.4, -1, 1.4});
  const double mean = 0.4 / 3;  // of the colour's three
  equal(of(ColourMap::saturation(0), colour), {mean, mean, mean});
  equal(of(ColourMap::luma_flip(), colour), {0.2 - 2 * mean, -0.5 - 2 * mean, 0.7 - 2 * mean});
  equal(of(ColourMap::hue(2 * std::numbers::pi / 3), colour), {0.7, 0.2, -0.5});  // red goes to green, to blue
  equal(of(ColourMap::hue(-0.7).after(ColourMap::hue(0.7)), colour), colour);
  for (const ColourMap& map : {ColourMap::hue(1.1), ColourMap::saturation(3)}) equal(of(map, grey), grey);
  equal(of(ColourMap::brightness(0.1).after(ColourMap::contrast(2)), colour), {0.5, -0.9, 1.5});
  equal(of(ColourMap::contrast(2).after(ColourMap::brightness(0.1)), colour), {0.6, -0.8, 1.6});

  // Of a grey image, what they would make of it in colour.
  const ColourMap all = ColourMap::luma_flip().after(ColourMap::brightness(0.2)).after(ColourMap::contrast(1.5));
  const Var alone =
      augment::detail::coloured(Var(Tensor<double>::full({1, 1, 1, 1}, 0.3)), std::vector<ColourMap>{all});
  CHECK(alone.item() == Approx(of(all, grey)[0]).margin(1e-12));
}

TEST_CASE("warped and coloured images differentiate as finite differences do", "[augment]") {
  const Affine map = Affine::rotation(0.7).after(Affine::scale(1.3, 0.7));
  test::check_derivatives("geometry", [&](const std::vector<Var>& v) { return square(moved(v[0], map)); },
                          {random({1, 3, 3, 2})});
  const std::vector<ColourMap> maps{ColourMap::hue(1).after(ColourMap::brightness(0.3)), ColourMap::saturation(0.4)};
  for (const Index channels : {1, 3})
    test::check_derivatives("colour",
                            [&](const std::vector<Var>& v) { return square(augment::detail::coloured(v[0], maps)); },
                            {random({2, 1, 2, channels})});
}
