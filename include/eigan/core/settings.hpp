#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config.hpp"

namespace eigan::inline EIGAN_ABI {

/// The numbers of a loss, a penalty, an augmentation, an optimizer or a schedule by name, in a fixed order: what a
/// checkpoint's configuration stores and compares.
using Settings = std::vector<std::pair<std::string, double>>;

/// Hands what `described` names of its numbers, by settings(field) or as a list, to field(name, number).
template <class T, class Field>
void show_settings(const T& described, Field&& field) {
  if constexpr (requires { described.settings(field); })
    described.settings(field);
  else if constexpr (requires { Settings(described.settings()); })
    for (const auto& [name, number] : described.settings()) field(name, number);
}

/// The same as a list; empty for a type without settings.
template <class T>
Settings settings_of(const T& described) {
  Settings list;
  show_settings(described, [&](std::string_view name, double number) { list.emplace_back(name, number); });
  return list;
}

}  // namespace eigan::inline EIGAN_ABI
