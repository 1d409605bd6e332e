#pragma once

#include <algorithm>
#include <cstring>
#include <optional>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "epilogue.hpp"
#include "packed_panels.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "strip.hpp"
#include "sweep.hpp"
#include "tap_weights.hpp"
#include "taps.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Convolution by windows of step 1 that makes few channels: one product per
/// source pixel with the weights of all taps at once, [pixels, channels]
/// [channels, taps * made], then each target pixel sums what its taps left
/// around it. With one or three channels made, the taps together fill the
/// vectors that the channels alone would leave mostly empty.
template <class T>
class TapSums {
 public:
  TapSums(const Taps& taps, const Axes& kernel, Index made, const TapWeights<T>& weights)
      : taps_(taps),
        kernel_(kernel),
        seen_(taps.windows.channels),
        made_(made),
        engine_(kernels::engine<T>()),
        panels_(product(kernel) * made, engine_),
        width_(panels_.vectors * engine_.lanes),
        windows_(with_channels(taps.windows, width_)),
        blocks_(windows_, most_positions, most_elements),
        strip_(windows_, blocks_.largest(), width_),
        chunks_(seen_) {
    prepare(weights);
  }

  /// Whether this way wastes less of the vectors than a product whose columns
  /// are the channels made alone.
  static bool pays(const Taps& taps, const Axes& kernel, Index groups, Index made) {
    if (groups > 1 || taps.windows.step != Axes{1, 1, 1}) return false;
    const Index lanes = kernels::engine<T>().lanes, columns = product(kernel) * made;
    const auto use = [&](Index count) {
      return static_cast<double>(count) / static_cast<double>(ceil_divide(count, lanes) * lanes);
    };
    return use(made) < 0.7 * use(columns);
  }

  void compute(const T* source, T* target, const Epilogue<T>& epilogue) const {
    parallel_for(blocks_.count(), [&](Index index) {
      Scratch scratch;
      const Block block = blocks_[index];
      T* const sums = scratch.take<T>(strip_.size() + engine_.lanes);
      multiply(source, block, sums);
      const T** const a = scratch.take<const T*>(block.positions());
      T** const c = scratch.take<T*>(block.positions());
      for (Index set = 0; set < product(taps_.set_count); ++set) {
        const TapList& list = lists_[set];
        Sweep<T> sweep{
            .a = a, .c = c, .offsets = list.offsets, .inner = list.inner, .columns = made_, .epilogue = epilogue};
        strip_.for_each_row(block, list.grid, [&](Index place, Index sample, const Axes& first, Index count) {
          const T* from = sums + place;
          T* to = target + taps_.target_pixel(list.first, sample, first) * made_;
          for (Index i = 0; i < count; ++i, from += strip_.position_step(), to += taps_.target_step[2] * made_) {
            a[sweep.rows] = from;
            c[sweep.rows++] = to;
          }
        });
        engine_.sum_taps(sweep);
      }
    });
  }

 private:
  struct TapList {
    Axes grid, first;
    Index inner;
    Index* offsets;
  };

  static constexpr Index most_positions = Index{1} << 12;
  static constexpr Index most_elements = Index{320 * 1024} / static_cast<Index>(sizeof(T));

  static Windows with_channels(Windows windows, Index channels) {
    windows.channels = channels;
    return windows;
  }

  void prepare(const TapWeights<T>& weights) {
    lists_ = scratch_.template take<TapList>(product(taps_.set_count));
    taps_.for_each_set([&](Index number, const AxisTaps& d, const AxisTaps& h, const AxisTaps& w) {
      TapList& list = lists_[number];
      list = {{d.grid, h.grid, w.grid},
              {d.first, h.first, w.first},
              0,
              scratch_.template take<Index>(d.count * h.count * w.count)};
      Taps::for_each_tap(d, h, w, [&](const Axes& tap, const Axes& shift) {
        list.offsets[list.inner++] =
            strip_.offset(shift) + ((tap[0] * kernel_[1] + tap[1]) * kernel_[2] + tap[2]) * made_;
      });
    });
    offsets_ = scratch_.template take<Index>(seen_);
    for (Index k = 0; k < seen_; ++k) offsets_[k] = k;
    T* const matrix = scratch_.template take<T>(seen_ * width_);  // [seen, taps * made]
    for (Index k = 0; k < seen_; ++k)
      for (Index tap = 0; tap < product(kernel_); ++tap)
        for (Index j = 0; j < made_; ++j)
          matrix[k * width_ + tap * made_ + j] =
              weights.data[tap * weights.tap_step + k * weights.row_step + j * weights.column_step];
    weights_.emplace(MatrixView<T>{matrix, width_, 1}, chunks_, panels_, engine_, scratch_);
  }

  // The products of the source pixels that a block sees, zeros around them.
  void multiply(const T* source, const Block& block, T* sums) const {
    Scratch scratch;
    const T** const a = scratch.take<const T*>(strip_.size() / width_);
    T** const c = scratch.take<T*>(strip_.size() / width_);
    Sweep<T> sweep{.a = a, .c = c};
    strip_.for_each_run(block, [&](Index place, Index pixels, Index pixel) {
      for (Index i = 0; i < pixels; ++i, place += width_)
        if (pixel < 0) {
          std::memset(sums + place, 0, static_cast<std::size_t>(width_) * sizeof(T));
        } else {
          a[sweep.rows] = source + (pixel + i) * seen_;
          c[sweep.rows++] = sums + place;
        }
    });
    for (Index chunk = 0; chunk < chunks_.count; ++chunk)
      for (Index panel = 0; panel < panels_.count; ++panel) {
        sweep.a_shift = chunks_.first(chunk);
        sweep.c_shift = panels_.first(panel);
        sweep.offsets = offsets_;
        sweep.inner = chunks_.size(chunk);
        sweep.b = weights_->panel(chunk, panel);
        sweep.b_step = sweep.columns = panels_.width(panel);
        sweep.fetch_a = panel == 0;
        sweep.epilogue.accumulate = chunk > 0;
        engine_.sweep(sweep);
      }
  }

  Scratch scratch_;
  Taps taps_;
  Axes kernel_;
  Index seen_, made_;
  const Engine<T>& engine_;
  Panels<T> panels_;
  Index width_;
  Windows windows_;
  Blocks blocks_;
  Strip<T> strip_;
  Chunks<T> chunks_;
  TapList* lists_ = nullptr;
  Index* offsets_ = nullptr;
  std::optional<PackedPanels<T>> weights_;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
