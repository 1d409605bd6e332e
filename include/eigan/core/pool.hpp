#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <mutex>
#include <new>
#include <vector>

#include "config.hpp"
#include "large_blocks.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EIGAN_POOL_BYPASSED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define EIGAN_POOL_BYPASSED 1
#endif

namespace eigan::inline EIGAN_ABI {

/// What the pool holds, in bytes.
struct MemoryStatistics {
  std::size_t in_use = 0;       ///< handed out now, rounded up to what is kept for it
  std::size_t peak_in_use = 0;  ///< the most that was handed out at a time
  std::size_t reserved = 0;     ///< kept for use, in use or not
};

namespace detail {

// The sizes that small blocks are rounded up to: classes 0 to 3 are 64, 128, 192 and 256 bytes; from there each
// doubling has four steps.

constexpr std::size_t class_of(std::size_t bytes) {
  const std::size_t units = bytes <= alignment ? 1 : (bytes + alignment - 1) / alignment;
  if (units <= 4) return units - 1;
  const auto doublings = static_cast<std::size_t>(std::bit_width(units - 1)) - 3;  // 0 for 5 to 8 units
  return 4 + 4 * doublings + ((units - 1) >> doublings) - 4;
}
constexpr std::size_t class_size(std::size_t index) {
  if (index < 4) return (index + 1) * alignment;
  const std::size_t doublings = (index - 4) / 4;
  return ((index - 4) % 4 + 5) << doublings << std::countr_zero(alignment);
}

}  // namespace detail

/// Memory that is kept and reused: a training step asks for the same sizes again and again, and a fresh page costs more
/// than a warm one. Small blocks are rounded up to size classes, four to each doubling, and wait in a list per class
/// when they are freed; large ones are cut from what is free (LargeBlocks). Thread-safe. It is never destroyed, so that
/// objects of static lifetime may still free into it.
class Pool {
 public:
  static Pool& instance() {
    static Pool* const pool = new Pool;
    return *pool;
  }

  /// A block of at least `bytes`, aligned to `alignment`. Throws std::bad_alloc.
  void* allocate(std::size_t bytes) {
#if defined(EIGAN_POOL_BYPASSED)
    return ::operator new (bytes, std::align_val_t{alignment});  // lets the sanitizer see every use after free
#else
    if (bytes > largest_listed) {
      void* const block = large_blocks_.allocate(bytes);
      count_in(whole_lines(bytes));
      return block;
    }
    const std::size_t index = detail::class_of(bytes);
    const std::size_t size = detail::class_size(index);
    count_in(size);
    SizeClass& free_list = classes_[index];
    {
      const std::lock_guard lock(free_list.mutex);
      if (Block* const block = free_list.first) {
        free_list.first = block->next;
        return block;
      }
    }
    return size <= largest_carved ? carve(size) : fresh(size);
#endif
  }

  /// Gives back a block that allocate(bytes) returned, with the same `bytes`.
  void release(void* pointer, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(EIGAN_POOL_BYPASSED)
    ::operator delete (pointer, std::align_val_t{alignment});  // the sized form is off by default in clang
#else
    if (bytes > largest_listed) {
      in_use_.fetch_sub(whole_lines(bytes), std::memory_order_relaxed);
      return large_blocks_.release(pointer);
    }
    const std::size_t index = detail::class_of(bytes);
    in_use_.fetch_sub(detail::class_size(index), std::memory_order_relaxed);
    SizeClass& free_list = classes_[index];
    const std::lock_guard lock(free_list.mutex);
    free_list.first = new (pointer) Block{free_list.first};
#endif
  }

  /// Returns unused memory to the system: of large blocks, the regions that hold none.
  void trim() noexcept {
    large_blocks_.trim();
    for (std::size_t index = detail::class_of(largest_carved) + 1; index < classes_.size(); ++index) {
      SizeClass& free_list = classes_[index];
      const std::lock_guard lock(free_list.mutex);
      while (Block* const block = free_list.first) {
        free_list.first = block->next;
        ::operator delete (static_cast<void*>(block), std::align_val_t{alignment});
        reserved_.fetch_sub(detail::class_size(index), std::memory_order_relaxed);
      }
    }
  }

  MemoryStatistics statistics() const {
    return {in_use_.load(std::memory_order_relaxed), peak_in_use_.load(std::memory_order_relaxed),
            reserved_.load(std::memory_order_relaxed) + large_blocks_.touched()};
  }

 private:
  struct Block {
    Block* next;
  };
  struct SizeClass {
    std::mutex mutex;
    Block* first = nullptr;
  };

  static constexpr std::size_t largest_carved = std::size_t{1} << 14;
  static constexpr std::size_t slab_bytes = std::size_t{1} << 18;
  static constexpr std::size_t largest_listed = std::size_t{1} << 17;

  static constexpr std::size_t whole_lines(std::size_t bytes) {
    return (bytes + alignment - 1) / alignment * alignment;
  }

  void count_in(std::size_t size) {
    const std::size_t now = in_use_.fetch_add(size, std::memory_order_relaxed) + size;
    std::size_t peak = peak_in_use_.load(std::memory_order_relaxed);
    while (now > peak && !peak_in_use_.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {
    }
  }

  void* fresh(std::size_t size) {
    void* const block = ::operator new (size, std::align_val_t{alignment});
    reserved_.fetch_add(size, std::memory_order_relaxed);
    return block;
  }

  // Small blocks (nodes, shapes, scalars) are cut from slabs, which stay.
  void* carve(std::size_t size) {
    const std::lock_guard lock(slab_mutex_);
    if (slab_left_ < size) {
      slab_ = static_cast<std::byte*>(fresh(slab_bytes));
      slab_left_ = slab_bytes;
    }
    void* const block = slab_;
    slab_ += size;
    slab_left_ -= size;
    return block;
  }

  std::array<SizeClass, detail::class_of(largest_listed) + 1> classes_{};
  detail::LargeBlocks large_blocks_;
  std::mutex slab_mutex_;
  std::byte* slab_ = nullptr;
  std::size_t slab_left_ = 0;
  std::atomic<std::size_t> in_use_{0}, peak_in_use_{0}, reserved_{0};
};

/// A standard allocator that draws from the pool.
template <class T>
struct PoolAllocator {
  using value_type = T;
  PoolAllocator() = default;
  template <class U>
  PoolAllocator(const PoolAllocator<U>&) noexcept {}
  T* allocate(std::size_t count) { return static_cast<T*>(Pool::instance().allocate(count * sizeof(T))); }
  void deallocate(T* pointer, std::size_t count) noexcept { Pool::instance().release(pointer, count * sizeof(T)); }
  template <class U>
  friend bool operator==(const PoolAllocator&, const PoolAllocator<U>&) noexcept {
    return true;
  }
};

template <class T>
using PooledVector = std::vector<T, PoolAllocator<T>>;

}  // namespace eigan::inline EIGAN_ABI
