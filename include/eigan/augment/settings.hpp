#pragma once

#include <string>
#include <utility>
#include <vector>

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::augment {

/// An augmentation's numbers by name, as a checkpoint keeps them.
using Settings = std::vector<std::pair<std::string, double>>;

}  // namespace eigan::inline EIGAN_ABI::augment
