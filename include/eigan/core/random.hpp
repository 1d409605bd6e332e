#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <utility>

#include "config.hpp"
#include "error.hpp"
#include "parallel.hpp"
#include "tensor.hpp"

namespace eigan::inline EIGAN_ABI {

/// Philox 4x32-10 (Salmon et al. 2011): four random words from a counter and a key, with no state in between.
inline std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(product0)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

/// Random numbers for one purpose. Streams of other names or seeds are independent, so a new consumer shifts no other;
/// the whole state is a key and a counter.
class RandomStream {
 public:
  struct State {
    std::uint64_t key = 0;
    std::uint64_t counter = 0;
    friend bool operator==(const State&, const State&) = default;
  };

  RandomStream(std::uint64_t seed, std::string_view name) : state_{key_of(seed, name), 0} {}
  explicit RandomStream(const State& state) : state_(state) {}

  const State& state() const { return state_; }
  void restore(const State& state) { state_ = state; }

  /// 64 random bits.
  std::uint64_t bits() {
    const auto words = block(state_.counter++);
    return std::uint64_t{words[1]} << 32 | words[0];
  }

  /// A whole number in [0, bound), every one equally likely. Throws ConfigError unless bound > 0.
  Index below(Index bound) {
    if (bound <= 0) throw ConfigError("RandomStream::below: expected a bound above 0, got " + std::to_string(bound));
    // Rejection removes the bias of the remainder.
    const auto range = static_cast<std::uint64_t>(bound);
    const std::uint64_t unbiased = ~std::uint64_t{0} - ~std::uint64_t{0} % range;
    std::uint64_t drawn = bits();
    while (drawn >= unbiased) drawn = bits();
    return static_cast<Index>(drawn % range);
  }

  /// A number in [0, 1).
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

  /// A number from the standard normal distribution.
  double normal() { return box_muller(block(state_.counter++))[0]; }

  /// Elements from [low, high).
  template <class Scalar>
  Tensor<Scalar> uniform(const Shape& shape, double low = 0, double high = 1) {
    return fill<Scalar>(shape, [=](const std::array<std::uint32_t, 4>& words) {
      return std::array{low + (high - low) * unit(words[0], words[1]), low + (high - low) * unit(words[2], words[3])};
    });
  }

  /// Elements from the normal distribution (Box and Muller 1958).
  template <class Scalar>
  Tensor<Scalar> normal(const Shape& shape, double mean = 0, double deviation = 1) {
    return fill<Scalar>(shape, [=](const std::array<std::uint32_t, 4>& words) {
      const auto pair = box_muller(words);
      return std::array{mean + deviation * pair[0], mean + deviation * pair[1]};
    });
  }

  /// Elements from the standard normal distribution without what lies beyond +-threshold, which is drawn again, one
  /// element after the other. Throws ConfigError for a threshold below 0.05, where hardly any draw would do.
  template <class Scalar>
  Tensor<Scalar> truncated_normal(const Shape& shape, double threshold) {
    if (!(threshold >= 0.05))
      throw ConfigError("RandomStream::truncated_normal: expected a threshold of 0.05 or more, got " +
                        std::to_string(threshold));
    Tensor<Scalar> tensor = normal<Scalar>(shape);
    Scalar* const values = tensor.mutable_data();
    for (Index i = 0; i < tensor.size(); ++i)
      while (std::abs(values[i]) > static_cast<Scalar>(threshold)) values[i] = static_cast<Scalar>(normal());
    return tensor;
  }

  /// The numbers 0 to count - 1 in random order (Fisher and Yates).
  Tensor<std::int64_t> permutation(Index count) {
    Tensor<std::int64_t> order(Shape{count});
    std::int64_t* const values = order.mutable_data();
    for (Index i = 0; i < count; ++i) values[i] = i;
    for (Index i = count - 1; i > 0; --i) std::swap(values[i], values[below(i + 1)]);
    return order;
  }

 private:
  static constexpr Index pairs_per_item = 4096;

  static std::uint64_t key_of(std::uint64_t seed, std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a over the name, then mixed with the seed by Philox
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    const auto words = philox({static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(hash >> 32), 0, 0},
                              {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
    return std::uint64_t{words[1]} << 32 | words[0];
  }

  std::array<std::uint32_t, 4> block(std::uint64_t counter) const {
    return philox({static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32), 0, 0},
                  {static_cast<std::uint32_t>(state_.key), static_cast<std::uint32_t>(state_.key >> 32)});
  }

  static double unit(std::uint32_t low, std::uint32_t high) {
    return static_cast<double>((std::uint64_t{high} << 32 | low) >> 11) * 0x1p-53;
  }

  static std::array<double, 2> box_muller(const std::array<std::uint32_t, 4>& words) {
    const double radius = std::sqrt(-2 * std::log(1 - unit(words[0], words[1])));
    const double angle = 2 * std::numbers::pi * unit(words[2], words[3]);
    return {radius * std::cos(angle), radius * std::sin(angle)};
  }

  // Two elements come from each block, whatever the scalar; blocks are independent, so they are drawn in parallel.
  template <class Scalar, class Draw>
  Tensor<Scalar> fill(const Shape& shape, const Draw& draw) {
    Tensor<Scalar> tensor(shape);
    Scalar* const values = tensor.mutable_data();
    const Index size = shape.size(), pairs = (size + 1) / 2;
    const std::uint64_t first = std::exchange(state_.counter, state_.counter + static_cast<std::uint64_t>(pairs));
    parallel_for((pairs + pairs_per_item - 1) / pairs_per_item, [&](Index item) {
      const Index end = std::min(pairs, (item + 1) * pairs_per_item);
      for (Index pair = item * pairs_per_item; pair < end; ++pair) {
        const auto drawn = draw(block(first + static_cast<std::uint64_t>(pair)));
        values[2 * pair] = static_cast<Scalar>(drawn[0]);
        if (2 * pair + 1 < size) values[2 * pair + 1] = static_cast<Scalar>(drawn[1]);
      }
    });
    return tensor;
  }

  State state_;
};

}  // namespace eigan::inline EIGAN_ABI
