#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include "config.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace eigan::inline EIGAN_ABI::detail {

/// Tells the processor that this thread is only waiting.
inline void pause_briefly() {
#if defined(__SSE2__)
  _mm_pause();
#elif defined(__aarch64__) && defined(__GNUC__)
  __asm__ volatile("yield");
#endif
}

/// Waits until done(value) holds for what the atomic says, and returns that. What is waited for mostly comes within
/// microseconds, so it is looked for at once, then between offers of the processor to others, and only then in sleep;
/// whoever changes the value notifies. In sleep the processor is free for the very thread that is waited for.
template <class Done>
std::uint32_t wait_until(const std::atomic<std::uint32_t>& atomic, const Done& done) {
  constexpr int looks = 200;
  constexpr std::chrono::microseconds patience{50};
  std::uint32_t value = atomic.load(std::memory_order_acquire);
  for (int i = 0; i < looks && !done(value); ++i) {
    pause_briefly();
    value = atomic.load(std::memory_order_acquire);
  }
  if (done(value)) return value;
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!done(value) && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
    value = atomic.load(std::memory_order_acquire);
  }
  while (!done(value)) {
    atomic.wait(value, std::memory_order_acquire);
    value = atomic.load(std::memory_order_acquire);
  }
  return value;
}

}  // namespace eigan::inline EIGAN_ABI::detail
