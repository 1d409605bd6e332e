#pragma once

#include <concepts>
#include <utility>

#include "../core/config.hpp"
#include "../kernels/map.hpp"
#include "record.hpp"
#include "recording.hpp"
#include "reuse.hpp"
#include "variable.hpp"

namespace eigan::inline EIGAN_ABI::detail {

/// The sum of two gradients of the same shape: what grad() needs where paths meet. With nothing recorded it may
/// take a's memory.
template <std::floating_point S>
Variable<S> accumulate(Variable<S> a, const Variable<S>& b) {
  if (!is_recording()) return Variable<S>(map_over(kernels::op::Add{}, std::move(a), b.value()));
  Tensor<S> sum(a.shape());
  kernels::map(kernels::op::Add{}, sum.size(), sum.mutable_data(), a.data(), b.data());
  return record("add", std::move(sum), {a, b}, [](const Backward<S>& backward) -> Gradients<S> {
    return {backward.dy, backward.dy};
  });
}

}  // namespace eigan::inline EIGAN_ABI::detail
