#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::optim {

/// Numbers by name, in a fixed order: an optimizer's hyper-parameters, a schedule's horizon. What a checkpoint's
/// configuration stores and compares.
using Settings = std::vector<std::pair<std::string, double>>;

/// What `described.settings(field)` hands over as field(name, value); empty for a type without settings.
template <class T>
Settings settings_of(const T& described) {
  Settings list;
  const auto field = [&](std::string_view name, double value) { list.emplace_back(name, value); };
  if constexpr (requires { described.settings(field); }) described.settings(field);
  return list;
}

}  // namespace eigan::inline EIGAN_ABI::optim
