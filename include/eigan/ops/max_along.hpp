#pragma once

#include <concepts>
#include <utility>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../kernels/reduce.hpp"
#include "gather.hpp"
#include "reshape.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

/// The maximum along an axis, which stays with extent 1. The gradient goes to the first element that has it; NaN counts
/// as larger than all numbers. Throws ShapeError if the axis is empty.
template <std::floating_point S>
Variable<S> max_along(const Variable<S>& x, Index axis) {
  const Index along = x.shape().axis(axis);
  const internal::AroundAxis around(x.shape(), along);
  if (around.extent == 0) throw ShapeError("max_along: expected something along the axis, got " + to_string(x.shape()));
  Shape shape = x.shape();
  shape[along] = 1;
  Tensor<S> y(shape);
  Positions positions(Shape{shape.size()});
  kernels::max_along(x.data(), around.outer, around.extent, around.inner, y.mutable_data(), positions.mutable_data());
  return record("max_along", std::move(y), {x}, [positions, around](const Backward<S>& b) -> Gradients<S> {
    // As positions in the whole of x: where among [outer, extent, inner] each maximum stood.
    Positions places(positions.shape());
    for (Index i = 0; i < places.size(); ++i)
      places.mutable_data()[i] =
          (i / around.inner * around.extent + positions.data()[i]) * around.inner + i % around.inner;
    const Variable<S>& x_in = b.input(0);
    return {reshape(scatter_add(reshape(b.dy, places.shape()), places, x_in.size()), x_in.shape())};
  });
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
