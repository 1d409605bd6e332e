#pragma once

#include <algorithm>
#include <cstring>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "epilogue.hpp"
#include "packed_panels.hpp"
#include "panels.hpp"
#include "positions.hpp"
#include "scratch.hpp"
#include "strip.hpp"
#include "sweep.hpp"
#include "tap_weights.hpp"
#include "taps.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Whether TapSums wastes less of the vectors than a product whose columns are the channels made alone.
template <class T>
bool tap_sums_pay(const Taps& taps, const Axes& kernel, Index groups, Index made) {
  if (groups > 1 || taps.windows.step != Axes{1, 1, 1}) return false;
  const Index lanes = engine<T>().lanes, columns = product(kernel) * made;
  const auto use = [&](Index count) {
    return static_cast<double>(count) / static_cast<double>(ceil_divide(count, lanes) * lanes);
  };
  return use(made) < 0.7 * use(columns);
}

/// Convolution by windows of step 1 that makes few channels: one product per source pixel with the weights of all taps
/// at once, [pixels, channels] [channels, taps * made], then each target pixel sums what its taps left around it. With
/// one or three channels made, the taps together fill the vectors that the channels alone would leave mostly empty.
template <class T>
class TapSums {
 public:
  TapSums(const Taps& taps, const Axes& kernel, Index made, const TapWeights<T>& weights)
      : taps_(taps),
        seen_(taps.windows.channels),
        made_(made),
        engine_(kernels::engine<T>()),
        panels_(product(kernel) * made, engine_),
        width_(panels_.vectors * engine_.lanes),
        windows_(with_channels(taps.windows, width_)),
        blocks_(windows_, most_positions, most_elements),
        strip_(windows_, blocks_.largest(), width_),
        chunks_(seen_),
        weights_({matrix_of(weights, product(kernel)), width_, 1}, chunks_, panels_, engine_, scratch_),
        lists_(scratch_.take<TapList>(product(taps.set_count))),
        offsets_(scratch_.take<Index>(seen_)) {
    for (Index k = 0; k < seen_; ++k) offsets_[k] = k;
    taps_.for_each_set([&](Index number, const AxisTaps& d, const AxisTaps& h, const AxisTaps& w) {
      TapList& list = lists_[number];
      list = {{d.grid, h.grid, w.grid},
              {d.first, h.first, w.first},
              0,
              scratch_.take<Index>(d.count * h.count * w.count),
              {}};
      Taps::for_each_tap(d, h, w, [&](const Axes& tap, const Axes& shift) {
        const Index column = ((tap[0] * kernel[1] + tap[1]) * kernel[2] + tap[2]) * made_;
        list.offsets[list.inner++] = strip_.offset(shift) + column;
      });
      const Block& largest = blocks_.largest();
      list.positions =
          Positions::list(strip_, taps_, largest.samples, Positions::within(largest, list.grid), made_, scratch_);
    });
  }

  void compute(const T* source, T* target, const Epilogue<T>& epilogue) const {
    parallel_for(blocks_.count(), [&](Index index) {
      Scratch scratch;
      const Block block = blocks_[index];
      T* const sums = scratch.take<T>(strip_.size() + engine_.lanes);
      multiply(source, block, sums);
      for (Index set = 0; set < product(taps_.set_count); ++set) {
        const TapList& list = lists_[set];
        const Axes extent = Positions::within(block, list.grid);
        Positions positions = list.positions;
        if (extent != positions.extent)
          positions = Positions::list(strip_, taps_, block.samples, extent, made_, scratch);
        engine_.sum_taps({.a = sums,
                          .a_rows = positions.source,
                          .c = target + taps_.target_pixel(list.first, block.sample, block.first) * made_,
                          .c_rows = positions.target,
                          .rows = block.samples * product(extent),
                          .offsets = list.offsets,
                          .inner = list.inner,
                          .columns = made_,
                          .epilogue = epilogue});
      }
    });
  }

 private:
  struct TapList {
    Axes grid, first;
    Index inner;
    Index* offsets;
    Positions positions;
  };

  static constexpr Index most_positions = Index{1} << 12;
  static constexpr Index most_elements = Index{320 * 1024} / static_cast<Index>(sizeof(T));

  static Windows with_channels(Windows windows, Index channels) {
    windows.channels = channels;
    return windows;
  }

  // The weights as [seen, taps * made].
  T* matrix_of(const TapWeights<T>& weights, Index taps) {
    T* const matrix = scratch_.take<T>(seen_ * width_);
    for (Index k = 0; k < seen_; ++k)
      for (Index tap = 0; tap < taps; ++tap)
        for (Index j = 0; j < made_; ++j)
          matrix[k * width_ + tap * made_ + j] =
              weights.data[tap * weights.tap_step + k * weights.row_step + j * weights.column_step];
    return matrix;
  }

  // The products of the source pixels that a block sees, zeros around them.
  void multiply(const T* source, const Block& block, T* sums) const {
    Scratch scratch;
    Index* const a_rows = scratch.take<Index>(strip_.size() / width_);
    Index* const c_rows = scratch.take<Index>(strip_.size() / width_);
    Sweep<T> sweep{.a_rows = a_rows, .c_rows = c_rows};
    strip_.for_each_run(block, [&](Index place, Index pixels, Index pixel) {
      if (pixel < 0) {
        std::memset(sums + place, 0, static_cast<std::size_t>(pixels * width_) * sizeof(T));
        return;
      }
      for (Index i = 0; i < pixels; ++i) {
        a_rows[sweep.rows] = (pixel + i) * seen_;
        c_rows[sweep.rows++] = place + i * width_;
      }
    });
    for (Index chunk = 0; chunk < chunks_.count; ++chunk)
      for (Index panel = 0; panel < panels_.count; ++panel) {
        sweep.a = source + chunks_.first(chunk);
        sweep.c = sums + panels_.first(panel);
        sweep.offsets = offsets_;
        sweep.in_fours = true;
        sweep.inner = chunks_.size(chunk);
        sweep.b = weights_.panel(chunk, panel);
        sweep.b_step = sweep.columns = panels_.width(panel);
        sweep.fetch_a = panel == 0;
        sweep.epilogue.accumulate = chunk > 0;
        engine_.sweep(sweep);
      }
  }

  Scratch scratch_;
  const Taps& taps_;
  Index seen_, made_;
  const Engine<T>& engine_;
  Panels<T> panels_;
  Index width_;
  Windows windows_;
  Blocks blocks_;
  Strip<T> strip_;
  Chunks<T> chunks_;
  PackedPanels<T> weights_;
  TapList* lists_;
  Index* offsets_;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
