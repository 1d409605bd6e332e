#pragma once

#include <concepts>
#include <cstdint>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../core/reflected.hpp"
#include "../core/shape.hpp"
#include "../ops/gather.hpp"
#include "../ops/reshape.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// An augmentation for images: each is mirrored, left to right, with probability 1/2, then moved by up to `shift`
/// pixels along both axes, what comes in being the image's own mirror at its border. Differentiable in the images.
struct FlipAndShift {
  bool flip = true;
  Index shift = 4;

  /// x: [N, H, W, C], also the result's shape. Three numbers of the stream for each image.
  /// Throws ShapeError for another rank or images not larger than the shift.
  template <std::floating_point S>
  Variable<S> operator()(const Variable<S>& x, RandomStream& stream) const {
    if (x.rank() != 4 || shift < 0 || x.extent(1) <= shift || x.extent(2) <= shift)
      throw ShapeError("FlipAndShift: expected images [N, H, W, C] that are larger than a shift of " +
                       std::to_string(shift) + ", got " + to_string(x.shape()));
    const Index count = x.extent(0), height = x.extent(1), width = x.extent(2);
    Positions from(Shape{count * height * width});
    std::int64_t* next = from.mutable_data();
    for (Index n = 0; n < count; ++n) {
      const bool mirrored = stream.below(2) == 1 && flip;
      const Index down = stream.below(2 * shift + 1) - shift, right = stream.below(2 * shift + 1) - shift;
      for (Index i = 0; i < height; ++i)
        for (Index j = 0; j < width; ++j) {
          const Index row = reflected(i - down, height), column = reflected(j - right, width);
          *next++ = (n * height + row) * width + (mirrored ? width - 1 - column : column);
        }
    }
    const Variable<S> pixels = reshape(x, Shape{count * height * width, x.extent(3)});
    return reshape(gather(pixels, from), x.shape());
  }

  void settings(auto&& field) const {
    field("flip", flip ? 1.0 : 0.0);
    field("shift", static_cast<double>(shift));
  }
};

}  // namespace eigan::inline EIGAN_ABI::loss
