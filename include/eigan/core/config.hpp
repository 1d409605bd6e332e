#pragma once

#include <Eigen/Core>

static_assert(EIGEN_VERSION_AT_LEAST(3, 4, 0), "eigan needs Eigen 3.4 or newer");

// Units compiled with other flags hold other code under the same names; a linker that merges them picks one of the two
// and the program crashes or loses bits. So the flags that change generated code or layout become part of every symbol.
#if defined(__AVX512F__)
#define EIGAN_ABI_SIMD avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define EIGAN_ABI_SIMD avx2_fma
#elif defined(__AVX2__)
#define EIGAN_ABI_SIMD avx2
#elif defined(__AVX__)
#define EIGAN_ABI_SIMD avx
#elif defined(__SSE4_2__)
#define EIGAN_ABI_SIMD sse42
#elif defined(__SSE2__)
#define EIGAN_ABI_SIMD sse2
#elif defined(__ARM_NEON)
#define EIGAN_ABI_SIMD neon
#else
#define EIGAN_ABI_SIMD portable
#endif

#if defined(_OPENMP)
#define EIGAN_ABI_THREADS openmp
#else
#define EIGAN_ABI_THREADS serial
#endif

#if defined(__FAST_MATH__)
#define EIGAN_ABI_MATH fast
#else
#define EIGAN_ABI_MATH exact
#endif

#define EIGAN_ABI_JOIN(simd, threads, math, align) v0_##simd##_##threads##_##math##_align##align
#define EIGAN_ABI_EXPAND(simd, threads, math, align) EIGAN_ABI_JOIN(simd, threads, math, align)
#if EIGEN_MAX_ALIGN_BYTES == 64
#define EIGAN_ABI_ALIGN 64
#elif EIGEN_MAX_ALIGN_BYTES == 32
#define EIGAN_ABI_ALIGN 32
#elif EIGEN_MAX_ALIGN_BYTES == 16
#define EIGAN_ABI_ALIGN 16
#else
#define EIGAN_ABI_ALIGN other
#endif

/// The inline namespace of this unit's build flags: `namespace eigan::inline EIGAN_ABI`.
#define EIGAN_ABI EIGAN_ABI_EXPAND(EIGAN_ABI_SIMD, EIGAN_ABI_THREADS, EIGAN_ABI_MATH, EIGAN_ABI_ALIGN)

namespace eigan::inline EIGAN_ABI {

/// Signed size and position, as Eigen counts.
using Index = Eigen::Index;

}  // namespace eigan::inline EIGAN_ABI
