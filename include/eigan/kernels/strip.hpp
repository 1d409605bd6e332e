#pragma once

#include <algorithm>
#include <array>
#include <cstring>

#include "../core/config.hpp"
#include "panels.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

using Axes = std::array<Index, 3>;

/// The axes from the one whose neighbours lie together outwards.
inline constexpr std::array<std::size_t, 3> inner_first = {2, 1, 0};

inline Index product(const Axes& axes) { return axes[0] * axes[1] * axes[2]; }

/// How positions on a grid look at source pixels: position o sees the pixels
/// from o * step + low to o * step + high along each axis. Pixels outside of
/// the source are zeros.
struct Windows {
  Index batch = 1;
  Index channels = 1;
  Axes source = {1, 1, 1};  ///< pixels of a sample
  Axes grid = {1, 1, 1};    ///< positions of a sample
  Axes step = {1, 1, 1};
  Axes low = {0, 0, 0};
  Axes high = {0, 0, 0};
};

/// A block of positions: `samples` samples, `extent` positions of each.
struct Block {
  Index sample = 0, samples = 1;
  Axes first = {0, 0, 0};
  Axes extent = {1, 1, 1};
  Index positions() const { return samples * product(extent); }
};

/// A grid cut into blocks of at most `positions` positions whose strips take at
/// most `elements` elements, as far as single positions do. Whole rows first,
/// then planes, then samples: what lies together in memory stays together.
class Blocks {
 public:
  Blocks(const Windows& windows, Index positions, Index elements) : windows_(windows) {
    for (const std::size_t axis : inner_first) {
      grow(axis, positions, elements);
      if (largest_.extent[axis] < windows.grid[axis]) break;
    }
    const bool whole = largest_.extent == windows.grid;
    if (whole) {
      const Index fitting = std::min(positions / std::max<Index>(1, product(windows.grid)),
                                     elements / std::max<Index>(1, strip_elements(windows, largest_)));
      largest_.samples = std::clamp<Index>(fitting, 1, std::max<Index>(1, windows.batch));
    }
    sample_parts_ = ceil_divide(windows.batch, largest_.samples);
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

  static Index reach(const Windows& windows, std::size_t axis, Index extent) {
    return (extent - 1) * windows.step[axis] + windows.high[axis] - windows.low[axis] + 1;
  }
  static Index strip_elements(const Windows& windows, const Block& block) {
    Index result = block.samples * windows.channels;
    for (std::size_t axis = 0; axis < 3; ++axis) result *= reach(windows, axis, block.extent[axis]);
    return result;
  }

 private:
  void grow(std::size_t axis, Index positions, Index elements) {
    const Index others = largest_.positions();
    Block tried = largest_;
    const Index most = std::clamp<Index>(positions / others, 1, std::max<Index>(1, windows_.grid[axis]));
    for (Index parts = ceil_divide(windows_.grid[axis], most); parts <= windows_.grid[axis]; ++parts) {
      tried.extent[axis] = ceil_divide(windows_.grid[axis], parts);
      if (strip_elements(windows_, tried) <= elements) break;
    }
    largest_ = tried;
  }

  Windows windows_;
  Block largest_;
  Axes parts_{};
  Index sample_parts_ = 0;
};

/// The source pixels that a block of positions sees, copied together with the
/// zeros around them: [samples, depth, height, width, channels]. Places in it
/// are the same for every block of one grid.
template <class T>
class Strip {
 public:
  Strip(const Windows& windows, const Block& largest) : windows_(windows) {
    for (std::size_t axis = 0; axis < 3; ++axis) extent_[axis] = Blocks::reach(windows, axis, largest.extent[axis]);
    step_ = {extent_[1] * extent_[2] * windows.channels, extent_[2] * windows.channels, windows.channels};
    sample_step_ = extent_[0] * step_[0];
    size_ = largest.samples * sample_step_;
  }

  Index size() const { return size_; }

  /// From a position's place to that of the pixel it sees at `shift`, which is
  /// between low and high.
  Index offset(const Axes& shift) const {
    Index result = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) result += (shift[axis] - windows_.low[axis]) * step_[axis];
    return result;
  }

  /// From a position to the next in its row.
  Index position_step() const { return windows_.step[2] * step_[2]; }

  /// Calls visit(place in the strip, sample, first position, positions) for the
  /// rows of positions of a block that lie in `grid`.
  template <class Visit>
  void for_each_row(const Block& block, const Axes& grid, const Visit& visit) const {
    Axes end;
    for (std::size_t axis = 0; axis < 3; ++axis)
      end[axis] = std::min(block.first[axis] + block.extent[axis], grid[axis]);
    const Axes& first = block.first;
    if (end[2] <= first[2]) return;
    for (Index n = 0; n < block.samples; ++n)
      for (Index d = first[0]; d < end[0]; ++d)
        for (Index h = first[1]; h < end[1]; ++h) {
          const Index place = n * sample_step_ + (d - first[0]) * windows_.step[0] * step_[0] +
                              (h - first[1]) * windows_.step[1] * step_[1];
          visit(place, block.sample + n, Axes{d, h, first[2]}, end[2] - first[2]);
        }
  }

  /// Calls visit(place in the strip, pixels, number of the first source pixel)
  /// for the runs of pixels that a block sees, which cover its part of the
  /// strip; the number of a run outside of the source is -1.
  template <class Visit>
  void for_each_run(const Block& block, const Visit& visit) const {
    Axes origin, reach;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      origin[axis] = block.first[axis] * windows_.step[axis] + windows_.low[axis];
      reach[axis] = Blocks::reach(windows_, axis, block.extent[axis]);
    }
    const auto [depth, height, width] = windows_.source;
    const Index begin = std::clamp<Index>(-origin[2], 0, reach[2]),
                end = std::clamp(width - origin[2], begin, reach[2]);
    for (Index n = 0; n < block.samples; ++n)
      for (Index i = 0; i < reach[0]; ++i)
        for (Index j = 0; j < reach[1]; ++j) {
          const Index d = origin[0] + i, h = origin[1] + j;
          const Index place = n * sample_step_ + i * step_[0] + j * step_[1];
          const bool inside = d >= 0 && d < depth && h >= 0 && h < height && begin < end;
          const Index from = inside ? begin : reach[2], until = inside ? end : reach[2];
          if (from > 0) visit(place, from, Index{-1});
          if (inside)
            visit(place + from * step_[2], until - from,
                  (((block.sample + n) * depth + d) * height + h) * width + origin[2] + from);
          if (until < reach[2]) visit(place + until * step_[2], reach[2] - until, Index{-1});
        }
  }

  /// Copies what a block sees from `source`, [batch, windows.source...,
  /// channels].
  void fill(const T* source, const Block& block, T* strip) const {
    for_each_run(block, [&](Index place, Index pixels, Index pixel) {
      const auto bytes = static_cast<std::size_t>(pixels * windows_.channels) * sizeof(T);
      if (pixel < 0)
        std::memset(strip + place, 0, bytes);
      else
        std::memcpy(strip + place, source + pixel * windows_.channels, bytes);
    });
  }

 private:
  Windows windows_;
  Axes extent_{}, step_{};
  Index sample_step_ = 0, size_ = 0;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
