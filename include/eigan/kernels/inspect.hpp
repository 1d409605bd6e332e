#pragma once

#include <cstddef>
#include <span>

#include "../core/config.hpp"
#include "../core/pool.hpp"
#include "arrays.hpp"
#include "simd/dispatch.hpp"
#include "simd/math.hpp"

#define EIGAN_TARGET_FILE "../target/inspect.inl"
#include "simd/for_each_target.inl"

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

template <class T>
double sum_of_squares_serial(const T* x, Index size) {
  EIGAN_DISPATCH(sum_of_squares<T>(x, size))
}
template <class T>
Index first_non_finite_serial(const T* x, Index size) {
  EIGAN_DISPATCH(first_non_finite<T>(x, size))
}

}  // namespace detail

/// The sum of the squares of all elements of `count` arrays, of which at(i) gives the i-th as std::span<const T>.
/// Summed in double, in an order that depends on the sizes alone; not finite if an element is not.
template <class T, class At>
double sum_of_squares(Index count, const At& at) {
  const auto size_of = [&](Index i) { return static_cast<Index>(std::span<const T>(at(i)).size()); };
  const Index pieces = detail::array_pieces(detail::total_size(count, size_of));
  PooledVector<double> sums(static_cast<std::size_t>(pieces), 0.0);
  detail::for_array_pieces(count, size_of, [&](Index piece, Index i, Index first, Index last) {
    const std::span<const T> values = at(i);
    sums[static_cast<std::size_t>(piece)] += detail::sum_of_squares_serial<T>(values.data() + first, last - first);
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}
template <class T>
double sum_of_squares(Index size, const T* x) {
  return sum_of_squares<T>(1, [=](Index) { return std::span<const T>(x, static_cast<std::size_t>(size)); });
}

/// Where the first NaN or infinity is.
struct NonFinite {
  Index array = -1;    ///< -1 if all is finite
  Index element = -1;  ///< in that array
};

/// The first element that is not finite in `count` arrays, of which at(i) gives the i-th as std::span<const T>. Goes by
/// the bits, so that it is right under -ffast-math too.
template <class T, class At>
NonFinite first_non_finite(Index count, const At& at) {
  const auto size_of = [&](Index i) { return static_cast<Index>(std::span<const T>(at(i)).size()); };
  const Index pieces = detail::array_pieces(detail::total_size(count, size_of));
  PooledVector<NonFinite> found(static_cast<std::size_t>(pieces));
  detail::for_array_pieces(count, size_of, [&](Index piece, Index i, Index first, Index last) {
    NonFinite& place = found[static_cast<std::size_t>(piece)];
    if (place.array >= 0) return;
    const std::span<const T> values = at(i);
    const Index element = detail::first_non_finite_serial<T>(values.data() + first, last - first);
    if (element >= 0) place = {i, first + element};
  });
  for (const NonFinite& place : found)
    if (place.array >= 0) return place;
  return {};
}
/// The first position of an element of x that is not finite, or -1.
template <class T>
Index first_non_finite(Index size, const T* x) {
  return first_non_finite<T>(1, [=](Index) { return std::span<const T>(x, static_cast<std::size_t>(size)); }).element;
}

}  // namespace eigan::inline EIGAN_ABI::kernels
