#pragma once

#include <algorithm>
#include <array>

#include "../core/config.hpp"
#include "panels.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Three spatial axes: depth, height, width.
using Axes = std::array<Index, 3>;

/// The axes from the one whose neighbours lie together outwards.
inline constexpr std::array<std::size_t, 3> inner_first = {2, 1, 0};

inline Index product(const Axes& axes) { return axes[0] * axes[1] * axes[2]; }

/// How positions on a grid look at source pixels: position o sees the pixels from o * step + low to o * step + high
/// along each axis. Pixels outside of the source are zeros.
struct Windows {
  Index batch = 1;
  Index channels = 1;
  Axes source = {1, 1, 1};  ///< pixels of a sample
  Axes grid = {1, 1, 1};    ///< positions of a sample
  Axes step = {1, 1, 1};
  Axes low = {0, 0, 0};
  Axes high = {0, 0, 0};

  /// A window of one pixel skips what lies between: only the pixels seen are kept.
  bool skips(std::size_t axis) const { return low[axis] == high[axis]; }

  /// The pixels kept for `extent` positions.
  Index reach(std::size_t axis, Index extent) const {
    return skips(axis) ? extent : (extent - 1) * step[axis] + high[axis] - low[axis] + 1;
  }

  /// From a position to the next, in pixels kept.
  Index kept_step(std::size_t axis) const { return skips(axis) ? 1 : step[axis]; }
};

/// A block of positions: `samples` samples, `extent` positions of each.
struct Block {
  Index sample = 0, samples = 1;
  Axes first = {0, 0, 0};
  Axes extent = {1, 1, 1};
  Index positions() const { return samples * product(extent); }
};

/// A grid cut into blocks of at most `positions` positions that see at most `elements` source elements, as far as
/// single positions do. Whole rows first, then planes, then samples: what lies together in memory stays together.
class Blocks {
 public:
  Blocks(const Windows& windows, Index positions, Index elements) : windows_(windows) {
    for (const std::size_t axis : inner_first) {
      grow(axis, positions, elements);
      if (largest_.extent[axis] < windows.grid[axis]) break;
    }
    if (largest_.extent == windows.grid) {
      const Index fitting = std::min(positions / std::max<Index>(1, product(windows.grid)),
                                     elements / std::max<Index>(1, elements_seen(largest_)));
      largest_.samples = std::clamp<Index>(fitting, 1, std::max<Index>(1, windows.batch));
    }
    sample_parts_ = ceil_divide(windows.batch, largest_.samples);
    largest_.samples = ceil_divide(windows.batch, std::max<Index>(1, sample_parts_));
    for (std::size_t axis = 0; axis < 3; ++axis) parts_[axis] = ceil_divide(windows.grid[axis], largest_.extent[axis]);
  }

  Index count() const { return sample_parts_ * product(parts_); }
  const Block& largest() const { return largest_; }

  Block operator[](Index index) const {
    Block block;
    for (const std::size_t axis : inner_first) {
      const Index part = index % parts_[axis];
      index /= parts_[axis];
      block.first[axis] = split_point(windows_.grid[axis], parts_[axis], part);
      block.extent[axis] = split_point(windows_.grid[axis], parts_[axis], part + 1) - block.first[axis];
    }
    block.sample = split_point(windows_.batch, sample_parts_, index);
    block.samples = split_point(windows_.batch, sample_parts_, index + 1) - block.sample;
    return block;
  }

 private:
  Index elements_seen(const Block& block) const {
    Index result = block.samples * windows_.channels;
    for (std::size_t axis = 0; axis < 3; ++axis) result *= windows_.reach(axis, block.extent[axis]);
    return result;
  }

  void grow(std::size_t axis, Index positions, Index elements) {
    Block tried = largest_;
    const Index most = std::clamp<Index>(positions / largest_.positions(), 1, std::max<Index>(1, windows_.grid[axis]));
    for (Index parts = ceil_divide(windows_.grid[axis], most); parts <= windows_.grid[axis]; ++parts) {
      tried.extent[axis] = ceil_divide(windows_.grid[axis], parts);
      if (elements_seen(tried) <= elements) break;
    }
    largest_ = tried;
  }

  Windows windows_;
  Block largest_;
  Axes parts_{};
  Index sample_parts_ = 0;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
