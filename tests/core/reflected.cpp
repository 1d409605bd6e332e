// Places beyond a border, in its mirror.
#include <vector>

#include <eigan/core/reflected.hpp>

#include "catch.hpp"

using namespace eigan;

TEST_CASE("a reflected place goes to and fro between the outermost ones", "[core]") {
  const std::vector<Index> expected{2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2};  // of 4 places, from -4 on
  for (Index i = 0; i < static_cast<Index>(expected.size()); ++i)
    CHECK(reflected(i - 4, 4) == expected[static_cast<std::size_t>(i)]);
  for (Index i = -3; i <= 3; ++i) {
    CHECK(reflected(i, 1) == 0);
    CHECK(reflected(i, 2) == (i & 1));
  }
}
