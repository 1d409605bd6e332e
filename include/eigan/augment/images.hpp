#pragma once

#include <string>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"

namespace eigan::inline EIGAN_ABI::augment::detail {

/// Throws ShapeError, in the augmentation's name, unless these are grey or coloured images.
inline void check_images(const char* augmentation, const Shape& shape) {
  if (shape.rank() != 4 || (shape[3] != 1 && shape[3] != 3))
    throw ShapeError(std::string(augmentation) + ": expected images [N, H, W, C] of 1 or 3 channels, got " +
                     to_string(shape));
}

}  // namespace eigan::inline EIGAN_ABI::augment::detail
