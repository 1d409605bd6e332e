#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// The numbers of a loss or a penalty by name, as a checkpoint keeps them.
using Settings = std::vector<std::pair<std::string, double>>;

namespace detail {

/// Hands the numbers of a loss or a penalty, if it names any, to field(name, number).
template <class T, class Field>
void show_settings(const T& set, Field&& field) {
  if constexpr (requires { set.settings(field); })
    set.settings(field);
  else if constexpr (requires { Settings(set.settings()); })
    for (const auto& [name, number] : set.settings()) field(name, number);
}

template <class T>
Settings settings_of(const T& set) {
  Settings list;
  show_settings(set, [&](std::string_view name, double number) { list.emplace_back(name, number); });
  return list;
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::loss
