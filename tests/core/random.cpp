#include <cmath>
#include <numbers>
#include <set>

#include <eigan/core/parallel.hpp>
#include <eigan/core/random.hpp>

#include "catch.hpp"

using namespace eigan;

TEST_CASE("Philox 4x32-10 gives the known answers of its authors", "[core]") {
  // From kat_vectors of Random123 (Salmon et al. 2011).
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  const std::uint32_t ones = 0xffffffff;
  CHECK(philox({ones, ones, ones, ones}, {ones, ones}) ==
        std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("streams of other names or seeds differ, the same ones agree", "[core]") {
  RandomStream a(1, "noise"), b(1, "noise"), c(1, "shuffle"), d(2, "noise");
  const std::uint64_t first = a.bits();
  CHECK(first == b.bits());
  CHECK(first != c.bits());
  CHECK(first != d.bits());
}

TEST_CASE("a stream's state is all there is to it", "[core]") {
  RandomStream stream(3, "noise");
  (void)stream.normal<float>({5, 7});
  const RandomStream::State state = stream.state();
  const Tensor<float> expected = stream.normal<float>({11});
  RandomStream other(99, "whatever");
  other.restore(state);
  const Tensor<float> got = other.normal<float>({11});
  for (Index i = 0; i < 11; ++i) CHECK(got.data()[i] == expected.data()[i]);
}

TEST_CASE("numbers have the moments and bounds of their distribution", "[core]") {
  RandomStream stream(4, "moments");
  const Index n = 200'001;  // odd: the last pair is cut
  const Tensor<double> normal = stream.normal<double>({n}, 3, 2), uniform = stream.uniform<double>({n}, -1, 5);
  double mean = 0, square = 0, fourth = 0, low = 9, high = -9, middle = 0;
  for (Index i = 0; i < n; ++i) {
    const double z = (normal.data()[i] - 3) / 2;
    mean += z / double(n), square += z * z / double(n), fourth += z * z * z * z / double(n);
    low = std::min(low, uniform.data()[i]), high = std::max(high, uniform.data()[i]);
    middle += uniform.data()[i] / double(n);
  }
  CHECK(mean == Approx(0).margin(0.01));
  CHECK(square == Approx(1).margin(0.01));
  CHECK(fourth == Approx(3).margin(0.1));
  CHECK(low >= -1);
  CHECK(low < -0.99);
  CHECK(high < 5);
  CHECK(high > 4.99);
  CHECK(middle == Approx(2).margin(0.02));
}

TEST_CASE("tensors hold what each of Philox's blocks makes, one after the other", "[core]") {
  RandomStream::State state = RandomStream(8, "blocks").state();
  state.counter = GENERATE(std::uint64_t{0}, (std::uint64_t{1} << 32) - 5);  // to where one word no longer holds it
  const auto unit = [](std::uint32_t low, std::uint32_t high) {
    return double((std::uint64_t{high} << 32 | low) >> 11) * 0x1p-53;
  };
  const Index n = GENERATE(1, 2, 7, 16, 33, 20'001);
  RandomStream uniform_stream(state), normal_stream(state), single(state);
  const Tensor<double> uniform = uniform_stream.uniform<double>({n}), normal = normal_stream.normal<double>({n});
  CHECK(normal_stream.state().counter == state.counter + std::uint64_t(n + 1) / 2);
  double worst = 0;
  for (Index i = 0; i < n; ++i) {
    const std::uint64_t counter = state.counter + std::uint64_t(i) / 2;
    const auto words = philox({std::uint32_t(counter), std::uint32_t(counter >> 32), 0, 0},
                              {std::uint32_t(state.key), std::uint32_t(state.key >> 32)});
    const double first = unit(words[0], words[1]), second = unit(words[2], words[3]);
    REQUIRE(uniform.data()[i] == (i % 2 == 0 ? first : second));
    const long double radius = std::sqrt(-2 * std::log(1 - static_cast<long double>(first)));
    const long double angle = 2 * std::numbers::pi_v<long double> * second;
    const long double exact = radius * (i % 2 == 0 ? std::cos(angle) : std::sin(angle));
    worst = std::max(worst, double(std::abs(normal.data()[i] - exact)));
    if (i % 2 == 0) REQUIRE(single.normal() == normal.data()[i]);
  }
  CHECK(worst < 2e-15);
}

TEST_CASE("floats are the doubles of the same blocks, rounded", "[core]") {
  const Tensor<double> exact = RandomStream(9, "floats").normal<double>({5'001}, 1, 3);
  const Tensor<float> rounded = RandomStream(9, "floats").normal<float>({5'001}, 1, 3);
  for (Index i = 0; i < exact.size(); ++i) REQUIRE(rounded.data()[i] == float(exact.data()[i]));
}

TEST_CASE("below reaches every number and no other, about equally often", "[core]") {
  RandomStream stream(5, "below");
  int counts[7] = {};
  for (int i = 0; i < 70'000; ++i) ++counts[stream.below(7)];
  for (const int count : counts) CHECK(std::abs(count - 10'000) < 500);
  CHECK(stream.below(1) == 0);
  CHECK_THROWS_AS(stream.below(0), ConfigError);
}

TEST_CASE("a permutation holds every number once", "[core]") {
  RandomStream stream(6, "permutation");
  const Tensor<std::int64_t> order = stream.permutation(1000);
  const std::set<std::int64_t> seen(order.data(), order.data() + order.size());
  CHECK(seen.size() == 1000);
  CHECK(*seen.rbegin() == 999);
  CHECK(stream.permutation(0).size() == 0);
}

TEST_CASE("drawn tensors have the same bits at any number of threads", "[core]") {
  std::vector<Tensor<float>> drawn;
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    drawn.push_back(RandomStream(7, "threads").normal<float>({100'003}));
  }
  set_threads(0);
  for (Index i = 0; i < drawn[0].size(); ++i)
    REQUIRE((drawn[0].data()[i] == drawn[1].data()[i] && drawn[0].data()[i] == drawn[2].data()[i]));
}
