#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string>

#include "../core/config.hpp"
#include "../core/error.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// An option without a default: leaving it out does not compile.
template <class T>
class Required {
 public:
  template <class U>
  requires std::convertible_to<U, T>
  constexpr Required(U value) : value_(static_cast<T>(value)) {}
  constexpr operator const T&() const { return value_; }

 private:
  T value_;
};

/// A size in each spatial dimension: `.kernel = 4` for all, `.kernel = {3, 5}` one by one.
template <int Dims>
class Extent {
 public:
  constexpr Extent(Index all) { each_.fill(all); }
  template <std::convertible_to<Index>... T>
  requires(sizeof...(T) == Dims && Dims > 1) constexpr Extent(T... each) : each_{static_cast<Index>(each)...} {}

  constexpr Index operator[](std::size_t axis) const { return each_[axis]; }

 private:
  std::array<Index, static_cast<std::size_t>(Dims)> each_{};
};

/// What is added in front of an axis and behind it: `1` for both, `{1, 2}` each.
struct Sides {
  constexpr Sides(Index both) : before(both), after(both) {}
  constexpr Sides(Index in_front, Index behind) : before(in_front), after(behind) {}
  Index before, after;
};

/// Padding of each spatial dimension: `.padding = 1` everywhere, `{1, 2}` by dimension, `{{1, 2}, {0, 1}}` by dimension
/// and side; in one dimension `{{1, 2}}`.
template <int Dims>
class Padding {
 public:
  constexpr Padding(Index all) : Padding(filled(all)) {}
  constexpr Padding(const Sides& first) requires(Dims == 1) : each_{first} {}
  constexpr Padding(const Sides& first, const Sides& second) requires(Dims == 2) : each_{first, second} {}
  constexpr Padding(const Sides& first, const Sides& second, const Sides& third) requires(Dims == 3)
      : each_{first, second, third} {}

  constexpr const Sides& operator[](std::size_t axis) const { return each_[axis]; }

 private:
  using Each = std::array<Sides, static_cast<std::size_t>(Dims)>;
  constexpr explicit Padding(const Each& each) : each_(each) {}
  static constexpr Each filled(Index all) {
    if constexpr (Dims == 1) return {Sides(all)};
    if constexpr (Dims == 2) return {Sides(all), Sides(all)};
    if constexpr (Dims == 3) return {Sides(all), Sides(all), Sides(all)};
  }

  Each each_;
};

/// One entry for all spatial dimensions or one for each, where the input tells how many there are: `2`, `{2, 3}`.
template <class Entry>
class PerDimension {
 public:
  constexpr PerDimension(Index all) : each_{Entry(all), Entry(all), Entry(all)} {}
  constexpr PerDimension(std::initializer_list<Entry> each) {
    if (each.size() < 1 || each.size() > 3)
      throw ConfigError("expected an entry for 1, 2 or 3 dimensions, got " + std::to_string(each.size()));
    for (std::size_t i = 0; const Entry& entry : each) each_[i++] = entry;
    if (each.size() == 1) each_[1] = each_[2] = each_[0];
    count_ = each.size() == 1 ? 0 : static_cast<int>(each.size());
  }

  /// The entry of spatial dimension `axis` of `dims`. Throws ConfigError where there is one for each of another number.
  constexpr const Entry& at(Index axis, Index dims) const {
    if (count_ != 0 && count_ != dims)
      throw ConfigError("expected an entry for each of " + std::to_string(dims) + " dimensions, got " +
                        std::to_string(count_));
    return each_[static_cast<std::size_t>(axis)];
  }

  constexpr const Entry* begin() const { return each_.data(); }
  constexpr const Entry* end() const { return each_.data() + (count_ == 0 ? 1 : count_); }

 private:
  std::array<Entry, 3> each_{Entry(0), Entry(0), Entry(0)};
  // Of entries given one by one; 0 for one that holds for all. Not an Index: tuned for some AVX-512 processors, g++ 12
  // merges the stores to four of them into one and repeats the entry here.
  int count_ = 0;
};

enum class Bias { no, yes };

}  // namespace eigan::inline EIGAN_ABI::nn
