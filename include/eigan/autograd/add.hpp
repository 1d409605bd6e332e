#pragma once

#include <concepts>

#include "../core/config.hpp"
#include "../kernels/map.hpp"
#include "record.hpp"

namespace eigan::inline EIGAN_ABI::detail {

/// The sum of two gradients of the same shape: what grad() needs where paths meet.
template <std::floating_point S>
Variable<S> accumulate(const Variable<S>& a, const Variable<S>& b) {
  Tensor<S> sum(a.shape());
  kernels::map(kernels::op::Add{}, sum.size(), sum.mutable_data(), a.data(), b.data());
  return record("add", std::move(sum), {a, b}, [](const Backward<S>& backward) -> Gradients<S> {
    return {backward.dy, backward.dy};
  });
}

}  // namespace eigan::inline EIGAN_ABI::detail
