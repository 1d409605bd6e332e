#pragma once

#include <concepts>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/gather.hpp"
#include "options.hpp"

namespace eigan::inline EIGAN_ABI::nn {

namespace detail {

/// x: [N, spatial..., C], each spatial axis padded by pad_axis(x, axis, before, after).
template <std::floating_point S>
Variable<S> pad_spatial(const char* layer, Variable<S> x, const PerDimension<Sides>& padding, auto&& pad_axis) {
  const Index dims = x.rank() - 2;
  if (dims < 1 || dims > 3)
    throw ShapeError(std::string(layer) + ": expected input [N, spatial..., C] with 1 to 3 spatial axes, got " +
                     to_string(x.shape()));
  for (Index axis = 0; axis < dims; ++axis) {
    const Sides& sides = padding.at(axis, dims);
    if (sides.before != 0 || sides.after != 0) x = pad_axis(x, axis + 1, sides.before, sides.after);
  }
  return x;
}

inline void check_padding(const char* layer, const PerDimension<Sides>& padding) {
  for (const Sides& sides : padding)
    if (sides.before < 0 || sides.after < 0)
      throw ConfigError(std::string(layer) + ": expected padding of 0 or more, got " + std::to_string(sides.before) +
                        " and " + std::to_string(sides.after));
}

}  // namespace detail

/// Pads images by their mirror image about the outermost pixels: `ReflectPad(1)`, `{1, 2}` by dimension, `{{1, 2}, {0,
/// 1}}` by dimension and side. x: [N, spatial..., C]. Throws ShapeError if an axis is too short.
class ReflectPad {
 public:
  static constexpr const char* name = "ReflectPad";
  static constexpr bool is_per_sample = true;

  explicit ReflectPad(const PerDimension<Sides>& padding) : padding_(padding) { detail::check_padding(name, padding); }

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    return detail::pad_spatial(name, x, padding_, [](const Variable<S>& v, Index axis, Index before, Index after) {
      return reflect_pad(v, axis, before, after);
    });
  }

 private:
  PerDimension<Sides> padding_;
};

/// Pads images by repeating the outermost pixels; arguments as for ReflectPad.
class ReplicatePad {
 public:
  static constexpr const char* name = "ReplicatePad";
  static constexpr bool is_per_sample = true;

  explicit ReplicatePad(const PerDimension<Sides>& padding) : padding_(padding) {
    detail::check_padding(name, padding);
  }

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    return detail::pad_spatial(name, x, padding_, [](const Variable<S>& v, Index axis, Index before, Index after) {
      return replicate_pad(v, axis, before, after);
    });
  }

 private:
  PerDimension<Sides> padding_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
