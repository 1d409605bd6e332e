#pragma once

#include <cstddef>
#include <string_view>

#include "config.hpp"

namespace eigan::inline EIGAN_ABI {

namespace detail {

template <class T>
constexpr std::string_view signature_of() {
#if defined(__GNUC__) || defined(__clang__)
  return __PRETTY_FUNCTION__;
#elif defined(_MSC_VER)
  return __FUNCSIG__;
#else
  return {};
#endif
}

// What surrounds a type's name is the same for all types; one whose spelling is known tells how long it is.
constexpr std::string_view full_type_name(std::string_view signature, std::string_view of_double) {
  const std::size_t before = of_double.find("double");
  if (before == std::string_view::npos) return "a layer";
  const std::size_t after = of_double.size() - before - 6;
  return signature.substr(before, signature.size() - before - after);
}

constexpr std::string_view without_arguments(std::string_view name) {
  if (name.empty() || name.back() != '>') return name;
  std::size_t depth = 0;
  for (std::size_t i = name.size(); i-- > 0;) {
    if (name[i] == '>') ++depth;
    if (name[i] == '<' && --depth == 0) return name.substr(0, i);
  }
  return name;
}

constexpr std::string_view without_scope(std::string_view name) {
  const std::size_t colons = name.rfind("::");
  return colons == std::string_view::npos ? name : name.substr(colons + 2);
}

}  // namespace detail

/// A type's own name as its author wrote it, without namespaces and template arguments: "Residual" for
/// my::Residual<float>. For messages; another compiler may spell a name without a name (a lambda's) otherwise.
template <class T>
constexpr std::string_view type_name() {
  return detail::without_scope(
      detail::without_arguments(detail::full_type_name(detail::signature_of<T>(), detail::signature_of<double>())));
}

}  // namespace eigan::inline EIGAN_ABI
