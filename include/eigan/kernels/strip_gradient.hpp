#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "convolution_shape.hpp"
#include "gradient_pieces.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "strip.hpp"
#include "sweep.hpp"
#include "windows.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// The weight gradient of a convolution as an implicit matrix product: the rows are (tap, input channel), the inner
/// axis runs over output pixels, the columns are output channels.
///
///   dw [taps * channels, columns] = sum over blocks of xᵀ [taps * channels, positions] dy [positions, columns]
///
/// A block's input pixels stand in a strip, where a row's place plus a position's place is the pixel that the tap sees.
template <class T>
class StripGradient {
 public:
  explicit StripGradient(const ConvolutionShape& shape)
      : shape_(shape),
        seen_(shape.in_channels / shape.groups),
        made_(shape.out_channels / shape.groups),
        channelwise_(seen_ == 1 && made_ == 1 && shape.groups > 1),
        engine_(kernels::engine<T>()),
        panels_(made_, engine_),
        size_(product(shape.kernel) * seen_ * shape.out_channels),
        pieces_(shape, size_) {}

  void compute(const T* x, const T* dy, T* dw) const {
    Scratch scratch;
    T* const copies = scratch.take<T>((pieces_.parts - 1) * size_);
    parallel_for(pieces_.parts * pieces_.tap_groups, [&](Index piece) {
      const Index part = piece / pieces_.tap_groups;
      sum(x, dy, part == 0 ? dw : copies + (part - 1) * size_, part, pieces_.taps(shape_, piece % pieces_.tap_groups));
    });
    if (pieces_.parts == 1) return;
    const Index pieces = ceil_divide(size_, 16384);
    parallel_for(pieces, [&](Index piece) {
      const Index begin = split_point(size_, pieces, piece), end = split_point(size_, pieces, piece + 1);
      engine_.add_parts(dw + begin, copies + begin, pieces_.parts - 1, size_, end - begin);
    });
  }

 private:
  static constexpr Index most_positions = 256;
  static constexpr Index most_elements = Index{200 * 1024} / static_cast<Index>(sizeof(T));

  Axes shift_of(const Axes& tap) const {
    Axes shift;
    for (std::size_t axis = 0; axis < 3; ++axis) shift[axis] = tap[axis] * shape_.dilation[axis] - shape_.pad[axis];
    return shift;
  }

  // The rows of some taps in a copy of dw: the sum over one part of the blocks.
  void sum(const T* x, const T* dy, T* dw, Index part, const TapRange& taps) const {
    Scratch scratch;
    const Windows windows = {.batch = shape_.batch,
                             .channels = shape_.in_channels,
                             .source = shape_.in,
                             .grid = shape_.out,
                             .step = shape_.stride,
                             .low = shift_of(taps.first),
                             .high = shift_of({taps.last[0] - 1, taps.last[1] - 1, taps.last[2] - 1})};
    const Blocks blocks(windows, most_positions, most_elements);
    // Rows of a tile are neighbouring channels, and its inner steps go from pixel to pixel.
    const bool wide = shape_.in_channels * static_cast<Index>(sizeof(T)) >= 64;
    Strip<T> places(windows, blocks.largest(), wide ? staggered<T>(shape_.in_channels) : shape_.in_channels);
    T* const strip = scratch.take<T>(places.size());
    places.clear(blocks.largest(), strip);
    Sweep<T> sweep;
    list_rows(taps, places, scratch, sweep);
    Index* const offsets = scratch.take<Index>(blocks.largest().positions());
    T* const panel = scratch.take<T>(engine_.panel * blocks.largest().positions());
    sweep.offsets = offsets;
    const Index begin = split_point(blocks.count(), pieces_.parts, part);
    const Index end = split_point(blocks.count(), pieces_.parts, part + 1);
    Block listed{.samples = 0};  // the block whose positions' places are in `offsets`
    for (Index index = begin; index < end || index == begin; ++index) {  // without a block: a sum of nothing
      const Block block = index < end ? blocks[index] : Block{.samples = 0};
      places.fill(x, block, strip);
      if (block.extent != listed.extent || block.samples != listed.samples) {
        sweep.inner = 0;
        for (Index n = 0; n < block.samples; ++n)
          for (Index d = 0; d < block.extent[0]; ++d)
            for (Index h = 0; h < block.extent[1]; ++h)
              for (Index w = 0; w < block.extent[2]; ++w) offsets[sweep.inner++] = places.place(n, d, h, w);
        listed = block;
      }
      sweep.epilogue.accumulate = index > begin;
      if (channelwise_)
        sweep_channels(block, strip, dy, dw, sweep);
      else
        for (Index group = 0; group < shape_.groups; ++group) sweep_group(block, group, strip, dy, dw, panel, sweep);
    }
  }

