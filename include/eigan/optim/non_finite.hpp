#pragma once

#include <cstddef>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>

#include "../core/config.hpp"
#include "../kernels/inspect.hpp"

namespace eigan::inline EIGAN_ABI::optim {

/// The position of the first tensor that holds a NaN or an infinity, or -1. Looks at the bits, so that it is right
/// under -ffast-math too. `tensors`: any random access range of Variables, Tensors, or pointers to such (Parameters).
template <std::ranges::random_access_range Tensors>
Index find_non_finite(const Tensors& tensors) {
  using Element = std::remove_cvref_t<std::remove_pointer_t<std::ranges::range_value_t<Tensors>>>;
  using S = typename Element::Scalar;
  const auto values = [&](Index i) {
    const auto& entry = tensors[static_cast<std::size_t>(i)];
    const Element* tensor = nullptr;
    if constexpr (std::is_pointer_v<std::ranges::range_value_t<Tensors>>)
      tensor = entry;
    else
      tensor = &entry;
    return std::span<const S>(tensor->data(), static_cast<std::size_t>(tensor->size()));
  };
  return kernels::first_non_finite<S>(static_cast<Index>(std::size(tensors)), values).array;
}

/// The name of the first tensor that holds a NaN or an infinity, if one does. names[i] is that of tensors[i].
template <std::ranges::random_access_range Names, std::ranges::random_access_range Tensors>
std::optional<std::string> find_non_finite(const Names& names, const Tensors& tensors) {
  const Index found = find_non_finite(tensors);
  if (found < 0) return std::nullopt;
  return std::string(names[static_cast<std::size_t>(found)]);
}

}  // namespace eigan::inline EIGAN_ABI::optim
