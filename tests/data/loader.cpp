#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <eigan/core/parallel.hpp>
#include <eigan/data/loader.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace eigan;
using data::Batch;
using data::ImageSet;
using data::Loader;
using data::LoaderPosition;
using data::PointSet;

namespace {

/// Images of 2 x 1 x 1 whose pixels, and labels, tell which sample they are.
ImageSet numbered(Index count) {
  ImageSet set{Tensor<std::uint8_t>(Shape{count, 2, 1, 1}), Labels(Shape{count})};
  for (Index i = 0; i < count; ++i) {
    set.images.mutable_data()[2 * i] = static_cast<std::uint8_t>(i);
    set.images.mutable_data()[2 * i + 1] = static_cast<std::uint8_t>(255 - i);
    set.labels.mutable_data()[i] = static_cast<std::int32_t>(i);
  }
  return set;
}

std::vector<std::int32_t> labels_of(const Batch<float>& batch) {
  return {batch.labels.data(), batch.labels.data() + batch.labels.size()};
}

template <class Source>
std::vector<std::int32_t> draw(Source& loader, int batches) {
  std::vector<std::int32_t> drawn;
  for (int i = 0; i < batches; ++i) {
    const auto labels = labels_of(loader.next());
    drawn.insert(drawn.end(), labels.begin(), labels.end());
  }
  return drawn;
}

/// Numbers whose copying fails at one of them.
struct Failing {
  Labels labels;
  Index bad = 0;
  Index size() const { return 6; }
  Shape sample_shape() const { return {1}; }
  template <class Scalar>
  void copy_sample(Index sample, Scalar* to) const {
    if (sample == bad) throw DataError("set", "sample " + std::to_string(sample) + " is broken");
    *to = static_cast<Scalar>(sample);
  }
};

/// Counts how many of its samples have been asked for.
struct Counting {
  Labels labels;
  std::shared_ptr<std::atomic<int>> copied = std::make_shared<std::atomic<int>>(0);
  Index size() const { return 100; }
  Shape sample_shape() const { return {1}; }
  template <class Scalar>
  void copy_sample(Index, Scalar* to) const {
    *to = 0;
    ++*copied;
  }
};

}  // namespace

TEST_CASE("bytes become floats in [-1, 1], and labels come with them", "[data][loader]") {
  Loader loader(numbered(256), {.batch = 4, .shuffle = false});
  const Batch<float> batch = loader.next();
  CHECK(batch.images.shape() == Shape{4, 2, 1, 1});
  CHECK(batch.images.data()[0] == -1.0F);
  CHECK(batch.images.data()[1] == 1.0F);
  CHECK(batch.images.data()[2] == static_cast<float>(1 / 127.5 - 1));
  CHECK(labels_of(batch) == std::vector<std::int32_t>{0, 1, 2, 3});
  Loader<ImageSet, double> precise(numbered(256), {.batch = 4, .shuffle = false});
  CHECK(precise.next().images.data()[2] == 1 / 127.5 - 1);
}

TEST_CASE("points pass through a loader as they are", "[data][loader]") {
  PointSet set{Tensor<float>::from(std::vector<float>{1, 2, 3, 4, 5, 6}, Shape{3, 2}), {}};
  Loader loader(set, {.batch = 2, .shuffle = false});
  const auto batch = loader.next();
  CHECK(batch.images.shape() == Shape{2, 2});
  CHECK(batch.images.data()[3] == 4);
  CHECK_FALSE(batch.labels.defined());
}

TEST_CASE("each epoch visits each sample once, in an order of its own, and drops the incomplete batch",
          "[data][loader]") {
  Loader loader(numbered(100), {.batch = 10, .seed = 3});
  auto first = draw(loader, 10), second = draw(loader, 10);
  CHECK(first != second);
  CHECK(loader.position() == LoaderPosition{2, 0});
  std::sort(first.begin(), first.end());
  std::sort(second.begin(), second.end());
  CHECK(first == second);
  CHECK(std::adjacent_find(first.begin(), first.end()) == first.end());

  Loader uneven(numbered(25), {.batch = 10, .seed = 3});
  CHECK(uneven.batches_per_epoch() == 2);
  auto drawn = draw(uneven, 2);
  std::sort(drawn.begin(), drawn.end());
  CHECK(std::adjacent_find(drawn.begin(), drawn.end()) == drawn.end());
  CHECK(uneven.position() == LoaderPosition{1, 0});
}

TEST_CASE("the order of samples is that of the seed, for good", "[data][loader]") {
  // Worked out in Python from the papers (Philox, Fisher and Yates); old checkpoints resume by it, so it may not
  // change.
  Loader loader(numbered(8), {.batch = 4, .seed = 42});
  const auto drawn = draw(loader, 4);
  Loader again(numbered(8), {.batch = 4, .seed = 42}), other(numbered(8), {.batch = 4, .seed = 43});
  CHECK(draw(again, 4) == drawn);
  CHECK(draw(other, 4) != drawn);
  std::string text;
  for (const auto label : drawn) text += std::to_string(label);
  CHECK(text == "0435621773465021");
}

