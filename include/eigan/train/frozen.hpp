#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../nn/leaves.hpp"

namespace eigan::inline EIGAN_ABI::train::detail {

/// Whether `name` is the parameter "generator.3.weight", or a layer around it, such as "generator.3".
inline bool names(std::string_view name, std::string_view parameter) {
  return parameter.starts_with(name) && (parameter.size() == name.size() || parameter[name.size()] == '.');
}

/// Whether one of the frozen names means the parameter.
inline bool is_frozen(const std::vector<std::string>& frozen, std::string_view parameter) {
  return std::any_of(frozen.begin(), frozen.end(), [&](const std::string& name) { return names(name, parameter); });
}

/// Throws ConfigError if a frozen name means none of the two networks' parameters.
template <class Generator, class Discriminator>
[[gnu::cold]] void check_frozen(const std::vector<std::string>& frozen, const Generator& generator,
                                const Discriminator& discriminator) {
  if (frozen.empty()) return;
  std::vector<std::string> parameters;
  const auto collect = [&](const std::string& parameter, const auto&) { parameters.push_back(parameter); };
  nn::for_each_parameter(generator, collect, "generator");
  nn::for_each_parameter(discriminator, collect, "discriminator");
  for (const std::string& name : frozen) {
    if (std::any_of(parameters.begin(), parameters.end(), [&](const auto& other) { return names(name, other); }))
      continue;
    std::string known;
    for (const std::string& parameter : parameters) known += (known.empty() ? "" : ", ") + parameter;
    throw ConfigError("AdversarialTrainer: expected .frozen to name layers or parameters, got '" + name +
                      "'; there are " + known);
  }
}

}  // namespace eigan::inline EIGAN_ABI::train::detail
