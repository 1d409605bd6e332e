#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

#include "config.hpp"
#include "error.hpp"
#include "parallel.hpp"
#include "philox.hpp"
#include "random_pairs.hpp"
#include "tensor.hpp"

namespace eigan::inline EIGAN_ABI {

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
  double normal() { return detail::NormalPairs()(detail::philox_lanes(state_.counter++, state_.key))[0][0]; }

  /// Elements from [low, high).
  template <class Scalar>
  Tensor<Scalar> uniform(const Shape& shape, double low = 0, double high = 1) {
    return fill<Scalar, detail::UniformPairs>(shape, low, high - low);
  }

  /// Elements from the normal distribution; builds with other flags may differ in the last bit.
  template <class Scalar>
  Tensor<Scalar> normal(const Shape& shape, double mean = 0, double deviation = 1) {
    return fill<Scalar, detail::NormalPairs>(shape, mean, deviation);
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

  // shift + scale * what Pairs makes of each block: two elements whatever the scalar. Blocks are independent, so they
  // are drawn in parallel.
  template <class Scalar, class Pairs>
  Tensor<Scalar> fill(const Shape& shape, double shift, double scale) {
    Tensor<Scalar> tensor(shape);
    Scalar* const values = tensor.mutable_data();
    const Index size = shape.size(), pairs = (size + 1) / 2;
    const std::uint64_t first = std::exchange(state_.counter, state_.counter + static_cast<std::uint64_t>(pairs));
    parallel_for((pairs + pairs_per_item - 1) / pairs_per_item, [&](Index item) {
      const Index end = std::min(size, 2 * (item + 1) * pairs_per_item);
      for (Index i = 2 * item * pairs_per_item; i < end; i += 2 * detail::lane_count) {
        const auto drawn = Pairs()(detail::philox_lanes(first + static_cast<std::uint64_t>(i / 2), state_.key));
        const auto x = shift + scale * drawn[0], y = shift + scale * drawn[1];
        const Index whole = std::min<Index>(detail::lane_count, (end - i) / 2);
        for (Index lane = 0; lane < whole; ++lane) {
          values[i + 2 * lane] = static_cast<Scalar>(x[lane]);
          values[i + 2 * lane + 1] = static_cast<Scalar>(y[lane]);
        }
        if (whole < detail::lane_count && i + 2 * whole < end) values[end - 1] = static_cast<Scalar>(x[whole]);
      }
    });
    return tensor;
  }

  State state_;
};

}  // namespace eigan::inline EIGAN_ABI
