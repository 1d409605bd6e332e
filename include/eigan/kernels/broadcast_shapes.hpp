#pragma once

#include "../core/error.hpp"
#include "../core/shape.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// The shape of an elementwise result of `a` and `b` as in NumPy: axes are matched from the last one, a missing axis
/// counts as 1, and an extent of 1 is repeated. Throws ShapeError if two extents differ and neither is 1.
inline Shape broadcast_shapes(const Shape& a, const Shape& b) {
  const Index rank = a.rank() > b.rank() ? a.rank() : b.rank();
  Shape result = Shape::filled(rank, 1);
  for (Index axis = 0; axis < rank; ++axis) {
    const Index axis_a = axis - (rank - a.rank()), axis_b = axis - (rank - b.rank());
    const Index extent_a = axis_a < 0 ? 1 : a[axis_a], extent_b = axis_b < 0 ? 1 : b[axis_b];
    if (extent_a != extent_b && extent_a != 1 && extent_b != 1)
      throw ShapeError("expected shapes that broadcast (from the last axis: equal extents, or one of them 1), got " +
                       to_string(a) + " and " + to_string(b));
    result[axis] = extent_a == 1 ? extent_b : extent_a;
  }
  return result;
}

}  // namespace eigan::inline EIGAN_ABI::kernels
