#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "simd/winograd.hpp"
#include "tap_weights.hpp"
#include "winograd_axes.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// The weights of a convolution at the points of its tiles, in panels: for each target phase and point a matrix [source
/// phases * channels seen, channels made], packed as PackedPanels are.
template <class T>
class WinogradWeights {
 public:
  WinogradWeights(const WinogradTiles& tiles, const WinogradTransforms<T>& transforms, Index seen,
                  const TapWeights<T>& weights, const Chunks<T>& chunks, const Panels<T>& panels, Scratch& scratch)
      : tiles_(tiles),
        transforms_(transforms),
        seen_(seen),
        weights_(weights),
        chunks_(chunks),
        panels_(panels),
        width_(panels.vectors * panels.lanes),
        step_(staggered<T>(chunks.inner * width_)),
        packed_(scratch.take<T>(tiles.target_phases() * squares() * step_)) {
    const Index parts = ceil_divide(seen, rows_at_once);
    parallel_for(tiles.target_phases() * tiles.source_phases() * parts, [&](Index piece) {
      const Index phases = piece / parts, part = piece % parts;
      transform(phases / tiles_.source_phases(), phases % tiles_.source_phases(), split_point(seen_, parts, part),
                split_point(seen_, parts, part + 1));
    });
  }

  const T* panel(Index target_phase, Index point, Index chunk, Index panel) const {
    return place(target_phase, point, chunk, panel);
  }

 private:
  static constexpr Index rows_at_once = 32;

  Index squares() const { return transforms_.points * transforms_.points; }

  T* place(Index target_phase, Index point, Index chunk, Index panel) const {
    return packed_ + (target_phase * squares() + point) * step_ + chunks_.first(chunk) * width_ +
           panels_.first(panel) * chunks_.size(chunk);
  }

  // Rows [first, last) of a phase's channels seen.
  void transform(Index target_phase, Index source_phase, Index first, Index last) const {
    Scratch scratch;
    const Index taps = transforms_.taps, count = taps * taps;
    const T** const rows = scratch.take<const T*>(count);
    const T** const places = scratch.take<const T*>(count);
    Index row_step = weights_.row_step;
    for (Index t = 0; t < count; ++t) {
      const T* const from = weights_.data + first * row_step +
                            tiles_.tap(source_phase, target_phase, t / taps, t % taps) * weights_.tap_step;
      rows[t] = weights_.column_step == 1 ? from : transposed(from, last - first, scratch);
    }
    if (weights_.column_step != 1) row_step = panels_.columns;
    const Index chunk_row = source_phase * seen_;
    for (Index panel = 0; panel < panels_.count; ++panel) {
      Index chunk = 0;
      for (Index row = first; row < last; ++row) {  // inside, so that each point's matrix is written on and on
        while (chunks_.first(chunk + 1) <= chunk_row + row) ++chunk;
        for (Index t = 0; t < count; ++t) places[t] = rows[t] + (row - first) * row_step + panels_.first(panel);
        transforms_.weights(
            places, panels_.size(panel),
            place(target_phase, 0, chunk, panel) + (chunk_row + row - chunks_.first(chunk)) * panels_.width(panel),
            transforms_.points * step_, step_);
      }
    }
  }

  // [rows, columns] of what is stored as [columns, rows].
  const T* transposed(const T* from, Index rows, Scratch& scratch) const {
    T* const to = scratch.take<T>(rows * panels_.columns);
    engine<T>().transpose(from, weights_.column_step, to, panels_.columns, panels_.columns, rows);
    return to;
  }

  const WinogradTiles& tiles_;
  const WinogradTransforms<T>& transforms_;
  Index seen_;
  TapWeights<T> weights_;
  Chunks<T> chunks_;
  Panels<T> panels_;
  Index width_, step_;  // from a point's matrix to the next: a power of two would have all of them in the same few sets
  T* packed_;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
