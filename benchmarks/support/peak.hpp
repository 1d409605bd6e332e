#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <vector>

#include <eigan/core/parallel.hpp>
#include <eigan/core/tensor.hpp>
#include <eigan/kernels/simd/instruction_set.hpp>

#include "clock.hpp"

/// What the processor can do at most, measured on as many threads as eigan uses: the yardsticks of every share.
namespace support {

namespace detail {

template <int Bytes>
struct VectorOf {
  typedef float Type __attribute__((vector_size(Bytes)));
};

// Twelve independent chains of multiply-adds on vectors of that many bytes; the work done, in operations.
template <int Bytes>
[[gnu::always_inline]] inline double multiply_adds(int rounds) {
  using Vector = typename VectorOf<Bytes>::Type;
  Vector sums[12], factor = Vector{} + 0.999F, term = Vector{} + 1e-3F;
  for (int i = 0; i < 12; ++i) sums[i] = Vector{} + 0.1F * static_cast<float>(i) + 0.05F;  // none of them stands still
  for (int round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < 12; ++i) sums[i] = sums[i] * factor + term;
  }
  for (const Vector& sum : sums) asm volatile("" : : "m"(sum));
  return 2.0 * 12 * (Bytes / 4) * rounds;
}
#if defined(EIGAN_HAS_AVX512)
[[gnu::target("avx512f,avx2,fma")]] inline double wide_multiply_adds(int rounds) { return multiply_adds<64>(rounds); }
#endif
#if defined(EIGAN_HAS_AVX2)
[[gnu::target("avx2,fma")]] inline double avx2_multiply_adds(int rounds) { return multiply_adds<32>(rounds); }
#endif

inline double multiply_adds_here(int rounds) {
  using eigan::kernels::InstructionSet;
#if defined(EIGAN_HAS_AVX512)
  if (eigan::kernels::instruction_set() == InstructionSet::avx512) return wide_multiply_adds(rounds);
#endif
#if defined(EIGAN_HAS_AVX2)
  if (eigan::kernels::instruction_set() == InstructionSet::avx2) return avx2_multiply_adds(rounds);
#endif
  return multiply_adds<EIGAN_BASELINE_BYTES>(rounds);
}

}  // namespace detail

/// Multiply-adds of eigan's instruction set on all its threads, in operations per second (a multiply-add is two).
inline double arithmetic_peak(int rounds = 20000) {
  const int threads = eigan::threads();
  std::vector<double> work(static_cast<std::size_t>(threads)), elapsed(work.size());
  eigan::parallel_for(threads, [&](eigan::Index item) {
    const auto i = static_cast<std::size_t>(item);
    elapsed[i] = time_of([&] { work[i] = detail::multiply_adds_here(rounds); });
  });
  double rate = 0;
  for (std::size_t i = 0; i < work.size(); ++i) rate += work[i] / elapsed[i];
  return rate;
}

/// The bytes that a pass has to move at least: of arrays that are only read; of arrays that it writes and of those that
/// it reads meanwhile; and the same where what it writes is what it has read, written and read bytes counted each.
struct Traffic {
  std::size_t read = 0, written_elsewhere = 0, written_in_place = 0;

  std::size_t bytes() const { return read + written_elsewhere + written_in_place; }
};

/// What plain loops with either traffic reach, in bytes per second. They differ by half and more: a processor reads
/// what it is to overwrite, so that writing elsewhere moves bytes that are not counted.
struct Bandwidth {
  double read = 0, written_elsewhere = 0, written_in_place = 0;

  void raise_to(const Bandwidth& other) {
    read = std::max(read, other.read);
    written_elsewhere = std::max(written_elsewhere, other.written_elsewhere);
    written_in_place = std::max(written_in_place, other.written_in_place);
  }
  double seconds(const Traffic& traffic) const {
    return static_cast<double>(traffic.read) / read +
           static_cast<double>(traffic.written_elsewhere) / written_elsewhere +
           static_cast<double>(traffic.written_in_place) / written_in_place;
  }
};

/// The bandwidth of a sum; of STREAM's triad, a = b + s c (McCalpin 1995); and of a += s b, each over `bytes` in all.
/// Memory of the size that a pass works on is what that pass can be held against: a small one stays in a cache.
inline Bandwidth bandwidth_peak(std::size_t bytes) {
  using Vector = detail::VectorOf<EIGAN_BASELINE_BYTES>::Type;
  static std::map<std::size_t, eigan::Tensor<float>> buffers;  // by size: fresh pages would be slow
  const auto numbers = static_cast<eigan::Index>(bytes / sizeof(float));
  eigan::Tensor<float>& buffer = buffers[bytes];
  if (!buffer.defined()) buffer = eigan::Tensor<float>::full(eigan::Shape{numbers}, 1.0F);
  Vector* const data = reinterpret_cast<Vector*>(buffer.mutable_data());
  const auto size = numbers * static_cast<eigan::Index>(sizeof(float)) / EIGAN_BASELINE_BYTES;
  const auto rate = [](eigan::Index length, int arrays, const auto& loop) {
    const int threads = eigan::threads();
    double least = std::numeric_limits<double>::infinity();
    for (int run = 0; run < 4; ++run)  // the first one finds the caches full of something else
      least = std::min(least, time_of([&] {
                         eigan::parallel_for(
                             threads, [&](eigan::Index i) { loop(length * i / threads, length * (i + 1) / threads); });
                       }));
    return static_cast<double>(arrays * length) * EIGAN_BASELINE_BYTES / least;
  };
  const eigan::Index third = size / 3, half = size / 2;
  return {.read = rate(size, 1,
                       [=](eigan::Index first, eigan::Index last) {
                         constexpr eigan::Index chains = 8;
                         Vector sums[chains] = {};
                         for (eigan::Index i = first; i + chains <= last; i += chains)
#pragma GCC unroll 8
                           for (eigan::Index chain = 0; chain < chains; ++chain) sums[chain] += data[i + chain];
                         for (const Vector& sum : sums) asm volatile("" : : "m"(sum));
                       }),
          .written_elsewhere = rate(third, 3,
                                    [=](eigan::Index first, eigan::Index last) {
                                      Vector *const a = data, *const b = data + third, *const c = b + third;
                                      for (eigan::Index i = first; i < last; ++i) a[i] = b[i] + 0.5F * c[i];
                                    }),
          .written_in_place = rate(half, 3, [=](eigan::Index first, eigan::Index last) {
            Vector *const a = data, *const b = data + half;
            for (eigan::Index i = first; i < last; ++i) a[i] += 0.5F * b[i];
          })};
}

}  // namespace support
