#pragma once

#include <concepts>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../kernels/broadcast.hpp"
#include "../kernels/reduce.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

template <std::floating_point S>
Variable<S> expand(const Variable<S>& x, const Shape& shape);

namespace internal {

inline void check_broadcast(const char* operation, const Shape& small, const Shape& large) {
  bool fits = small.rank() <= large.rank();
  for (Index i = 1; fits && i <= small.rank(); ++i)
    fits = small[small.rank() - i] == 1 || small[small.rank() - i] == large[large.rank() - i];
  if (!fits)
    throw ShapeError(std::string(operation) + ": expected shapes of which one broadcasts to the other, got " +
                     to_string(small) + " and " + to_string(large));
}

}  // namespace internal

/// Adds up x over the axes along which `shape` has extent 1 or which it lacks in front: the adjoint of expand.
/// Throws ShapeError unless `shape` broadcasts to x's.
template <std::floating_point S>
Variable<S> sum_to(const Variable<S>& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  internal::check_broadcast("sum_to", shape, x.shape());
  Tensor<S> y(shape);
  kernels::sum_to(x.data(), x.shape(), y.mutable_data(), shape);
  return record("sum_to", std::move(y), {x},
                [](const Backward<S>& b) -> Gradients<S> { return {expand(b.dy, b.input(0).shape())}; });
}

/// x repeated to `shape` as in NumPy. Throws ShapeError unless x's shape broadcasts to it.
template <std::floating_point S>
Variable<S> expand(const Variable<S>& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  internal::check_broadcast("expand", x.shape(), shape);
  Tensor<S> y(shape);
  kernels::broadcast_copy(y.mutable_data(), shape, x.data(), x.shape());
  return record("expand", std::move(y), {x},
                [](const Backward<S>& b) -> Gradients<S> { return {sum_to(b.dy, b.input(0).shape())}; });
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
