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
    size_ = largest.samples * sample_step_ + spare;
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
  /// the source, or outside of it; the number of these is -1. The runs cover what the block sees, in the order of their
  /// places.
  template <class Visit>
  void for_each_run(const Block& block, const Visit& visit) const {
    const auto [depth, height, width] = windows_.source;
    const Columns columns = columns_of(block);
    for (Index n = 0; n < block.samples; ++n)
      for (Index i = 0; i < windows_.reach(0, block.extent[0]); ++i)
        for (Index j = 0; j < windows_.reach(1, block.extent[1]); ++j) {
          const Index d = source_of(0, block, i), h = source_of(1, block, j);
          const Index place = n * sample_step_ + i * step_[0] + j * step_[1];
          if (d < 0 || d >= depth || h < 0 || h >= height)
            visit(place, columns.count, Index{-1});
          else
            visit_row(columns, place, (((block.sample + n) * depth + d) * height + h) * width, visit);
        }
  }

  /// Copies what a block sees from `source`, [batch, windows.source..., channels].
  void fill(const T* source, const Block& block, T* strip) const {
    const Index channels = windows_.channels;
    const bool dense = step_[2] == channels;
    for_each_run(block, [&](Index place, Index pixels, Index pixel) {
      if (pixel < 0) {
        if (!is_cleared_) clear_run(strip + place, pixels * step_[2]);
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
  static constexpr Index spare = 64 / static_cast<Index>(sizeof(T));

  // Zeros for a run. Most are a pixel at the side of a picture, and a call would cost more than a store that is too
  // long: what stands behind is written afterwards, or is the spare room behind the strip.
  static void clear_run(T* run, Index size) {
    if (size <= spare)
      std::memset(run, 0, static_cast<std::size_t>(spare) * sizeof(T));
    else
      std::memset(run, 0, static_cast<std::size_t>(size) * sizeof(T));
  }

  // The source row, plane or column that stands at `kept` in the strip.
  Index source_of(std::size_t axis, const Block& block, Index kept) const {
    const Index first = block.first[axis] * windows_.step[axis] + windows_.low[axis];
    return first + kept * (windows_.skips(axis) ? windows_.step[axis] : 1);
  }

  // The columns of a block's rows: `count` in the strip, of which [begin, end) stand inside of the source, from column
  // `first` on, `step` apart.
  struct Columns {
    Index count, begin, end, first, step;
  };

  Columns columns_of(const Block& block) const {
    const Index width = windows_.source[2], count = windows_.reach(2, block.extent[2]);
    const Index first = source_of(2, block, 0), step = source_of(2, block, 1) - first;
    const Index begin = std::clamp<Index>(ceil_divide(std::max<Index>(0, -first), step), 0, count);
    const Index end = std::clamp<Index>(ceil_divide(std::max<Index>(0, width - first), step), begin, count);
    return {count, begin, end, first, step};
  }

  // The runs of one row, whose source row begins with pixel `row`.
  template <class Visit>
  void visit_row(const Columns& c, Index place, Index row, const Visit& visit) const {
    if (c.begin > 0) visit(place, c.begin, Index{-1});
    const Index run = c.step == 1 ? c.end - c.begin : 1;
    for (Index column = c.begin; column < c.end; column += run)
      visit(place + column * step_[2], run, row + c.first + column * c.step);
    if (c.end < c.count) visit(place + c.end * step_[2], c.count - c.end, Index{-1});
  }

  Windows windows_;
  Axes step_{};
  Index sample_step_ = 0, size_ = 0;
  bool is_cleared_ = false;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
