#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "image_set.hpp"

namespace eigan::inline EIGAN_ABI::data {

/// Gaussians on a circle. The defaults are those of GDPP (Elfeki et al. 2019); VEEGAN (Srivastava et al. 2017) has the
/// same eight with other figures.
struct RingOptions {
  Index modes = 8;
  double radius = 1;
  double deviation = 0.01;  ///< of each Gaussian, along each axis
};

/// Gaussians on the points of a square lattice around the origin: with the defaults 25, at -4, -2, ... 4 (Srivastava et
/// al. 2017).
struct GridOptions {
  Index side = 5;  ///< Gaussians along each axis
  double spacing = 2;
  double deviation = 0.05;
};

/// A spiral, x = t cos t, y = t sin t, with noise. The defaults are those of WGAN-GP's code (Gulrajani et al. 2017): t
/// from 1.5 pi to 4.5 pi, all divided by 7.5.
struct SwissRollOptions {
  double first = 1.5 * std::numbers::pi;  ///< t at the inner end
  double last = 4.5 * std::numbers::pi;   ///< t at the outer end
  double deviation = 0.25;                ///< along each axis, before the division
  double divisor = 7.5;
};

/// The middles of a ring's Gaussians, [modes, 2], counter-clockwise from (radius, 0).
inline Tensor<float> ring_modes(const RingOptions& options = {}) {
  if (options.modes < 1) throw ConfigError("ring: expected 1 mode or more, got " + std::to_string(options.modes));
  Tensor<float> modes(Shape{options.modes, 2});
  float* const to = modes.mutable_data();
  for (Index mode = 0; mode < options.modes; ++mode) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(mode) / static_cast<double>(options.modes);
    to[2 * mode] = static_cast<float>(options.radius * std::cos(angle));
    to[2 * mode + 1] = static_cast<float>(options.radius * std::sin(angle));
  }
  return modes;
}

/// The middles of a grid's Gaussians, [side * side, 2], row by row from the lowest x and y.
inline Tensor<float> grid_modes(const GridOptions& options = {}) {
  if (options.side < 1) throw ConfigError("grid: expected a side of 1 or more, got " + std::to_string(options.side));
  Tensor<float> modes(Shape{options.side * options.side, 2});
  float* const to = modes.mutable_data();
  const auto place = [&](Index i) {
    return static_cast<float>(options.spacing * (static_cast<double>(i) - static_cast<double>(options.side - 1) / 2));
  };
  for (Index mode = 0; mode < options.side * options.side; ++mode) {
    to[2 * mode] = place(mode % options.side);
    to[2 * mode + 1] = place(mode / options.side);
  }
  return modes;
}

namespace detail {

inline void check_points(const char* what, Index count, double deviation) {
  if (count < 0) throw ConfigError(std::string(what) + ": expected 0 points or more, got " + std::to_string(count));
  if (!(deviation >= 0))
    throw ConfigError(std::string(what) + ": expected a deviation of 0 or more, got " + std::to_string(deviation));
}

inline PointSet sample_modes(const Tensor<float>& modes, double deviation, Index count, RandomStream random) {
  PointSet set{Tensor<float>(Shape{count, 2}), Labels(Shape{count})};
  float* const points = set.points.mutable_data();
  std::int32_t* const labels = set.labels.mutable_data();
  for (Index i = 0; i < count; ++i) {
    const Index mode = random.below(modes.extent(0));
    labels[i] = static_cast<std::int32_t>(mode);
    for (Index axis = 0; axis < 2; ++axis)
      points[2 * i + axis] = static_cast<float>(modes.data()[2 * mode + axis] + deviation * random.normal());
  }
  return set;
}

}  // namespace detail

/// `count` points of a ring of Gaussians, [N, 2], each mode as likely as any other; the labels are modes. Throws
/// ConfigError for options that make no ring.
inline PointSet ring(Index count, std::uint64_t seed, const RingOptions& options = {}) {
  detail::check_points("ring", count, options.deviation);
  return detail::sample_modes(ring_modes(options), options.deviation, count, RandomStream(seed, "ring"));
}

/// `count` points of a grid of Gaussians, as ring() gives them.
inline PointSet grid(Index count, std::uint64_t seed, const GridOptions& options = {}) {
  detail::check_points("grid", count, options.deviation);
  return detail::sample_modes(grid_modes(options), options.deviation, count, RandomStream(seed, "grid"));
}

/// `count` points of a spiral, [N, 2], without labels.
inline PointSet swiss_roll(Index count, std::uint64_t seed, const SwissRollOptions& options = {}) {
  detail::check_points("swiss_roll", count, options.deviation);
  if (!(options.divisor > 0))
    throw ConfigError("swiss_roll: expected a divisor above 0, got " + std::to_string(options.divisor));
  RandomStream random(seed, "swiss_roll");
  PointSet set{Tensor<float>(Shape{count, 2}), Labels()};
  float* const points = set.points.mutable_data();
  for (Index i = 0; i < count; ++i) {
    const double t = options.first + (options.last - options.first) * random.uniform();
    points[2 * i] = static_cast<float>((t * std::cos(t) + options.deviation * random.normal()) / options.divisor);
    points[2 * i + 1] = static_cast<float>((t * std::sin(t) + options.deviation * random.normal()) / options.divisor);
  }
  return set;
}

}  // namespace eigan::inline EIGAN_ABI::data
