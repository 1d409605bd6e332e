#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <eigan/core/parallel.hpp>
#include <eigan/data/digits.hpp>
#include <eigan/data/mixtures.hpp>
#include <eigan/data/textures.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace eigan;

namespace {

constexpr Index pixels = 28 * 28;

bool same(const data::ImageSet& a, const data::ImageSet& b) {
  return a.images.shape() == b.images.shape() &&
         std::equal(a.images.data(), a.images.data() + a.images.size(), b.images.data()) &&
         std::equal(a.labels.data(), a.labels.data() + a.labels.size(), b.labels.data());
}

}  // namespace

TEST_CASE("digits are 28 x 28 bytes with labels 0 to 9, about as often each", "[data][digits]") {
  const auto set = data::make_digits(5000, 1);
  CHECK(set.images.shape() == Shape{5000, 28, 28, 1});
  std::array<int, 10> count{};
  for (Index i = 0; i < set.size(); ++i) ++count.at(static_cast<std::size_t>(set.labels.data()[i]));
  for (const int often : count) {
    CHECK(often > 420);
    CHECK(often < 580);
  }
  CHECK(data::make_digits(0, 1).size() == 0);
  CHECK_THROWS_AS(data::make_digits(-1, 1), ConfigError);
}

TEST_CASE("a digit depends on the seed and its index alone", "[data][digits]") {
  const auto set = data::make_digits(700, 7);
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    CHECK(same(data::make_digits(700, 7), set));
  }
  set_threads(0);
  CHECK(same(data::make_digits(300, 7), set.part(0, 300)));
  CHECK_FALSE(same(data::make_digits(700, 8), set));
}

TEST_CASE("textures are 32 x 32 colours of ten classes, each of the seed and its index alone", "[data][textures]") {
  const auto set = data::make_textures(1500, 7);
  REQUIRE(set.images.shape() == Shape{1500, 32, 32, 3});
  CHECK(set.classes.size() == 10);
  std::array<int, 10> count{};
  for (Index i = 0; i < set.size(); ++i) ++count.at(static_cast<std::size_t>(set.labels.data()[i]));
  for (const int often : count) CHECK(std::abs(often - 150) < 50);
  for (const int threads : {1, 2, 3}) {
    set_threads(threads);
    CHECK(same(data::make_textures(1500, 7), set));
  }
  set_threads(0);
  CHECK(same(data::make_textures(300, 7), set.part(0, 300)));
  CHECK_FALSE(same(data::make_textures(1500, 8), set));
  // A shape leaves the picture's corners to its background, which changes slowly; a texture does not.
  std::array<double, 10> roughness{};
  for (Index i = 0; i < set.size(); ++i) {
    const auto pixel = [&](Index y, Index x) {
      return static_cast<int>(set.images.data()[((i * 32 + y) * 32 + x) * 3]);
    };
    for (const Index y : {0, 1, 30, 31})
      for (const Index x : {0, 28})
        for (Index step = 0; step < 3; ++step)
          roughness.at(static_cast<std::size_t>(set.labels.data()[i])) +=
              std::abs(pixel(y, x + step + 1) - pixel(y, x + step)) / (24.0 * 150);
  }
  for (std::size_t label = 0; label < 10; ++label) CHECK((roughness[label] > 6) == (label >= 5));
  CHECK_THROWS_AS(data::make_textures(-1, 1), ConfigError);
}

TEST_CASE("digits have MNIST's weight of stroke, lie in the middle and leave a margin", "[data][digits]") {
  const auto set = data::make_digits(3000, 2);
  double ink = 0, x_sum = 0, y_sum = 0, border = 0;
  for (Index i = 0; i < set.size(); ++i)
    for (Index y = 0; y < 28; ++y)
      for (Index x = 0; x < 28; ++x) {
        const double value = set.images.data()[(i * 28 + y) * 28 + x] / 255.0;
        ink += value;
        x_sum += value * static_cast<double>(x);
        y_sum += value * static_cast<double>(y);
        if (x == 0 || y == 0 || x == 27 || y == 27) border += value;
      }
  CHECK(ink / static_cast<double>(set.size() * pixels) == Approx(0.1307).margin(0.02));  // MNIST's mean
  CHECK(x_sum / ink == Approx(13.5).margin(0.7));
  CHECK(y_sum / ink == Approx(13.5).margin(0.7));
  CHECK(border == 0);
}

