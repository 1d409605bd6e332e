#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "simd/engine.hpp"
#include "strip.hpp"
#include "tap_weights.hpp"
#include "taps.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// A set of taps over all three axes: its target pixels, and its inner axis, (tap, channel seen), as offsets into a
/// strip.
struct TapSet {
  Axes grid, first;
  Index inner;
  Index* offsets;  ///< [inner]
  Index* taps;     ///< [inner / channels seen], the numbers of its taps in the kernel
};

/// The sets of taps of a convolution, and their weights in panels: for each group and each chunk of the inner axis
/// [chunk size, panel width]. Panels that many blocks use are packed ahead, once; else each is packed when it is used.
template <class T>
class PackedTaps {
 public:
  PackedTaps(const Taps& taps, const Axes& kernel, Index groups, const Panels<T>& panels, const TapWeights<T>& weights,
             const Strip<T>& strip, bool ahead, Scratch& scratch)
      : engine_(kernels::engine<T>()),
        panels_(panels),
        weights_(weights),
        groups_(groups),
        seen_(taps.windows.channels / groups),
        count_(product(taps.set_count)),
        sets_(scratch.take<TapSet>(count_)),
        packed_(scratch.take<T*>(count_)) {
    taps.for_each_set([&](Index number, const AxisTaps& d, const AxisTaps& h, const AxisTaps& w) {
      const Index size = d.count * h.count * w.count;
      TapSet& set = sets_[number];
      set = {{d.grid, h.grid, w.grid},
             {d.first, h.first, w.first},
             0,
             scratch.take<Index>(size * seen_),
             scratch.take<Index>(size)};
      Taps::for_each_tap(d, h, w, [&](const Axes& tap, const Axes& shift) {
        set.taps[set.inner / seen_] = (tap[0] * kernel[1] + tap[1]) * kernel[2] + tap[2];
        for (Index channel = 0; channel < seen_; ++channel) set.offsets[set.inner++] = strip.offset(shift) + channel;
      });
      packed_[number] = ahead ? scratch.take<T>(groups_ * set.inner * width()) : nullptr;
    });
    if (ahead) pack_all();
  }

  Index count() const { return count_; }
  const TapSet& operator[](Index set) const { return sets_[set]; }

  /// The weights of one panel and chunk; `room` is for those that are not packed ahead.
  const T* panel(Index set, Index group, const Chunks<T>& chunks, Index chunk, Index panel, T* room) const {
    if (packed_[set]) return ahead_of(set, group, chunks, chunk, panel);
    pack(set, group, chunks, chunk, panel, room);
    return room;
  }

 private:
  Index width() const { return panels_.vectors * engine_.lanes; }

  T* ahead_of(Index set, Index group, const Chunks<T>& chunks, Index chunk, Index panel) const {
    return packed_[set] + (group * sets_[set].inner + chunks.first(chunk)) * width() +
           panels_.first(panel) * chunks.size(chunk);
  }

  void pack_all() const {
    parallel_for(count_ * groups_ * panels_.count, [&](Index piece) {
      const Index set = piece / (groups_ * panels_.count), group = piece / panels_.count % groups_,
                  panel = piece % panels_.count;
      const Chunks<T> chunks(sets_[set].inner);
      for (Index chunk = 0; chunk < chunks.count; ++chunk)
        pack(set, group, chunks, chunk, panel, ahead_of(set, group, chunks, chunk, panel));
    });
  }

  void pack(Index set, Index group, const Chunks<T>& chunks, Index chunk, Index panel, T* to) const {
    const Index panel_width = panels_.width(panel), end = chunks.first(chunk + 1);
    for (Index k = chunks.first(chunk), until; k < end; k = until) {  // from tap to tap
      const Index tap = k / seen_, row = k % seen_;
      until = std::min(end, (tap + 1) * seen_);
      const T* const from = weights_.data + sets_[set].taps[tap] * weights_.tap_step + group * weights_.group_step +
                            row * weights_.row_step + panels_.first(panel) * weights_.column_step;
      engine_.pack(from, weights_.row_step, weights_.column_step, until - k, panels_.size(panel), to, panel_width);
      to += (until - k) * panel_width;
    }
  }

  const Engine<T>& engine_;
  const Panels<T>& panels_;
  TapWeights<T> weights_;
  Index groups_, seen_, count_;
  TapSet* sets_;
  T** packed_;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
