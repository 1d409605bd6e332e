#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "../core/pool.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

// Eight sums side by side, so that the compiler may use vectors; added up in a fixed order.
inline double dot(const double* a, const double* b, Index size) {
  constexpr Index lanes = 8;
  double partial[lanes] = {};
  Index i = 0;
  for (; i + lanes <= size; i += lanes)
    for (Index lane = 0; lane < lanes; ++lane) partial[lane] += a[i + lane] * b[i + lane];
  double sum = 0;
  for (const double part : partial) sum += part;
  for (; i < size; ++i) sum += a[i] * b[i];
  return sum;
}

/// x -= scale * (v . x) * v
inline void reflect(const double* v, double scale, double* x, Index size) {
  const double along = scale * dot(v, x, size);
  for (Index i = 0; i < size; ++i) x[i] -= along * v[i];
}

}  // namespace detail

/// Replaces `count` vectors of `length` >= count, one after another in memory, by the orthonormal ones of their QR
/// decomposition with a positive diagonal of R: uniformly distributed if the vectors are normal (Mezzadri 2007).
/// Householder reflections.
inline void orthonormalise(double* vectors, Index count, Index length) {
  PooledVector<double> scales(static_cast<std::size_t>(count)), signs(static_cast<std::size_t>(count), 1.0);
  constexpr Index worth_forking = Index{1} << 16;
  for (Index k = 0; k < count; ++k) {
    double* const v = vectors + k * length + k;
    const Index rest = length - k;
    const double norm = std::sqrt(detail::dot(v, v, rest));
    const double diagonal = v[0] > 0 ? -norm : norm;
    signs[static_cast<std::size_t>(k)] = diagonal < 0 ? -1 : 1;
    v[0] -= diagonal;
    const double squared = detail::dot(v, v, rest);
    const double scale = scales[static_cast<std::size_t>(k)] = squared > 0 ? 2 / squared : 0;
    const auto reflect = [=](Index j) { detail::reflect(v, scale, v + (j + 1) * length, rest); };
    const Index others = count - k - 1;
    if (others * rest >= worth_forking) {
      parallel_for(others, reflect);
    } else {
      for (Index j = 0; j < others; ++j) reflect(j);
    }
  }

  PooledVector<double> result(static_cast<std::size_t>(count * length), 0.0);
  parallel_for(count, [&](Index j) {
    double* const q = result.data() + j * length;
    q[j] = signs[static_cast<std::size_t>(j)];
    for (Index k = j; k >= 0; --k)
      detail::reflect(vectors + k * length + k, scales[static_cast<std::size_t>(k)], q + k, length - k);
  });
  std::copy(result.begin(), result.end(), vectors);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
