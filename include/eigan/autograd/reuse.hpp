#pragma once

#include <concepts>
#include <utility>

#include "../core/config.hpp"
#include "../core/tensor.hpp"
#include "../kernels/map.hpp"
#include "variable.hpp"

namespace eigan::inline EIGAN_ABI::detail {

/// Room for results of `from`'s shape: its own memory where nobody else holds it, and then `from` is empty; else new.
template <std::floating_point S>
Tensor<S> room_in(Tensor<S>& from) {
  return from.is_exclusive() ? std::move(from) : Tensor<S>(from.shape());
}

/// op on each element of two values of one shape, in x's memory where nobody else holds it.
template <class Op, std::floating_point S>
Tensor<S> map_over(const Op& op, Variable<S> x, const Tensor<S>& other) {
  Tensor<S> from = std::move(x).take();
  const S* const data = from.data();
  Tensor<S> to = room_in(from);
  kernels::map(op, to.size(), to.mutable_data(), data, other.data());
  return to;
}

}  // namespace eigan::inline EIGAN_ABI::detail
