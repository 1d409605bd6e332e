#pragma once

#include <concepts>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../kernels/broadcast.hpp"
#include "../kernels/map.hpp"

namespace eigan::inline EIGAN_ABI::inline ops::internal {

/// The kernel's values, without a gradient: op on each element.
template <std::floating_point S, class Op>
Tensor<S> mapped(const Op& op, const Tensor<S>& x) {
  Tensor<S> y(x.shape());
  kernels::map(op, x.size(), y.mutable_data(), x.data());
  return y;
}

/// op on two tensors that broadcast. Throws ShapeError if they do not.
template <std::floating_point S, class Op>
Tensor<S> mapped(const Op& op, const Tensor<S>& a, const Tensor<S>& b) {
  const Shape shape = kernels::broadcast_shapes(a.shape(), b.shape());
  Tensor<S> y(shape);
  kernels::map_broadcast(op, y.mutable_data(), shape, a.data(), a.shape(), b.data(), b.shape());
  return y;
}

}  // namespace eigan::inline EIGAN_ABI::inline ops::internal
