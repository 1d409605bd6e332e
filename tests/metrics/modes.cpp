#include <cmath>
#include <vector>

#include <eigan/eigan.hpp>

#include "catch.hpp"

using namespace eigan;

TEST_CASE("points count for the nearest mode, within three deviations of it", "[metrics]") {
  const Tensor<float> modes = Tensor<float>::from(std::vector<float>{0, 0, 1, 0, 0, 5}, Shape{3, 2});
  const Tensor<float> points = Tensor<float>::from(
      std::vector<float>{0, 0, 0.29f, 0, 0.31f, 0, 0.8f, 0, 1, 0.3f, 1.2f, 0.25f, NAN, 0, 0, 4.9f}, Shape{8, 2});
  const metrics::ModeStatistics statistics = metrics::mode_statistics(points, modes, 0.1);
  // Taken: (0, 0), (0.29, 0); (0.8, 0); (0, 4.9). Beyond: (0.31, 0), (1, 0.3) by rounding, (1.2, 0.25), the NaN.
  CHECK(statistics.samples == std::vector<Index>{2, 1, 1});
  CHECK(statistics.high_quality == 0.5);
  CHECK(statistics.modes() == 3);
  CHECK(statistics.modes(2) == 1);
  CHECK(metrics::mode_statistics(points, modes, 0.1, 100).samples == std::vector<Index>{3, 3, 1});
}

TEST_CASE("the ring's own points hold all modes, as many of high quality as a Gaussian has within three deviations",
          "[metrics]") {
  const auto ring = metrics::mode_statistics(data::ring(50'000, 1).points, data::ring_modes(), 0.01);
  CHECK(ring.modes(5'000) == 8);
  CHECK(ring.high_quality == Approx(1 - std::exp(-4.5)).margin(0.001));
  CHECK(metrics::mode_statistics(data::grid(50'000, 1).points, data::grid_modes(), 0.05).modes(1'500) == 25);
}

TEST_CASE("mode statistics refuse points of another width", "[metrics]") {
  CHECK_THROWS_AS(metrics::mode_statistics(Tensor<float>(Shape{4, 3}), data::ring_modes(), 0.1), ShapeError);
  CHECK(metrics::mode_statistics(Tensor<float>(Shape{0, 2}), data::ring_modes(), 0.1).high_quality == 0);
}
