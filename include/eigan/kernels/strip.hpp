#pragma once

#include <algorithm>
#include <cstring>

#include "../core/config.hpp"
#include "windows.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// The source pixels that a block of positions sees, copied together with the zeros around them: [samples, depth,
/// height, width, channels]. Places in it are the same for every block of one grid.
template <class T>
class Strip {
 public:
  /// A pixel takes `pixel` elements of the strip, at least as many as it has channels.
  Strip(const Windows& windows, const Block& largest, Index pixel) : windows_(windows) {
    Axes extent;
    for (std::size_t axis = 0; axis < 3; ++axis) extent[axis] = windows.reach(axis, largest.extent[axis]);
    step_ = {extent[1] * extent[2] * pixel, extent[2] * pixel, pixel};
    sample_step_ = extent[0] * step_[0];
    size_ = largest.samples * sample_step_;
  }

  Index size() const { return size_; }

  /// From a position's place to that of the pixel it sees at `shift`, which is between low and high.
  Index offset(const Axes& shift) const {
    Index result = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) result += (shift[axis] - windows_.low[axis]) * step_[axis];
    return result;
  }

  /// The place of a position, counted from the block's first.
  Index place(Index sample, Index d, Index h, Index w) const {
    return sample * sample_step_ + d * windows_.kept_step(0) * step_[0] + h * windows_.kept_step(1) * step_[1] +
           w * windows_.kept_step(2) * step_[2];
  }

  /// Calls visit(place in the strip, pixels, number of the first source pixel) for runs of pixels that lie together in
  /// the source, or outside of it; the number of these is -1. The runs cover what the block sees.
  template <class Visit>
  void for_each_run(const Block& block, const Visit& visit) const {
    const auto [depth, height, width] = windows_.source;
    const Index columns = windows_.reach(2, block.extent[2]);
    for (Index n = 0; n < block.samples; ++n)
      for (Index i = 0; i < windows_.reach(0, block.extent[0]); ++i)
        for (Index j = 0; j < windows_.reach(1, block.extent[1]); ++j) {
          const Index d = source_of(0, block, i), h = source_of(1, block, j);
          const Index place = n * sample_step_ + i * step_[0] + j * step_[1];
          if (d < 0 || d >= depth || h < 0 || h >= height)
            visit(place, columns, Index{-1});
          else
            visit_row(block, place, (((block.sample + n) * depth + d) * height + h) * width, visit);
        }
  }

  /// Copies what a block sees from `source`, [batch, windows.source..., channels].
  void fill(const T* source, const Block& block, T* strip) const {
    const Index channels = windows_.channels;
    const bool dense = step_[2] == channels;
    for_each_run(block, [&](Index place, Index pixels, Index pixel) {
      if (pixel < 0) {
        if (!is_cleared_) std::memset(strip + place, 0, static_cast<std::size_t>(pixels * step_[2]) * sizeof(T));
        return;
      }
      const auto bytes = static_cast<std::size_t>((dense ? pixels : 1) * channels) * sizeof(T);
      for (Index i = 0; i < (dense ? 1 : pixels); ++i)
        std::memcpy(strip + place + i * step_[2], source + (pixel + i) * channels, bytes);
    });
  }

  /// For strips that take one block after the other: where all blocks are whole samples, and so have their zeros at the
  /// same places, writes them once for all.
  void clear(const Block& largest, T* strip) {
    is_cleared_ = largest.extent == windows_.grid;
    if (is_cleared_) std::memset(strip, 0, static_cast<std::size_t>(size_) * sizeof(T));
  }

 private:
  // The source row, plane or column that stands at `kept` in the strip.
  Index source_of(std::size_t axis, const Block& block, Index kept) const {
    const Index first = block.first[axis] * windows_.step[axis] + windows_.low[axis];
    return first + kept * (windows_.skips(axis) ? windows_.step[axis] : 1);
  }

  // The runs of one row, whose source row begins with pixel `row`.
  template <class Visit>
  void visit_row(const Block& block, Index place, Index row, const Visit& visit) const {
    const Index width = windows_.source[2], columns = windows_.reach(2, block.extent[2]);
    const Index first = source_of(2, block, 0), step = source_of(2, block, 1) - first;
    // Columns [begin, end) of the strip stand inside of the source.
    const Index begin = std::clamp<Index>(ceil_divide(std::max<Index>(0, -first), step), 0, columns);
    const Index end = std::clamp<Index>(ceil_divide(std::max<Index>(0, width - first), step), begin, columns);
    if (begin > 0) visit(place, begin, Index{-1});
    const Index run = step == 1 ? end - begin : 1;
    for (Index column = begin; column < end; column += run)
      visit(place + column * step_[2], run, row + first + column * step);
    if (end < columns) visit(place + end * step_[2], columns - end, Index{-1});
  }

  Windows windows_;
  Axes step_{};
  Index sample_step_ = 0, size_ = 0;
  bool is_cleared_ = false;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
