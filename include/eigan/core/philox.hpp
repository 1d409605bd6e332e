#pragma once

#include <array>
#include <cstdint>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "config.hpp"

namespace eigan::inline EIGAN_ABI {

namespace detail {

// As wide as the registers that the compiler may use; other widths than those a machine has are slow.
#if defined(__AVX512F__)
inline constexpr int lane_bytes = 64;
#elif defined(__AVX2__)
inline constexpr int lane_bytes = 32;
#else
inline constexpr int lane_bytes = 16;
#endif
/// Several counters' words at once, each of 32 bits in 64.
typedef std::uint64_t WordLanes __attribute__((vector_size(lane_bytes)));
inline constexpr int lane_count = lane_bytes / 8;

/// The 64 bits of word * factor, both below 2^32.
[[gnu::always_inline]] inline std::uint64_t wide_product(std::uint64_t word, std::uint64_t factor) {
  return word * factor;
}
[[gnu::always_inline]] inline WordLanes wide_product(const WordLanes& words, std::uint64_t factor) {
  // g++ 12 does not see that the upper halves are 0, and multiplies them too.
#if defined(__AVX512F__)
  return (WordLanes)_mm512_maskz_mul_epu32(0xff, (__m512i)words, (__m512i)(WordLanes{} + factor));
#elif defined(__AVX2__)
  return (WordLanes)_mm256_mul_epu32((__m256i)words, (__m256i)(WordLanes{} + factor));
#elif defined(__SSE2__)
  return (WordLanes)_mm_mul_epu32((__m128i)words, (__m128i)(WordLanes{} + factor));
#else
  return words * factor;
#endif
}

/// Philox's rounds on one counter or on several; each Words holds 32 bits in 64.
template <class Words>
[[gnu::always_inline]] inline void philox_rounds(std::array<Words, 4>& counter, std::array<std::uint32_t, 2> key) {
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round) {
    const Words product0 = wide_product(counter[0], 0xD2511F53), product1 = wide_product(counter[2], 0xCD9E8D57);
    counter[0] = (product1 >> 32) ^ counter[1] ^ std::uint64_t{key[0]};
    counter[1] = product1 & std::uint64_t{0xffffffff};
    counter[2] = (product0 >> 32) ^ counter[3] ^ std::uint64_t{key[1]};
    counter[3] = product0 & std::uint64_t{0xffffffff};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
}

/// The words of `lane_count` counters from `first` on.
[[gnu::always_inline]] inline std::array<WordLanes, 4> philox_lanes(std::uint64_t first, std::uint64_t key) {
  WordLanes counters;
  for (int i = 0; i < lane_count; ++i) counters[i] = first + static_cast<std::uint64_t>(i);
  std::array<WordLanes, 4> words{counters & std::uint64_t{0xffffffff}, counters >> 32, WordLanes{}, WordLanes{}};
  philox_rounds(words, {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)});
  return words;
}

}  // namespace detail

/// Philox 4x32-10 (Salmon et al. 2011): four random words from a counter and a key, with no state in between.
inline std::array<std::uint32_t, 4> philox(const std::array<std::uint32_t, 4>& counter,
                                           const std::array<std::uint32_t, 2>& key) {
  std::array<std::uint64_t, 4> words{counter[0], counter[1], counter[2], counter[3]};
  detail::philox_rounds(words, key);
  return {static_cast<std::uint32_t>(words[0]), static_cast<std::uint32_t>(words[1]),
          static_cast<std::uint32_t>(words[2]), static_cast<std::uint32_t>(words[3])};
}

}  // namespace eigan::inline EIGAN_ABI
