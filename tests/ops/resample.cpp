#include <eigan/ops/elementwise.hpp>
#include <eigan/ops/max_pool.hpp>
#include <eigan/ops/resample.hpp>

#include "gradients.hpp"

using namespace eigan;
using test::check_derivatives;
using test::random;
using test::Var;
using Inputs = std::vector<Var>;

TEST_CASE("resampling and pooling differentiate as finite differences do", "[ops]") {
  const Inputs line = {random({2, 5, 2})}, image = {random({1, 4, 5, 2})}, volume = {random({1, 2, 3, 4, 1})};
  check_derivatives(
      "nearest", [](const Inputs& v) { return square(upsample_nearest(v[0], {9})); }, line);
  check_derivatives(
      "nearest 2-D",
      [](const Inputs& v) {
        return square(upsample_nearest(v[0], {8, 3}));
      },
      image);
  check_derivatives(
      "linear", [](const Inputs& v) { return square(upsample_linear(v[0], {3})); }, line);
  check_derivatives(
      "bilinear",
      [](const Inputs& v) {
        return square(upsample_linear(v[0], {8, 7}));
      },
      image);
  check_derivatives(
      "trilinear",
      [](const Inputs& v) {
        return square(upsample_linear(v[0], {3, 3, 2}));
      },
      volume);
  for (const bool count : {false, true})
    check_derivatives(
        "average",
        [=](const Inputs& v) {
          return square(average_pool(v[0], {3, 2}, {2, 2}, {1, 1}, count));
        },
        image);
  check_derivatives(
      "average 1-D", [](const Inputs& v) { return square(average_pool(v[0], {2}, {1}, {0})); }, line);
  check_derivatives(
      "max",
      [](const Inputs& v) {
        return square(max_pool(v[0], {3, 2}, {1, 2}, {1, 1}));
      },
      image);
  check_derivatives(
      "max 3-D",
      [](const Inputs& v) {
        return square(max_pool(v[0], {2, 2, 2}, {1, 1, 2}, {0, 0, 0}));
      },
      volume);
}

TEST_CASE("pooling of known numbers gives known numbers", "[ops]") {
  const Var x(Tensor<double>::from(std::vector<int>{1, 5, 2, 4, 3, 0, 7, 6, 8}, {1, 3, 3, 1}));
  CHECK(max_pool(x, {2, 2}, {1, 1}, {0, 0}).data()[3] == 8);
  CHECK(average_pool(x, {2, 2}, {1, 1}, {0, 0}).data()[0] == 3.25);
  CHECK(average_pool(x, {3, 3}, {3, 3}, {1, 1}, true).data()[0] == Approx(13.0 / 9));
  CHECK(average_pool(x, {3, 3}, {3, 3}, {1, 1}, false).data()[0] == Approx(13.0 / 4));
}

TEST_CASE("windows that do not fit are refused", "[ops]") {
  const Var x = random({1, 3, 3, 1});
  CHECK_THROWS_AS(max_pool(x, {4, 4}, {1, 1}, {0, 0}), ShapeError);
  CHECK_THROWS_AS(max_pool(x, {2}, {1}, {0}), ShapeError);
  CHECK_THROWS_AS(average_pool(x, {2, 2}, {1, 1}, {2, 2}), ConfigError);
  CHECK_THROWS_AS(upsample_nearest(random({2, 3}), {4}), ShapeError);
}
