#include "nn/counted_new.hpp"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

#include <eigan/core/pool.hpp>

namespace {

std::atomic<bool> counting{false};
std::atomic<int> calls{0};

[[maybe_unused]] void* counted(std::size_t bytes, std::size_t alignment) {
  if (counting) ++calls;
  void* const memory = alignment > alignof(std::max_align_t)
                           ? std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment)
                           : std::malloc(bytes > 0 ? bytes : 1);
  if (!memory) throw std::bad_alloc();
  return memory;
}

}  // namespace

void counted_new::start() {
  calls = 0;
  counting = true;
}

int counted_new::stop() {
  counting = false;
  return calls;
}

// AddressSanitizer, under which the pool is bypassed, has operators of its own, which pair up in more ways than these.
#if !defined(EIGAN_POOL_BYPASSED)
void* operator new(std::size_t bytes) { return counted(bytes, 1); }
void* operator new[](std::size_t bytes) { return counted(bytes, 1); }
void* operator new(std::size_t bytes, std::align_val_t alignment) { return counted(bytes, std::size_t(alignment)); }
void* operator new[](std::size_t bytes, std::align_val_t alignment) { return counted(bytes, std::size_t(alignment)); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
#endif
