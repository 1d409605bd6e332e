#pragma once

#include <cstdint>

#include "config.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace eigan::inline EIGAN_ABI {

/// While it lives, this thread rounds to nearest and flushes denormals to zero, whatever the caller has set; the
/// caller's mode comes back at the end. A mode set in main never reaches OpenMP's workers, so every parallel region
/// sets its own.
class FloatingPointMode {
 public:
#if defined(__SSE2__)
  FloatingPointMode() : saved_(_mm_getcsr()) {
    if (saved_ != fast) _mm_setcsr(fast);
  }
  ~FloatingPointMode() {
    if (saved_ != fast) _mm_setcsr(saved_);
  }

 private:
  // All exceptions masked (0x1f80), flush to zero (0x8000), denormals are zero (0x0040).
  static constexpr unsigned fast = 0x9fc0;
  unsigned saved_;
#elif defined(__aarch64__) && defined(__GNUC__)
  FloatingPointMode() {
    __asm__ volatile("mrs %0, fpcr" : "=r"(saved_));
    __asm__ volatile("msr fpcr, %0" : : "r"(std::uint64_t{1} << 24));
  }
  ~FloatingPointMode() { __asm__ volatile("msr fpcr, %0" : : "r"(saved_)); }

 private:
  std::uint64_t saved_ = 0;
#else
  FloatingPointMode() {}  // nothing to set; user-provided so that a named guard is not an unused variable
  ~FloatingPointMode() {}

 public:
#endif
  FloatingPointMode(const FloatingPointMode&) = delete;
  FloatingPointMode& operator=(const FloatingPointMode&) = delete;
};

}  // namespace eigan::inline EIGAN_ABI
