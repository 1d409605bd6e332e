#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"

namespace eigan::inline EIGAN_ABI::metrics {

/// How generated points lie about the modes of a mixture of Gaussians.
struct ModeStatistics {
  std::vector<Index> samples;  ///< high-quality points of each mode
  double high_quality = 0;     ///< their share of all points, 0 to 1

  /// The modes that hold at least `least` high-quality points.
  Index modes(Index least = 1) const {
    return std::count_if(samples.begin(), samples.end(), [&](Index held) { return held >= least; });
  }
};

/// A point is of high quality if it lies within `reach` deviations of the nearest mode, to which it then belongs
/// (Srivastava et al. 2017; Elfeki et al. 2019). points: [N, D], modes: [M, D], `deviation` in their unit.
/// Throws ShapeError unless both have D columns.
inline ModeStatistics mode_statistics(const Tensor<float>& points, const Tensor<float>& modes, double deviation,
                                      double reach = 3) {
  if (points.rank() != 2 || modes.rank() != 2 || points.extent(1) != modes.extent(1))
    throw ShapeError("mode_statistics: expected points [N, D] and modes [M, D], got " + to_string(points.shape()) +
                     " and " + to_string(modes.shape()));
  const Index width = points.extent(1), count = modes.extent(0);
  ModeStatistics statistics{.samples = std::vector<Index>(static_cast<std::size_t>(count))};
  Index good = 0;
  for (Index i = 0; i < points.extent(0); ++i) {
    const auto squared_distance = [&](Index mode) {
      double sum = 0;
      for (Index axis = 0; axis < width; ++axis) {
        const double apart = static_cast<double>(points.data()[i * width + axis]) -
                             static_cast<double>(modes.data()[mode * width + axis]);
        sum += apart * apart;
      }
      return sum;
    };
    Index nearest = -1;
    double least = std::numeric_limits<double>::infinity();
    for (Index mode = 0; mode < count; ++mode)
      if (const double distance = squared_distance(mode); distance < least) nearest = mode, least = distance;
    if (nearest < 0 || std::sqrt(least) > reach * deviation) continue;
    ++statistics.samples[static_cast<std::size_t>(nearest)];
    ++good;
  }
  if (points.extent(0) > 0) statistics.high_quality = static_cast<double>(good) / static_cast<double>(points.extent(0));
  return statistics;
}

}  // namespace eigan::inline EIGAN_ABI::metrics
