#include <eigan/ops/elementwise.hpp>
#include <eigan/ops/warp.hpp>

#include "gradients.hpp"

using namespace eigan;
using test::random;
using test::Var;

namespace {

WarpTable<double> table(Index count, Index pixels, Index taps) {
  WarpTable<double> made{Tensor<std::int32_t>(Shape{count, pixels, taps}), random({count, pixels, taps}).value()};
  RandomStream stream(4, "places");
  for (Index i = 0; i < made.places.size(); ++i)
    made.places.mutable_data()[i] = static_cast<std::int32_t>(stream.below(pixels));
  return made;
}

}  // namespace

TEST_CASE("a warp differentiates as finite differences do", "[ops]") {
  test::check_derivatives("warp", [](const std::vector<Var>& v) { return square(warp(v[0], table(2, 6, 3))); },
                          {random({2, 2, 3, 2})});
}

TEST_CASE("a warp that does not fit is refused", "[ops]") {
  const Var x = random({2, 2, 3, 1});
  CHECK_THROWS_WITH(warp(x, table(2, 5, 3)), Catch::Contains("[N, H * W, taps]"));
  CHECK_THROWS_AS(warp(x, table(1, 6, 3)), ShapeError);
  CHECK_THROWS_AS(warp(random({2, 6, 1}), table(2, 6, 3)), ShapeError);
  for (const std::int32_t outside : {-1, 6}) {
    WarpTable<double> wrong = table(2, 6, 3);
    wrong.places.mutable_data()[7] = outside;
    CHECK_THROWS_WITH(warp(x, wrong), Catch::Contains("places of 0 to 5, got " + std::to_string(outside)));
  }
}
