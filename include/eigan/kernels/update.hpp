#pragma once

#include <cstddef>
#include <span>

#include "../core/config.hpp"
#include "arrays.hpp"
#include "simd/dispatch.hpp"
#include "simd/math.hpp"
#include "update_rules.hpp"

#define EIGAN_TARGET_FILE "../target/update.inl"
#include "simd/for_each_target.inl"

namespace eigan::inline EIGAN_ABI::kernels {

/// One tensor of an update: its values and its slots, to be written, and its gradient, each `size` elements. The slots
/// are those of the rule, in its order.
template <class T>
struct StepTensor {
  T* parameter = nullptr;
  const T* gradient = nullptr;
  std::span<T* const> slots = {};
  Index size = 0;
};

namespace detail {

template <class Rule, class T>
void update_serial(const Rule& rule, T gradient_scale, Index size, T* p, const T* gradient, T* const* slots) {
  EIGAN_DISPATCH(update(rule, gradient_scale, size, p, gradient, slots))
}

}  // namespace detail

/// Applies one of the rules of update_rules.hpp to all tensors in one parallel pass. Each gradient is multiplied with
/// `gradient_scale` as it is read (1 changes no bit): how gradients are clipped by norm.
template <class Rule, class T>
void update(const Rule& rule, std::span<const StepTensor<T>> tensors, T gradient_scale = T(1)) {
  const auto size_of = [=](Index i) { return tensors[static_cast<std::size_t>(i)].size; };
  detail::for_array_pieces(static_cast<Index>(tensors.size()), size_of, [&](Index, Index i, Index first, Index last) {
    const StepTensor<T>& tensor = tensors[static_cast<std::size_t>(i)];
    T* slots[4] = {};
    for (std::size_t slot = 0; slot < static_cast<std::size_t>(Rule::slots); ++slot)
      slots[slot] = tensor.slots[slot] + first;
    detail::update_serial<Rule, T>(rule, gradient_scale, last - first, tensor.parameter + first,
                                   tensor.gradient ? tensor.gradient + first : nullptr, slots);
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels
