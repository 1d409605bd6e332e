#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "config.hpp"
#include "philox.hpp"

// Two numbers from each four words of Philox, for as many counters at once as a register has lanes. Without the
// standard library's log, sin and cos, which take one number at a time.
namespace eigan::inline EIGAN_ABI::detail {

typedef double DoubleLanes __attribute__((vector_size(lane_bytes)));

[[gnu::always_inline]] inline DoubleLanes doubles_of(const WordLanes& bits) {
  DoubleLanes doubles;
  __builtin_memcpy(&doubles, &bits, sizeof doubles);
  return doubles;
}
[[gnu::always_inline]] inline WordLanes bits_of(const DoubleLanes& doubles) {
  WordLanes bits;
  __builtin_memcpy(&bits, &doubles, sizeof bits);
  return bits;
}

/// Words below 2^52 as numbers.
[[gnu::always_inline]] inline DoubleLanes numbers_of(const WordLanes& words) {
  DoubleLanes numbers = doubles_of(words | std::uint64_t{0x4330000000000000}) - 0x1p52;
  // -ffast-math would put off the subtraction, and lose the words' lower half.
#if defined(__FAST_MATH__) && defined(__x86_64__)
  __asm__("" : "+v"(numbers));
#elif defined(__FAST_MATH__) && defined(__aarch64__)
  __asm__("" : "+w"(numbers));
#endif
  return numbers;
}

/// Numbers in [0, 1), whole multiples of 2^-53.
[[gnu::always_inline]] inline DoubleLanes units_of(const WordLanes& low, const WordLanes& high) {
  return numbers_of(high) * 0x1p-32 + numbers_of(low >> 11) * 0x1p-53;
}

[[gnu::always_inline]] inline DoubleLanes square_root(DoubleLanes x) {
#if defined(__AVX512F__)
  return (DoubleLanes)_mm512_maskz_sqrt_pd(0xff, (__m512d)x);  // without a mask, g++ warns of what is inside
#elif defined(__AVX2__)
  return (DoubleLanes)_mm256_sqrt_pd((__m256d)x);
#elif defined(__SSE2__)
  return (DoubleLanes)_mm_sqrt_pd((__m128d)x);
#else
  for (int i = 0; i < lane_count; ++i) x[i] = std::sqrt(x[i]);
  return x;
#endif
}

/// Of normal numbers above 0, to an ulp and a half: x = 2^k m with m between sqrt(1/2) and sqrt(2), and log(m) as a
/// series in s = (m - 1) / (m + 1) with the coefficients of FreeBSD's msun (e_log.c).
[[gnu::always_inline]] inline DoubleLanes logarithm(const DoubleLanes& x) {
  constexpr std::uint64_t one = 0x3ff0000000000000, sqrt_half = 0x3fe6a09e667f3bcd;
  const WordLanes bits = bits_of(x) + (one - sqrt_half);
  const DoubleLanes k = numbers_of(bits >> 52) - 1023;
  const DoubleLanes m = doubles_of((bits & std::uint64_t{0x000fffffffffffff}) + sqrt_half);
  const DoubleLanes s = (m - 1) / (m + 1), z = s * s;
  DoubleLanes p = z * 1.479819860511658591e-01 + 1.531383769920937332e-01;
  p = p * z + 1.818357216161805012e-01;
  p = p * z + 2.222219843214978396e-01;
  p = p * z + 2.857142874366239149e-01;
  p = p * z + 3.999999999940941908e-01;
  p = p * z + 6.666666666666735130e-01;
  return k * std::numbers::ln2 + (s * z * p + 2 * s);
}

/// Cosine and sine of 2 pi (high 2^-32 + low 2^-64), with the coefficients of msun (k_sin.c, k_cos.c): by the angle to
/// the nearest quarter of a turn, whose number says which of the two is which, and their signs.
[[gnu::always_inline]] inline std::array<DoubleLanes, 2> cosine_and_sine(const WordLanes& low, const WordLanes& high) {
  const WordLanes quarter = (high + (std::uint64_t{1} << 29)) >> 30;
  const DoubleLanes a = 2 * std::numbers::pi * (units_of(low, high) - 0.25 * numbers_of(quarter)), z = a * a;
  DoubleLanes s = z * 1.58969099521155010221e-10 - 2.50507602534068634195e-08;
  s = s * z + 2.75573137070700676789e-06;
  s = s * z - 1.98412698298579493134e-04;
  s = s * z + 8.33333333332248946124e-03;
  s = s * z - 1.66666666666666324348e-01;
  DoubleLanes c = z * -1.13596475577881948265e-11 + 2.08757232129817482790e-09;
  c = c * z - 2.75573143513906633035e-07;
  c = c * z + 2.48015872894767294178e-05;
  c = c * z - 1.38888888888741095749e-03;
  c = c * z + 4.16666666666666019037e-02;
  const WordLanes sine = bits_of(a * z * s + a), cosine = bits_of(z * z * c - 0.5 * z + 1);
  const WordLanes swapped = (sine ^ cosine) & -(quarter & std::uint64_t{1});
  return {doubles_of(cosine ^ swapped ^ ((quarter + 1) & std::uint64_t{2}) << 62),
          doubles_of(sine ^ swapped ^ (quarter & std::uint64_t{2}) << 62)};
}

/// Two numbers in [0, 1) for each counter.
struct UniformPairs {
  [[gnu::always_inline]] std::array<DoubleLanes, 2> operator()(const std::array<WordLanes, 4>& words) const {
    return {units_of(words[0], words[1]), units_of(words[2], words[3])};
  }
};

/// Two from the standard normal distribution (Box and Muller 1958), to 2e-15.
struct NormalPairs {
  [[gnu::always_inline]] std::array<DoubleLanes, 2> operator()(const std::array<WordLanes, 4>& words) const {
    const DoubleLanes radius = square_root(-2 * logarithm(1 - units_of(words[0], words[1])));
    const std::array<DoubleLanes, 2> direction = cosine_and_sine(words[2], words[3]);
    return {radius * direction[0], radius * direction[1]};
  }
};

}  // namespace eigan::inline EIGAN_ABI::detail
