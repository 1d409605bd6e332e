#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "strip.hpp"
#include "sweep.hpp"
#include "taps.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// The weight gradient of a convolution as an implicit matrix product: the rows
/// are (tap, input channel), the inner axis runs over output pixels, the
/// columns are output channels.
///
///   dw [taps * channels, columns] = sum over blocks of xᵀ [taps * channels,
///   positions] dy [positions, columns]
///
/// A block's input pixels stand in a strip, where a row's place plus a
/// position's place is the pixel that the tap sees. Pieces of work are some
/// rows of dw over some of the blocks; each sums into its own copy, and the
/// copies are added in order. How many there are depends on the shape alone.
template <class T>
class StripGradient {
 public:
  StripGradient(const ConvolutionShape& shape, Scratch& scratch)
      : shape_(shape),
        taps_(Taps::of_convolution(shape, scratch)),
        seen_(shape.in_channels / shape.groups),
        made_(shape.out_channels / shape.groups),
        channelwise_(seen_ == 1 && made_ == 1 && shape.groups > 1),
        rows_(product(shape.kernel) * seen_),
        engine_(kernels::engine<T>()),
        panels_(made_, engine_),
        blocks_(taps_.windows, most_positions, most_elements),
        strip_(taps_.windows, blocks_.largest()) {
    const Index size = rows_ * shape.out_channels;
    parts_ = std::clamp<Index>(most_part_elements / size, 1, std::min(most_parts, blocks_.count()));
    const double work = 2.0 * static_cast<double>(size) * static_cast<double>(shape.batch * product(shape.out));
    const auto wanted = static_cast<Index>(std::clamp(work / 1e6, 1.0, static_cast<double>(most_parts)));
    parts_ = std::min(parts_, wanted);
    row_parts_ = std::clamp<Index>(ceil_divide(wanted, parts_), 1, std::max<Index>(1, rows_ / 96));
  }

  void compute(const T* x, const T* dy, T* dw) const {
    Scratch scratch;
    const Index size = rows_ * shape_.out_channels;
    T* const copies = scratch.take<T>((parts_ - 1) * size);
    parallel_for(parts_ * row_parts_, [&](Index piece) {
      const Index part = piece / row_parts_, row_part = piece % row_parts_;
      sum(x, dy, part == 0 ? dw : copies + (part - 1) * size, part, split_point(rows_, row_parts_, row_part),
          split_point(rows_, row_parts_, row_part + 1));
    });
    if (parts_ == 1) return;
    const Index pieces = ceil_divide(size, 16384);
    parallel_for(pieces, [&](Index piece) {
      const Index begin = split_point(size, pieces, piece), end = split_point(size, pieces, piece + 1);
      engine_.add_parts(dw + begin, copies + begin, parts_ - 1, size, end - begin);
    });
  }

 private:
  static constexpr Index most_positions = 256;
  static constexpr Index most_elements = Index{256 * 1024} / static_cast<Index>(sizeof(T));
  static constexpr Index most_parts = 16;
  static constexpr Index most_part_elements = Index{1} << 20;

  // Rows [first, last) of a copy of dw: the sum over one part of the blocks.
  void sum(const T* x, const T* dy, T* dw, Index part, Index first, Index last) const {
    Scratch scratch;
    T* const strip = scratch.take<T>(strip_.size());
    const T** const a = scratch.take<const T*>(last - first);
    T** const c = scratch.take<T*>(last - first);
    Index* const offsets = scratch.take<Index>(blocks_.largest().positions());
    T* const panel = scratch.take<T>(engine_.panel * blocks_.largest().positions());
    for (Index row = first; row < last; ++row) {
      a[row - first] = strip + place_of(row / seen_) + row % seen_;
      c[row - first] = dw + row * shape_.out_channels;
    }
    Sweep<T> sweep{.a = a, .c = c, .rows = last - first, .offsets = offsets};
    const Index begin = split_point(blocks_.count(), parts_, part),
                end = split_point(blocks_.count(), parts_, part + 1);
    for (Index index = begin; index < end; ++index) {
      const Block block = blocks_[index];
      strip_.fill(x, block, strip);
      sweep.inner = 0;
      strip_.for_each_row(block, shape_.out, [&](Index place, Index, const Axes&, Index count) {
        for (Index i = 0; i < count; ++i) offsets[sweep.inner++] = place + i * strip_.position_step();
      });
      sweep.epilogue.accumulate = index > begin;
      if (channelwise_)
        sweep_channels(block, dy, panel, sweep);
      else
        for (Index group = 0; group < shape_.groups; ++group) sweep_group(block, group, dy, panel, sweep);
    }
  }

