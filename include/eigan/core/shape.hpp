#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>

#include "config.hpp"
#include "error.hpp"

namespace eigan::inline EIGAN_ABI {

/// The extents of a tensor, outermost first, held in place. Rank 0 is a single number.
class Shape {
 public:
  static constexpr Index max_rank = 8;

  constexpr Shape() = default;

  /// Throws ShapeError for more than max_rank extents or a negative one.
  constexpr Shape(std::initializer_list<Index> extents) {
    for (const Index extent : extents) push_back(extent);
  }

  template <class Iterator>
  constexpr Shape(Iterator first, Iterator last) {
    for (; first != last; ++first) push_back(*first);
  }

  /// A shape of `rank` equal extents.
  static constexpr Shape filled(Index rank, Index extent) {
    Shape shape;
    for (Index axis = 0; axis < rank; ++axis) shape.push_back(extent);
    return shape;
  }

  constexpr Index rank() const { return rank_; }

  /// The number of elements: the product of the extents, 1 for rank 0.
  constexpr Index size() const {
    Index count = 1;
    for (const Index extent : *this) count *= extent;
    return count;
  }

  constexpr Index operator[](Index axis) const { return extents_[static_cast<std::size_t>(axis)]; }
  constexpr Index& operator[](Index axis) { return extents_[static_cast<std::size_t>(axis)]; }
  constexpr Index back() const { return (*this)[rank_ - 1]; }

  constexpr const Index* begin() const { return extents_.data(); }
  constexpr const Index* end() const { return extents_.data() + rank_; }
  constexpr Index* begin() { return extents_.data(); }
  constexpr Index* end() { return extents_.data() + rank_; }

  constexpr void push_back(Index extent) {
    if (rank_ == max_rank) throw ShapeError("Shape: expected at most 8 axes");
    if (extent < 0) throw ShapeError("Shape: expected extents of 0 or more, got " + std::to_string(extent));
    extents_[static_cast<std::size_t>(rank_++)] = extent;
  }

  /// The axis that `axis` names, where a negative one counts from the back. Throws ShapeError if there is none.
  constexpr Index axis(Index axis) const {
    const Index found = axis < 0 ? axis + rank_ : axis;
    if (found < 0 || found >= rank_)
      throw ShapeError("expected an axis of a rank " + std::to_string(rank_) + " shape, got " + std::to_string(axis));
    return found;
  }

  /// Steps, in elements, from one index to the next along each axis of a contiguous row-major tensor.
  constexpr Shape strides() const {
    Shape steps = filled(rank_, 1);
    for (Index axis = rank_ - 2; axis >= 0; --axis) steps[axis] = steps[axis + 1] * (*this)[axis + 1];
    return steps;
  }

  friend constexpr bool operator==(const Shape& a, const Shape& b) {
    if (a.rank_ != b.rank_) return false;
    for (Index axis = 0; axis < a.rank_; ++axis)
      if (a[axis] != b[axis]) return false;
    return true;
  }

 private:
  std::array<Index, static_cast<std::size_t>(max_rank)> extents_{};
  Index rank_ = 0;
};

/// "[64, 28, 28, 1]"
inline std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (Index axis = 0; axis < shape.rank(); ++axis) text += (axis ? ", " : "") + std::to_string(shape[axis]);
  return text + "]";
}

}  // namespace eigan::inline EIGAN_ABI