TEST_CASE("batches are the same with and without prefetching, at any number of threads", "[data][loader]") {
  Loader plain(numbered(50), {.batch = 8, .seed = 5, .prefetch = false});
  const auto expected = draw(plain, 20);
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    Loader loader(numbered(50), {.batch = 8, .seed = 5});
    CHECK(draw(loader, 20) == expected);
    CHECK(loader.position() == plain.position());
  }
  set_threads(0);
}

TEST_CASE("a loader sent to a position goes on from there as if it had drawn all before", "[data][loader]") {
  for (const bool prefetch : {false, true}) {
    const data::LoaderOptions options{.batch = 4, .seed = 11, .prefetch = prefetch};
    Loader loader(numbered(22), options);
    std::vector<LoaderPosition> positions;
    std::vector<std::vector<std::int32_t>> batches;
    for (int i = 0; i < 17; ++i) {
      positions.push_back(loader.position());
      batches.push_back(labels_of(loader.next()));
    }
    for (const std::size_t place : {std::size_t{16}, std::size_t{0}, std::size_t{9}, std::size_t{5}}) {
      Loader fresh(numbered(22), options);
      fresh.seek(positions[place]);
      CHECK(fresh.position() == positions[place]);
      CHECK(labels_of(fresh.next()) == batches[place]);
      loader.seek(positions[place]);  // while a batch from elsewhere may be under way
      for (std::size_t i = place; i < batches.size(); ++i) CHECK(labels_of(loader.next()) == batches[i]);
    }
  }
}

TEST_CASE("a loader's position counts what was handed out, not what was prefetched", "[data][loader]") {
  Loader loader(numbered(12), {.batch = 4});
  CHECK(loader.position() == LoaderPosition{0, 0});
  loader.next();
  CHECK(loader.position() == LoaderPosition{0, 1});
  loader.next();
  loader.next();
  CHECK(loader.position() == LoaderPosition{1, 0});
}

TEST_CASE("a batch stays as it is while the next ones are prepared", "[data][loader]") {
  Loader loader(numbered(40), {.batch = 4, .seed = 1});
  const Batch<float> kept = loader.next();
  const auto labels = labels_of(kept);
  const float pixel = kept.images.data()[0];
  draw(loader, 30);
  CHECK(labels_of(kept) == labels);
  CHECK(kept.images.data()[0] == pixel);
}

TEST_CASE("what a set throws while the next batch is prepared is thrown where that batch is asked for",
          "[data][loader]") {
  for (const bool prefetch : {false, true}) {
    Loader loader(Failing{{}, 3}, {.batch = 2, .shuffle = false, .prefetch = prefetch});
    CHECK(loader.next().images.data()[1] == 1);
    for (int attempt = 0; attempt < 3; ++attempt)
      CHECK(scratch::thrown([&] { loader.next(); }) == "set: sample 3 is broken");
    CHECK(loader.position() == LoaderPosition{0, 1});
    loader.seek({0, 2});
    CHECK(loader.next().images.data()[0] == 4);
  }
}

TEST_CASE("a loader prepares so many batches ahead, and no more", "[data][loader]") {
  const Counting set;
  Loader loader(set, {.batch = 10, .ahead = 3});
  CHECK(*set.copied == 0);
  loader.next();
  for (int i = 0; i < 500 && *set.copied < 40; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(*set.copied == 40);
  CHECK_THROWS_AS((Loader(set, {.batch = 10, .ahead = 0})), ConfigError);
}

TEST_CASE("a loader may go away while a batch is being prepared, used or not", "[data][loader]") {
  for (int i = 0; i < 50; ++i) {
    Loader loader(numbered(200), {.batch = 100});
    if (i % 2) loader.next();
  }
}

TEST_CASE("sets and positions that cannot be are refused", "[data][loader]") {
  const auto refusal = [](const auto& set, const data::LoaderOptions& options) {
    return scratch::thrown<Error>([&] { Loader loader(set, options); });
  };
  CHECK(refusal(numbered(3), {.batch = 4}) == "Loader: expected at least one batch of 4 samples, got a set of 3");
  CHECK(refusal(ImageSet{}, {.batch = 4}) == "Loader: expected at least one batch of 4 samples, got a set of 0");
  CHECK(refusal(numbered(3), {.batch = 0}) == "Loader: expected a batch of 1 or more, got 0");
  CHECK(refusal(ImageSet{numbered(3).images, numbered(2).labels}, {.batch = 1}) ==
        "Loader: expected labels [3], got [2]");
  Loader loader(numbered(8), {.batch = 4});
  for (const LoaderPosition& position : {LoaderPosition{0, 2}, LoaderPosition{0, -1}, LoaderPosition{-1, 0}})
    CHECK(scratch::thrown<ConfigError>([&] { loader.seek(position); }).find("expected a batch in [0, 2) of an epoch") !=
          std::string::npos);
}

TEST_CASE("a warm loader takes no memory from the system", "[data][loader]") {
  Loader loader(numbered(64), {.batch = 8, .seed = 2});
  draw(loader, 40);
  const auto reserved = Pool::instance().statistics().reserved;
  draw(loader, 400);
  CHECK(Pool::instance().statistics().reserved == reserved);
}
