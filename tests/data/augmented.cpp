// Images that a loader hands out flipped and moved: which ones depends on seed, epoch and sample alone.
#include <algorithm>
#include <map>
#include <vector>

#include <eigan/data/augmented.hpp>
#include <eigan/data/loader.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace eigan;
using data::Augmented;

namespace {

/// 5 x 4 images whose every pixel is another number.
data::ImageSet numbered(Index count) {
  data::ImageSet set{Tensor<std::uint8_t>(Shape{count, 5, 4, 1}), Labels(Shape{count})};
  for (Index i = 0; i < set.images.size(); ++i)
    set.images.mutable_data()[i] = static_cast<std::uint8_t>(i % 20 * 5 + i / 20);
  for (Index i = 0; i < count; ++i) set.labels.mutable_data()[i] = static_cast<std::int32_t>(i);
  return set;
}

std::vector<float> pixels(const data::Batch<float>& batch) {
  return {batch.images.data(), batch.images.data() + batch.images.size()};
}

}  // namespace

TEST_CASE("images are flipped and moved as asked, every way about as often", "[data][loader]") {
  const data::ImageSet plain = numbered(1);
  const Augmented set{plain, {.flip = true, .crop = 1}};
  std::vector<float> original(20), drawn(20);
  plain.copy_sample(0, original.data());
  RandomStream stream(1, "draws");
  std::map<std::vector<Index>, int> seen;
  const auto mirrored = [](Index i, Index extent) { return i < 0 ? -i : i < extent ? i : 2 * (extent - 1) - i; };
  for (int n = 0; n < 3600; ++n) {
    set.copy_sample(0, drawn.data(), stream);
    bool found = false;
    for (Index flip = 0; flip < 2; ++flip)
      for (Index down = -1; down <= 1; ++down)
        for (Index right = -1; right <= 1; ++right) {
          bool fits = true;
          for (Index i = 0; i < 5; ++i)
            for (Index j = 0; j < 4; ++j) {
              const Index column = mirrored(j - right, 4);
              fits = fits &&
                     drawn[static_cast<std::size_t>(i * 4 + j)] ==
                         original[static_cast<std::size_t>(mirrored(i - down, 5) * 4 + (flip ? 3 - column : column))];
            }
          if (fits) ++seen[{flip, down, right}];
          found = found || fits;
        }
    REQUIRE(found);
  }
  REQUIRE(seen.size() == 18);
  for (const auto& [way, count] : seen) CHECK(std::abs(count - 200) < 60);
  CHECK_THROWS_AS((Augmented{plain, {.crop = 4}}), ConfigError);
  const Augmented still{plain, {.flip = false}};
  still.copy_sample(0, drawn.data(), stream);
  CHECK(drawn == original);
}

TEST_CASE("what is drawn for a sample is the same wherever a loader begins, and another each epoch", "[data][loader]") {
  const Augmented set{numbered(12), {.flip = true, .crop = 2}};
  data::Loader through(set, {.batch = 3, .seed = 7, .prefetch = false});
  std::vector<std::vector<float>> expected;
  for (int i = 0; i < 12; ++i) expected.push_back(pixels(through.next()));
  for (const Index ahead : {1, 4}) {
    data::Loader loader(set, {.batch = 3, .seed = 7, .ahead = ahead});
    for (const auto& batch : expected) REQUIRE(pixels(loader.next()) == batch);
    loader.seek({1, 1});
    for (std::size_t i = 5; i < 12; ++i) REQUIRE(pixels(loader.next()) == expected[i]);
  }
  data::Loader ordered(set, {.batch = 12, .seed = 7, .shuffle = false});
  const auto first = pixels(ordered.next()), second = pixels(ordered.next());
  CHECK(first != second);
  data::Loader other(set, {.batch = 12, .seed = 8, .shuffle = false});
  CHECK(pixels(other.next()) != first);
}
