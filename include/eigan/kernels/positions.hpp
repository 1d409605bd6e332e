#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "scratch.hpp"
#include "strip.hpp"
#include "taps.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Where the positions of a block stand in a strip, and their target pixels, both counted from the first. Blocks of one
/// extent share them; a block of fewer samples has the first ones.
struct Positions {
  Axes extent = {0, 0, 0};
  Index* source = nullptr;
  Index* target = nullptr;

  template <class T>
  static Positions list(const Strip<T>& strip, const Taps& taps, Index samples, const Axes& extent,
                        Index target_channels, Scratch& scratch) {
    const Index count = samples * product(extent);
    const Positions positions = {extent, scratch.take<Index>(count), scratch.take<Index>(count)};
    Index i = 0;
    for (Index n = 0; n < samples; ++n)
      for (Index d = 0; d < extent[0]; ++d)
        for (Index h = 0; h < extent[1]; ++h) {
          const Index source = strip.place(n, d, h, 0), step = strip.place(0, 0, 0, 1);
          const Index target = taps.target_pixel({0, 0, 0}, n, {d, h, 0}) * target_channels;
          for (Index w = 0; w < extent[2]; ++w, ++i) {
            positions.source[i] = source + w * step;
            positions.target[i] = target + w * taps.target_step[2] * target_channels;
          }
        }
    return positions;
  }

  /// The part of a block's extent that lies in `grid`.
  static Axes within(const Block& block, const Axes& grid) {
    Axes extent;
    for (std::size_t axis = 0; axis < 3; ++axis)
      extent[axis] = std::clamp<Index>(grid[axis] - block.first[axis], 0, block.extent[axis]);
    return extent;
  }
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
