#pragma once

#include <concepts>
#include <initializer_list>
#include <string>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../nn/sequential.hpp"

/// Architectures as their papers have them, with the size of the image as an argument.
namespace eigan::inline EIGAN_ABI::models {

/// Two networks made for each other. The generator takes latents [N, latent], the discriminator what the generator
/// returns; it returns [N, 1], logits or critic values.
template <std::floating_point S = float>
struct Networks {
  nn::Sequential<S> generator = {}, discriminator = {};
  Index latent = 0;
};

namespace detail {

/// How often a square image is doubled on its way from a start of 4 to 7 pixels, or 9, 11, 13 or 15 where halving
/// leads to no less.
struct Doublings {
  /// Throws ConfigError, in the name of the model, unless size is start * 2^count with a count of 1 or more: any
  /// multiple of 8 up to 128 is.
  Doublings(const char* model, Index size) : start(size) {
    while (start > 7 && start % 2 == 0) {
      start /= 2;
      ++count;
    }
    if (start < 4 || start > 15 || count < 1)
      throw ConfigError(std::string(model) +
                        ": expected an image size of 4 to 7, 9, 11, 13 or 15 doubled at least once, got " +
                        std::to_string(size));
  }
  Index start, count = 0;
};

/// Throws ConfigError unless all are 1 or more.
inline void check_positive(const char* model, std::initializer_list<Index> sizes) {
  for (const Index size : sizes)
    if (size < 1) throw ConfigError(std::string(model) + ": expected sizes of 1 or more, got " + std::to_string(size));
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::models
