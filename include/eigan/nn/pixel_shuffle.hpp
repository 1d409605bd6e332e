#pragma once

#include <concepts>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/reshape.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Channels become pixels: each block of factor^2 channels a factor x factor square (Shi et al. 2016), in PyTorch's
/// order, where channel (c, i, j) of C x factor x factor becomes channel c of pixel (factor h + i, factor w + j).
/// x: [N, H, W, C factor^2] -> [N, H factor, W factor, C]. Throws ShapeError for another shape.
class PixelShuffle {
 public:
  static constexpr const char* name = "PixelShuffle";
  static constexpr bool is_per_sample = true;

  /// Throws ConfigError for a factor below 1.
  explicit PixelShuffle(Index factor) : factor_(factor) {
    if (factor < 1) throw ConfigError("PixelShuffle: expected a factor of 1 or more, got " + std::to_string(factor));
  }

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    const Index r = factor_;
    if (x.rank() != 4 || x.extent(3) % (r * r) != 0)
      throw ShapeError("PixelShuffle: expected input [N, H, W, a multiple of " + std::to_string(r * r) + "], got " +
                       to_string(x.shape()));
    const Index n = x.extent(0), h = x.extent(1), w = x.extent(2), channels = x.extent(3) / (r * r);
    const Variable<S> blocks = permute(reshape(x, Shape{n, h, w, channels, r, r}), Shape{0, 1, 4, 2, 5, 3});
    return reshape(blocks, Shape{n, h * r, w * r, channels});
  }

 private:
  Index factor_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