  // One row for each (tap, channel of a group).
  void list_rows(const TapRange& taps, const Strip<T>& places, Scratch& scratch, Sweep<T>& sweep) const {
    const Index most = size_ / shape_.out_channels;
    Index* const a = scratch.take<Index>(most);
    Index* const c = scratch.take<Index>(most);
    for (Index d = taps.first[0]; d < taps.last[0]; ++d)
      for (Index h = taps.first[1]; h < taps.last[1]; ++h)
        for (Index w = taps.first[2]; w < taps.last[2]; ++w) {
          const Index row = ((d * shape_.kernel[1] + h) * shape_.kernel[2] + w) * seen_;
          const Index place = places.offset(shift_of({d, h, w}));
          for (Index channel = 0; channel < seen_; ++channel) {
            a[sweep.rows] = place + channel;
            c[sweep.rows++] = (row + channel) * shape_.out_channels;
          }
        }
    sweep.a_rows = a;
    sweep.c_rows = c;
  }

  // Calls visit(first output pixel, first position of the block, positions) for runs that lie together in dy.
  template <class Visit>
  void for_each_run(const Block& block, const Visit& visit) const {
    const auto& [depth, height, width] = shape_.out;
    const Axes& extent = block.extent;
    Index length = extent[2];  // rows run on into each other where they are whole, and so do planes and samples
    if (extent[2] == width) length *= extent[1];
    if (extent[2] == width && extent[1] == height) length *= extent[0];
    if (extent == shape_.out) length *= block.samples;
    for (Index position = 0; position < block.positions(); position += length) {
      const Index w = position % extent[2], h = position / extent[2] % extent[1];
      const Index d = position / (extent[2] * extent[1]) % extent[0], n = position / product(extent);
      visit((((block.sample + n) * depth + block.first[0] + d) * height + block.first[1] + h) * width + block.first[2] +
                w,
            position, length);
    }
  }

  void sweep_group(const Block& block, Index group, const T* strip, const T* dy, T* dw, T* panel,
                   Sweep<T>& sweep) const {
    sweep.a = strip + group * seen_;
    for (Index index = 0; index < panels_.count; ++index) {
      const Index column = group * made_ + panels_.first(index);
      sweep.c = dw + column;
      sweep.columns = panels_.size(index);
      take_panel(block, dy + column, panel, panels_.width(index), sweep);
      if (sweep.b != panel) {  // what the next block reads in place comes while this one computes
        sweep.next = sweep.b + sweep.inner * sweep.b_step;
        sweep.next_step = sweep.b_step;
      }
      engine_.sweep(sweep);
    }
  }

  // The block's rows of dy, packed unless they already stand together.
  void take_panel(const Block& block, const T* dy, T* panel, Index width, Sweep<T>& sweep) const {
    sweep.b = panel;
    sweep.b_step = width;
    for_each_run(block, [&](Index pixel, Index position, Index length) {
      const T* const from = dy + pixel * shape_.out_channels;
      if (length == sweep.inner && sweep.columns == shape_.out_channels && width == sweep.columns)
        sweep.b = from;
      else
        engine_.pack(from, shape_.out_channels, 1, length, sweep.columns, panel + position * width, width);
    });
  }

  // Without a panel: every run of positions is one sweep over dy in place.
  void sweep_channels(const Block& block, const T* strip, const T* dy, T* dw, const Sweep<T>& sweep) const {
    Sweep<T> run = sweep;
    run.a = strip;
    run.c = dw;
    run.columns = run.b_step = shape_.out_channels;
    if (sweep.inner == 0) engine_.sweep_channels(run);
    for_each_run(block, [&](Index pixel, Index position, Index length) {
      run.offsets = sweep.offsets + position;
      run.inner = length;
      run.b = dy + pixel * shape_.out_channels;
      engine_.sweep_channels(run);
      run.epilogue.accumulate = true;
    });
  }

  const ConvolutionShape& shape_;
  Index seen_, made_;
  bool channelwise_;
  const Engine<T>& engine_;
  Panels<T> panels_;
  Index size_;
  GradientPieces pieces_;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
