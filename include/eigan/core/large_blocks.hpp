#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <mutex>
#include <new>

#include "config.hpp"
#include "regions.hpp"

namespace eigan::inline EIGAN_ABI {

/// Every block of eigan's memory starts at a multiple of this many bytes: a cache line, and the widest vector register.
inline constexpr std::size_t alignment = 64;

namespace detail {

/// Large blocks, cut from regions that stay: the smallest free piece that holds one is split, and a piece that is given
/// back joins those beside it. The tensors of a training step end in another order than they begin, and in many sizes;
/// a list of free blocks for each size keeps the most that was ever wanted of each, half as much again as of all
/// together. Thread-safe.
class LargeBlocks {
 public:
  LargeBlocks() = default;
  LargeBlocks(const LargeBlocks&) = delete;
  LargeBlocks& operator=(const LargeBlocks&) = delete;

  /// At least `bytes`, aligned to `alignment`. Throws std::bad_alloc.
  void* allocate(std::size_t bytes) {
    const std::size_t size = sizeof(Piece) + (bytes + alignment - 1) / alignment * alignment;
    const std::lock_guard lock(mutex_);
    Piece* piece = smallest_of(size);
    if (!piece) piece = grow(size);
    unlist(*piece);
    split(*piece, size);
    Region& region = *piece->region;
    const std::size_t reach = offset_of(*piece) + piece->size;
    touched_ += std::max(reach, region.touched) - region.touched;
    region.touched = std::max(reach, region.touched);
    return piece + 1;
  }

  void release(void* pointer) noexcept {
    const std::lock_guard lock(mutex_);
    Piece* piece = static_cast<Piece*>(pointer) - 1;
    if (Piece* const after = piece->after(); after && after->is_free) join(*piece, *after);
    if (Piece* const before = piece->before; before && before->is_free) {
      join(*before, *piece);
      piece = before;
    }
    enlist(*piece);
  }

  /// Gives the regions without a block back to the system.
  void trim() noexcept {
    const std::lock_guard lock(mutex_);
    for (Region** link = &regions_; *link;) {
      Region* const region = *link;
      Piece& first = region->first();
      if (!first.is_free || first.after()) {
        link = &region->next;
        continue;
      }
      unlist(first);
      *link = region->next;
      touched_ -= region->touched;
      delete_region(region);
    }
  }

  /// Bytes of the regions that were ever handed out; what lies behind them costs addresses and no memory.
  std::size_t touched() const {
    const std::lock_guard lock(mutex_);
    return touched_;
  }

 private:
  static constexpr std::size_t region_bytes = std::size_t{1} << 26;
  static constexpr std::size_t least_rest = std::size_t{1} << 12;  // too little to be a piece of its own

  struct Piece;
  struct alignas(alignment) Region {
    Region* next;
    std::size_t size;  // with this header
    std::size_t touched;
    Piece& first() { return *reinterpret_cast<Piece*>(this + 1); }
  };

  // The header in front of a block or of free memory. The pieces of a region lie one behind the other.
  struct alignas(alignment) Piece {
    std::size_t size;  // with this header
    Region* region;
    Piece* before;
    Piece* next = nullptr;  // in its list, while it is free
    Piece* previous = nullptr;
    bool is_free = false;

    Piece* after() {
      std::byte* const end = reinterpret_cast<std::byte*>(this) + size;
      return end == reinterpret_cast<std::byte*>(region) + region->size ? nullptr : reinterpret_cast<Piece*>(end);
    }
  };

  static std::size_t offset_of(const Piece& piece) {
    return static_cast<std::size_t>(reinterpret_cast<const std::byte*>(&piece) -
                                    reinterpret_cast<const std::byte*>(piece.region));
  }

  Piece*& list_of(std::size_t size) { return lists_[static_cast<std::size_t>(std::bit_width(size))]; }

  void enlist(Piece& piece) {
    Piece*& first = list_of(piece.size);
    piece.is_free = true;
    piece.previous = nullptr;
    piece.next = first;
    if (first) first->previous = &piece;
    first = &piece;
  }

  void unlist(Piece& piece) {
    piece.is_free = false;
    (piece.previous ? piece.previous->next : list_of(piece.size)) = piece.next;
    if (piece.next) piece.next->previous = piece.previous;
  }

  // The smallest free piece of `size` or more. The lists are short: a step has few free pieces at a time.
  Piece* smallest_of(std::size_t size) {
    for (auto list = static_cast<std::size_t>(std::bit_width(size)); list < lists_.size(); ++list) {
      Piece* best = nullptr;
      for (Piece* piece = lists_[list]; piece; piece = piece->next)
        if (piece->size >= size && (!best || piece->size < best->size)) best = piece;
      if (best) return best;
    }
    return nullptr;
  }

  // Leaves `size` bytes to a piece that is not listed.
  void split(Piece& piece, std::size_t size) {
    if (piece.size - size < least_rest) return;
    Piece* const after = piece.after();
    auto* const rest = new (reinterpret_cast<std::byte*>(&piece) + size)
        Piece{.size = piece.size - size, .region = piece.region, .before = &piece};
    if (after) after->before = rest;
    piece.size = size;
    enlist(*rest);
  }

  // Makes one piece of two neighbours, at the first one's place and in no list.
  void join(Piece& first, Piece& second) {
    for (Piece* const each : {&first, &second})
      if (each->is_free) unlist(*each);
    first.size += second.size;
    if (Piece* const after = first.after()) after->before = &first;
  }

  // The piece, free and listed, that is all of a new region.
  Piece* grow(std::size_t size) {
    const std::size_t needed = sizeof(Region) + size;
    std::size_t total = std::max(needed, region_bytes);
    void* memory = new_region(total);
    if (!memory) memory = new_region(total = needed);
    if (!memory) throw std::bad_alloc();
    regions_ = new (memory) Region{regions_, total, 0};
    auto* const piece =
        new (&regions_->first()) Piece{.size = total - sizeof(Region), .region = regions_, .before = nullptr};
    enlist(*piece);
    return piece;
  }

  mutable std::mutex mutex_;
  Region* regions_ = nullptr;
  std::array<Piece*, 65> lists_{};  // by the bits of the size
  std::size_t touched_ = 0;
};

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI
