#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "convolution_shape.hpp"
#include "windows.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// The taps [first, last) of a kernel along each axis.
struct TapRange {
  Axes first, last;
};

/// How the sum for a weight gradient is cut into pieces, by its shape alone: `parts` of the positions, each summed into
/// a copy of its own (the copies are added in order), times groups of taps, which are rows of the result.
struct GradientPieces {
  Index parts = 1;
  Index tap_groups = 1;

  GradientPieces(const ConvolutionShape& s, Index size) {
    const double work = 2.0 * static_cast<double>(size) * static_cast<double>(s.batch * product(s.out));
    const auto wanted = static_cast<Index>(std::clamp(work / 2e6, 1.0, 8.0));
    while (2 * parts <= wanted && 2 * parts * size <= most_copied) parts *= 2;
    if (parts < wanted) tap_groups = s.kernel[0] * s.kernel[1];
    if (parts * tap_groups < wanted || size > tap_groups * most_copied / 4) tap_groups = product(s.kernel);
  }

  TapRange taps(const ConvolutionShape& s, Index group) const {
    const auto& [depth, height, width] = s.kernel;
    if (tap_groups == 1) return {{0, 0, 0}, s.kernel};
    const bool single = tap_groups > depth * height;
    const Index row = single ? group / width : group, d = row / height, h = row % height,
                w = single ? group % width : 0;
    return {{d, h, w}, {d + 1, h + 1, single ? w + 1 : width}};
  }

 private:
  static constexpr Index most_copied = Index{5} << 18;  // elements of all copies together
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
