#pragma once

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// Whether a matrix operand is stored as it is used, or transposed (its last two axes swapped).
enum class Transpose { no, yes };

}  // namespace eigan::inline EIGAN_ABI::kernels
