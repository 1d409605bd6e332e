#pragma once

#include <concepts>
#include <optional>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../ops/resample.hpp"
#include "options.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// How values between pixels are found: the pixel whose area they lie in, or linearly, in each axis, between pixels'
/// middles (PyTorch's align_corners = false).
enum class Interpolation { nearest, bilinear };

/// Options of Upsample, one number or one per dimension; either a scale or a size.
struct UpsampleOptions {
  std::optional<PerDimension<Index>> scale = {};
  std::optional<PerDimension<Index>> size = {};
  Interpolation mode = Interpolation::nearest;
};

/// Enlarges images: `Upsample(2)`, `Upsample({.scale = 2, .mode = Interpolation::bilinear})`, `Upsample({.size = {5,
/// 7}})`. x: [N, spatial..., C] -> [N, spatial'..., C]. Throws ConfigError unless there is a scale or a size, of 1 or
/// more.
class Upsample {
 public:
  static constexpr const char* name = "Upsample";
  static constexpr bool is_per_sample = true;

  explicit Upsample(Index scale) : Upsample(UpsampleOptions{.scale = scale}) {}
  explicit Upsample(const UpsampleOptions& options) : options_(options) {
    if (options.scale.has_value() == options.size.has_value())
      throw ConfigError("Upsample: expected a scale or a size, got " + std::string(options.scale ? "both" : "neither"));
    for (const Index extent : options.scale ? *options.scale : *options.size)
      if (extent < 1)
        throw ConfigError("Upsample: expected a scale or size of 1 or more, got " + std::to_string(extent));
  }

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    const Index dims = x.rank() - 2;
    if (dims < 1 || dims > 3)
      throw ShapeError("Upsample: expected input [N, spatial..., C] with 1 to 3 spatial axes, got " +
                       to_string(x.shape()));
    Shape size;
    for (Index axis = 0; axis < dims; ++axis)
      size.push_back(options_.size ? options_.size->at(axis, dims)
                                   : options_.scale->at(axis, dims) * x.extent(axis + 1));
    return options_.mode == Interpolation::nearest ? upsample_nearest(x, size) : upsample_linear(x, size);
  }

 private:
  UpsampleOptions options_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
