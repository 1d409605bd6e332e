#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>

#include "../core/config.hpp"
#include "../core/shape.hpp"

namespace eigan::inline EIGAN_ABI {

/// The axes of an operation: `{1, 2}` or `-1`, where negative ones count from the back.
class Axes {
 public:
  constexpr Axes(Index axis) : Axes({axis}) {}
  constexpr Axes(std::initializer_list<Index> axes) {
    for (const Index axis : axes) push_back(axis);
  }
  /// The axes first, ..., last - 1.
  static constexpr Axes range(Index first, Index last) {
    Axes axes({});
    for (Index axis = first; axis < last; ++axis) axes.push_back(axis);
    return axes;
  }

  constexpr const Index* begin() const { return axes_.data(); }
  constexpr const Index* end() const { return axes_.data() + count_; }
  constexpr Index size() const { return count_; }
  constexpr Index operator[](Index i) const { return axes_[static_cast<std::size_t>(i)]; }

 private:
  constexpr void push_back(Index axis) {
    if (count_ == Shape::max_rank) throw ShapeError("Axes: expected at most 8 axes");
    axes_[static_cast<std::size_t>(count_++)] = axis;
  }

  std::array<Index, static_cast<std::size_t>(Shape::max_rank)> axes_{};
  Index count_ = 0;
};

/// `shape` with extent 1 along the given axes. Throws ShapeError for an axis that is not there.
inline Shape with_ones(Shape shape, const Axes& axes) {
  for (const Index axis : axes) shape[shape.axis(axis)] = 1;
  return shape;
}

}  // namespace eigan::inline EIGAN_ABI
