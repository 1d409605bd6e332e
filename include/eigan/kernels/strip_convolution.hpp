#pragma once

#include <algorithm>
#include <cstring>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "epilogue.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "strip.hpp"
#include "sweep.hpp"
#include "tap_weights.hpp"
#include "taps.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Convolution by windows as an implicit matrix product: the rows are target
/// pixels, the inner axis runs over taps and channels, the columns are target
/// channels. A piece of work copies the source pixels that its block of
/// positions sees into a strip (a few hundred KiB), and every sweep reads its
/// rows from there, in place.
///
/// [positions, taps * channels] [taps * channels, columns] for each group and
/// each set of taps.
template <class T>
class StripConvolution {
 public:
  StripConvolution(const Taps& taps, const Axes& kernel, Index groups, Index target_channels,
                   const TapWeights<T>& weights)
      : taps_(taps),
        kernel_(kernel),
        groups_(groups),
        target_channels_(target_channels),
        seen_(taps.windows.channels / groups),
        made_(target_channels / groups),
        channelwise_(seen_ == 1 && made_ == 1 && groups > 1),
        engine_(kernels::engine<T>()),
        panels_(made_, engine_),
        blocks_(taps.windows, most_positions, most_elements),
        strip_(taps.windows, blocks_.largest(), taps.windows.channels) {
    prepare(weights);
  }

  void compute(const T* source, T* target, const Epilogue<T>& epilogue) const {
    parallel_for(blocks_.count(), [&](Index index) {
      Scratch scratch;
      const Block block = blocks_[index];
      T* const strip = scratch.take<T>(strip_.size());
      const T** const a = scratch.take<const T*>(block.positions());
      T** const c = scratch.take<T*>(block.positions());
      strip_.fill(source, block, strip);
      for (Index i = 0; i < product(taps_.set_count); ++i) {
        const TapSet& set = sets_[i];
        Sweep<T> sweep{.a = a, .c = c, .offsets = set.offsets};
        strip_.for_each_row(block, set.grid, [&](Index place, Index sample, const Axes& first, Index count) {
          const T* from = strip + place;
          T* to = target + taps_.target_pixel(set.first, sample, first) * target_channels_;
          for (Index j = 0; j < count;
               ++j, from += strip_.position_step(), to += taps_.target_step[2] * target_channels_) {
            a[sweep.rows] = from;
            c[sweep.rows++] = to;
          }
        });
        if (channelwise_)
          sweep_channels(set, sweep, epilogue);
        else
          for (Index group = 0; group < groups_; ++group) sweep_group(set, group, sweep, epilogue);
      }
    });
  }

 private:
  // A set of taps over all axes, with its weights packed:
  // [group][chunk][panel][chunk size][panel width].
  struct TapSet {
    Axes grid, first;
    Index inner;
    Index* offsets;
    T* weights;
  };

  static constexpr Index most_positions = 256;
  static constexpr Index most_elements = Index{200 * 1024} / static_cast<Index>(sizeof(T));

  Index packed_width() const { return channelwise_ ? target_channels_ : panels_.vectors * engine_.lanes; }

  void prepare(const TapWeights<T>& weights) {
    sets_ = scratch_.template take<TapSet>(product(taps_.set_count));
    const Index packed_groups = channelwise_ ? 1 : groups_;
    taps_.for_each_set([&](Index number, const AxisTaps& d, const AxisTaps& h, const AxisTaps& w) {
      const Index count = d.count * h.count * w.count;
      TapSet& set = sets_[number];
      set = {.grid = {d.grid, h.grid, w.grid},
             .first = {d.first, h.first, w.first},
             .inner = 0,
             .offsets = scratch_.template take<Index>(count * seen_),
             .weights = scratch_.template take<T>(packed_groups * count * seen_ * packed_width())};
      Index* const tap_numbers = scratch_.template take<Index>(count);
      Taps::for_each_tap(d, h, w, [&](const Axes& tap, const Axes& shift) {
        tap_numbers[set.inner / seen_] = (tap[0] * kernel_[1] + tap[1]) * kernel_[2] + tap[2];
        for (Index channel = 0; channel < seen_; ++channel) set.offsets[set.inner++] = strip_.offset(shift) + channel;
      });
      if (channelwise_)
        copy_weights(set, tap_numbers, weights);
      else
        parallel_for(groups_ * panels_.count, [&](Index piece) {
          pack_panel(set, tap_numbers, weights, piece / panels_.count, piece % panels_.count);
        });
    });
  }

  void copy_weights(const TapSet& set, const Index* tap_numbers, const TapWeights<T>& weights) const {
    for (Index tap = 0; tap < set.inner; ++tap)
      std::memcpy(set.weights + tap * target_channels_, weights.data + tap_numbers[tap] * weights.tap_step,
                  static_cast<std::size_t>(target_channels_) * sizeof(T));
  }

  T* packed(const TapSet& set, Index group, Index begin, Index inner, Index panel) const {
    return set.weights + (group * set.inner + begin) * packed_width() + panels_.first(panel) * inner;
  }

  void pack_panel(const TapSet& set, const Index* tap_numbers, const TapWeights<T>& weights, Index group,
                  Index panel) const {
    const Chunks<T> chunks(set.inner);
    const Index width = panels_.width(panel);
    for (Index chunk = 0; chunk < chunks.count; ++chunk) {
      const Index begin = chunks.first(chunk), end = chunks.first(chunk + 1);
      T* const to = packed(set, group, begin, end - begin, panel);
      for (Index k = begin, until; k < end; k = until) {  // from tap to tap
        const Index tap = k / seen_, row = k % seen_;
        until = std::min(end, (tap + 1) * seen_);
        const T* const from = weights.data + tap_numbers[tap] * weights.tap_step + group * weights.group_step +
                              row * weights.row_step + panels_.first(panel) * weights.column_step;
        engine_.pack(from, weights.row_step, weights.column_step, until - k, panels_.size(panel),
                     to + (k - begin) * width, width);
      }
    }
  }

  void sweep_group(const TapSet& set, Index group, Sweep<T>& sweep, const Epilogue<T>& epilogue) const {
    const Chunks<T> chunks(set.inner);
    sweep.a_shift = group * seen_;
    for (Index chunk = 0; chunk < chunks.count; ++chunk) {
      const Index begin = chunks.first(chunk);
      sweep.inner = chunks.size(chunk);
      sweep.offsets = set.offsets + begin;
      for (Index panel = 0; panel < panels_.count; ++panel) {
        sweep.c_shift = group * made_ + panels_.first(panel);
        sweep.columns = panels_.size(panel);
        sweep.b = packed(set, group, begin, sweep.inner, panel);
        sweep.b_step = panels_.width(panel);
        sweep.epilogue = part_of(epilogue, chunk == 0, chunk == chunks.count - 1, sweep.c_shift);
        engine_.sweep(sweep);
      }
    }
  }

  void sweep_channels(const TapSet& set, Sweep<T>& sweep, const Epilogue<T>& epilogue) const {
    sweep.inner = set.inner;
    sweep.columns = sweep.b_step = target_channels_;
    sweep.b = set.weights;
    sweep.epilogue = epilogue;
    engine_.sweep_channels(sweep);
  }

  Scratch scratch_;
  Taps taps_;
  Axes kernel_;
  Index groups_, target_channels_, seen_, made_;
  bool channelwise_;
  const Engine<T>& engine_;
  Panels<T> panels_;
  Blocks blocks_;
  Strip<T> strip_;
  TapSet* sets_ = nullptr;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
