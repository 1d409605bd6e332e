#include "allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<long> count{0};

}  // namespace

long test::allocation_count() { return count; }

// AddressSanitizer has operators of its own, which pair up in more ways than these; under it nothing is counted.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EIGAN_TEST_COUNTS_NOTHING 1
#endif
#endif
#if !defined(__SANITIZE_ADDRESS__) && !defined(EIGAN_TEST_COUNTS_NOTHING)
void* operator new(std::size_t bytes) {
  ++count;
  if (void* const block = std::malloc(bytes ? bytes : 1)) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
#endif