TEST_CASE("digits can be told apart: the nearest of others names nine in ten and more", "[data][digits]") {
  const auto known = data::make_digits(1500, 3), asked = data::make_digits(300, 4);
  int right = 0;
  for (Index i = 0; i < asked.size(); ++i) {
    std::int64_t best = std::int64_t{1} << 40;
    std::int32_t label = -1;
    for (Index k = 0; k < known.size(); ++k) {
      std::int64_t distance = 0;
      for (Index p = 0; p < pixels; ++p) {
        const int d = asked.images.data()[i * pixels + p] - known.images.data()[k * pixels + p];
        distance += d * d;
      }
      if (distance < best) {
        best = distance;
        label = known.labels.data()[k];
      }
    }
    right += label == asked.labels.data()[i];
  }
  CHECK(right > 270);
}

TEST_CASE("no two digits of a set are the same picture", "[data][digits]") {
  const auto set = data::make_digits(2000, 5);
  std::vector<const std::uint8_t*> order;
  for (Index i = 0; i < set.size(); ++i) order.push_back(set.images.data() + i * pixels);
  std::sort(order.begin(), order.end(),
            [](const auto* a, const auto* b) { return std::lexicographical_compare(a, a + pixels, b, b + pixels); });
  for (std::size_t i = 1; i < order.size(); ++i) CHECK_FALSE(std::equal(order[i], order[i] + pixels, order[i - 1]));
}

TEST_CASE("points of a ring lie around its modes, which their labels name", "[data][mixtures]") {
  const data::RingOptions options{.modes = 8, .radius = 2, .deviation = 0.02};
  const auto set = data::ring(8000, 1, options);
  const auto modes = data::ring_modes(options);
  CHECK(set.points.shape() == Shape{8000, 2});
  CHECK(modes.shape() == Shape{8, 2});
  CHECK(modes.data()[0] == 2.0F);
  CHECK(modes.data()[5] == Approx(2.0));  // a quarter of the way round
  std::array<int, 8> count{};
  double square = 0, largest = 0;
  for (Index i = 0; i < set.size(); ++i) {
    const Index mode = set.labels.data()[i];
    ++count.at(static_cast<std::size_t>(mode));
    for (Index axis = 0; axis < 2; ++axis) {
      const double off = set.points.data()[2 * i + axis] - modes.data()[2 * mode + axis];
      square += off * off;
      largest = std::max(largest, std::abs(off));
    }
  }
  CHECK(std::sqrt(square / 16000) == Approx(0.02).epsilon(0.03));
  CHECK(largest < 0.02 * 6);
  CHECK(*std::min_element(count.begin(), count.end()) > 850);
}

TEST_CASE("a grid has its 25 modes at -4 to 4", "[data][mixtures]") {
  const auto modes = data::grid_modes();
  CHECK(modes.shape() == Shape{25, 2});
  CHECK(std::vector<float>(modes.data(), modes.data() + 4) == std::vector<float>{-4, -4, -2, -4});
  CHECK(modes.data()[24] == 0.0F);
  CHECK(modes.data()[49] == 4.0F);
  const auto set = data::grid(2500, 3);
  for (Index i = 0; i < set.size(); ++i)
    for (Index axis = 0; axis < 2; ++axis)
      CHECK(std::abs(set.points.data()[2 * i + axis] - modes.data()[2 * set.labels.data()[i] + axis]) < 0.05 * 6);
}

TEST_CASE("a Swiss roll without noise lies on its spiral", "[data][mixtures]") {
  const auto set = data::swiss_roll(1000, 1, {.deviation = 0, .divisor = 1});
  CHECK_FALSE(set.labels.defined());
  for (Index i = 0; i < set.size(); ++i) {
    const double x = set.points.data()[2 * i], y = set.points.data()[2 * i + 1], t = std::hypot(x, y);
    CHECK(t * std::cos(t) == Approx(x).margin(1e-4));
    CHECK(t * std::sin(t) == Approx(y).margin(1e-4));
  }
}

TEST_CASE("mixtures are those of their seed, and refuse what is none", "[data][mixtures]") {
  const auto first = data::ring(50, 9), again = data::ring(50, 9), other = data::ring(50, 10);
  CHECK(std::equal(first.points.data(), first.points.data() + 100, again.points.data()));
  CHECK_FALSE(std::equal(first.points.data(), first.points.data() + 100, other.points.data()));
  CHECK(scratch::thrown<ConfigError>([] { data::ring(5, 1, {.modes = 0}); }) == "ring: expected 1 mode or more, got 0");
  CHECK_THROWS_AS(data::grid(5, 1, {.side = 0}), ConfigError);
  CHECK_THROWS_AS(data::ring(-5, 1), ConfigError);
  CHECK_THROWS_AS(data::grid(5, 1, {.deviation = -1}), ConfigError);
  CHECK_THROWS_AS(data::swiss_roll(5, 1, {.divisor = 0}), ConfigError);
}
