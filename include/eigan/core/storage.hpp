#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

#include "config.hpp"
#include "pool.hpp"

namespace eigan::inline EIGAN_ABI::detail {

/// A counted block of memory behind one or more tensors: eigan's own, from the pool, with the count in front of the
/// data; or borrowed from the user, read-only, with whatever keeps it alive.
class Storage {
 public:
  Storage() = default;

  static Storage allocate(std::size_t bytes) {
    const std::size_t total = sizeof(Block) + bytes;
    void* const memory = Pool::instance().allocate(total);
    return Storage(new (memory) Block{{1}, static_cast<std::byte*>(memory) + sizeof(Block), total, {}, true});
  }

  static Storage borrow(const void* data, std::shared_ptr<const void> owner) {
    void* const memory = Pool::instance().allocate(sizeof(Block));
    return Storage(new (memory) Block{{1}, const_cast<void*>(data), sizeof(Block), std::move(owner), false});
  }

  Storage(const Storage& other) noexcept : block_(other.block_) {
    if (block_) block_->holders.fetch_add(1, std::memory_order_relaxed);
  }
  Storage(Storage&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Storage& operator=(Storage other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Storage() {
    if (!block_ || block_->holders.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    const std::size_t bytes = block_->bytes;
    block_->~Block();
    Pool::instance().release(block_, bytes);
  }

  explicit operator bool() const { return block_ != nullptr; }
  void* data() const { return block_ ? block_->data : nullptr; }

  /// Whether a write would be seen by nobody else.
  bool is_exclusive() const { return block_ && block_->owned && block_->holders.load(std::memory_order_acquire) == 1; }

 private:
  struct alignas(alignment) Block {
    std::atomic<Index> holders;
    void* data;
    std::size_t bytes;
    std::shared_ptr<const void> owner;
    bool owned;
  };

  explicit Storage(Block* block) : block_(block) {}

  Block* block_ = nullptr;
};

}  // namespace eigan::inline EIGAN_ABI::detail