  // Where the first position sees a tap's pixel.
  Index place_of(Index tap) const {
    const auto& [depth, height, width] = shape_.kernel;
    const Axes number = {tap / (height * width), tap / width % height, tap % width};
    Axes shift;
    for (std::size_t axis = 0; axis < 3; ++axis) shift[axis] = taps_.sets[axis][0].shift[number[axis]];
    return strip_.offset(shift);
  }

  // Calls visit(rows, first position's output pixel, position in the block) for
  // runs of positions that lie together in dy.
  template <class Visit>
  void for_each_run(const Block& block, const Visit& visit) const {
    const auto& [depth, height, width] = shape_.out;
    Index length = block.extent[2], runs = block.positions() / std::max<Index>(1, length);
    if (block.extent[2] == width) {  // rows run on into each other, and so do
                                     // whole planes and samples
      length *= block.extent[1], runs /= block.extent[1];
      if (block.extent[1] == height) length *= block.extent[0], runs /= block.extent[0];
      if (block.extent[1] == height && block.extent[0] == depth) length *= runs, runs = 1;
    }
    Index done = 0;
    for (Index n = 0; n < block.samples && done < block.positions(); ++n)
      for (Index d = 0; d < block.extent[0]; ++d)
        for (Index h = 0; h < block.extent[1]; ++h) {
          const Index position = (n * block.extent[0] + d) * block.extent[1] * block.extent[2] + h * block.extent[2];
          if (position != done) continue;  // inside of a run
          visit((((block.sample + n) * depth + block.first[0] + d) * height + block.first[1] + h) * width +
                    block.first[2],
                position, length);
          done += length;
        }
  }

  void sweep_group(const Block& block, Index group, const T* dy, T* panel, Sweep<T>& sweep) const {
    sweep.a_shift = group * seen_;
    for (Index index = 0; index < panels_.count; ++index) {
      const Index width = panels_.width(index);
      sweep.c_shift = group * made_ + panels_.first(index);
      sweep.columns = panels_.size(index);
      take_panel(block, dy + sweep.c_shift, panel, width, sweep);
      engine_.sweep(sweep);
    }
  }

  // The block's rows of dy, packed unless they already stand together.
  void take_panel(const Block& block, const T* dy, T* panel, Index width, Sweep<T>& sweep) const {
    sweep.b = panel;
    sweep.b_step = width;
    for_each_run(block, [&](Index pixel, Index position, Index length) {
      const T* const from = dy + pixel * shape_.out_channels;
      if (length == sweep.inner && width == shape_.out_channels)
        sweep.b = from;
      else
        engine_.pack(from, shape_.out_channels, 1, length, sweep.columns, panel + position * width, width);
    });
  }

  // Without a panel: every run of positions is one sweep over dy in place.
  void sweep_channels(const Block& block, const T* dy, T*, Sweep<T>& sweep) const {
    Sweep<T> run = sweep;
    run.columns = run.b_step = shape_.out_channels;
    for_each_run(block, [&](Index pixel, Index position, Index length) {
      run.offsets = sweep.offsets + position;
      run.inner = length;
      run.b = dy + pixel * shape_.out_channels;
      engine_.sweep_channels(run);
      run.epilogue.accumulate = true;
    });
  }

  const ConvolutionShape& shape_;
  Taps taps_;
  Index seen_, made_;
  bool channelwise_;
  Index rows_;
  const Engine<T>& engine_;
  Panels<T> panels_;
  Blocks blocks_;
  Strip<T> strip_;
  Index parts_ = 1, row_parts_ = 1;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
