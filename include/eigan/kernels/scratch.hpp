#pragma once

#include <atomic>
#include <cstddef>

#include "../core/config.hpp"
#include "../core/pool.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

/// One thread's working memory: a block that is handed out from the front and stays warm in this core's caches.
class ScratchMemory {
 public:
  ScratchMemory() = default;
  ScratchMemory(const ScratchMemory&) = delete;
  ScratchMemory& operator=(const ScratchMemory&) = delete;
  ~ScratchMemory() { release(); }

  std::size_t used = 0;    // of the block, by the frames that live
  std::size_t beyond = 0;  // what lives outside of the block now

  std::size_t size() const { return size_; }
  std::byte* data() const { return block_; }

  /// Notes what lives now, in the block or not.
  void want() {
    const std::size_t now = used + beyond;
    std::size_t most = most_wanted().load(std::memory_order_relaxed);
    while (now > most && !most_wanted().compare_exchange_weak(most, now, std::memory_order_relaxed)) {
    }
  }

  /// With no frame alive: a block for all that any thread ever wanted at a time, since the next piece of that work may
  /// be this thread's.
  void grow() {
    const std::size_t most = most_wanted().load(std::memory_order_relaxed);
    if (most <= size_) return;
    release();
    block_ = static_cast<std::byte*>(Pool::instance().allocate(most));
    size_ = most;
  }

 private:
  static std::atomic<std::size_t>& most_wanted() {
    static std::atomic<std::size_t> most{0};
    return most;
  }

  void release() noexcept {
    if (block_) Pool::instance().release(block_, size_);
    block_ = nullptr;
    size_ = 0;
  }

  std::byte* block_ = nullptr;
  std::size_t size_ = 0;
};

inline ScratchMemory& scratch_memory() {
  static thread_local ScratchMemory memory;
  return memory;
}

}  // namespace detail

/// Working memory of the thread that made it, until the end of its scope; scopes nest. After the first use of a size
/// there is no call to the system behind it.
class Scratch {
 public:
  Scratch() : memory_(detail::scratch_memory()), first_(memory_.used) {
    if (memory_.used == 0 && memory_.beyond == 0) memory_.grow();
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    memory_.used = first_;
    while (spilled_) {
      Spill* const next = spilled_->next;
      if (spilled_->counts) memory_.beyond -= spilled_->bytes;
      Pool::instance().release(spilled_, spilled_->bytes);
      spilled_ = next;
    }
  }

  /// `count` uninitialised elements, aligned to a cache line.
  template <class T>
  T* take(Index count) {
    const std::size_t bytes = (static_cast<std::size_t>(count) * sizeof(T) + alignment - 1) / alignment * alignment;
    const bool is_kept = bytes <= largest_kept;
    return reinterpret_cast<T*>(is_kept && memory_.used + bytes <= memory_.size() ? front(bytes)
                                                                                  : spill(bytes + alignment, is_kept));
  }

 private:
  // What is larger stays in no core's caches. It goes back to the pool, for tensors to use in between, and no second
  // thread keeps a block of that size.
  static constexpr std::size_t largest_kept = std::size_t{1} << 21;

  struct alignas(alignment) Spill {
    Spill* next;
    std::size_t bytes;
    bool counts;  // towards what the thread is to keep
  };

  std::byte* front(std::size_t bytes) {
    std::byte* const place = memory_.data() + memory_.used;
    memory_.used += bytes;
    memory_.want();
    return place;
  }
  std::byte* spill(std::size_t bytes, bool counts) {
    void* const place = Pool::instance().allocate(bytes);
    spilled_ = new (place) Spill{spilled_, bytes, counts};
    if (counts) {
      memory_.beyond += bytes;
      memory_.want();
    }
    return static_cast<std::byte*>(place) + alignment;
  }

  detail::ScratchMemory& memory_;
  std::size_t first_;
  Spill* spilled_ = nullptr;
};

}  // namespace eigan::inline EIGAN_ABI::kernels
