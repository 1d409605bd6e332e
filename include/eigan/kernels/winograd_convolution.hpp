#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "epilogue.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "simd/winograd.hpp"
#include "sweep.hpp"
#include "tap_weights.hpp"
#include "winograd_axes.hpp"
#include "winograd_weights.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Convolution by Winograd's algorithm, fused in blocks of tiles that stay in the second cache: a block's windows are
/// transformed to points, each point is one matrix product over the channels, and the products go through the inverse
/// transform and the epilogue to their pixels.
///
/// [tiles, source phases * channels seen] [source phases * channels seen, channels made] for each point, target phase.
template <class T>
class WinogradConvolution {
 public:
  WinogradConvolution(const WinogradTiles& tiles, const WinogradTransforms<T>& transforms, Index seen, Index made,
                      const TapWeights<T>& weights)
      : tiles_(tiles),
        transforms_(transforms),
        seen_(seen),
        made_(made),
        squares_(transforms.points * transforms.points),
        engine_(kernels::engine<T>()),
        panels_(made, engine_),
        chunks_(tiles.source_phases() * seen),
        weights_(tiles_, transforms_, seen, weights, chunks_, panels_, scratch_),
        phase_step_(ceil_divide(seen, panels_.lanes) * panels_.lanes),
        row_(tiles.source_phases() * phase_step_),
        blocks_(ceil_divide(tiles.count(), most_tiles())),
        column_parts_(
            std::clamp<Index>(ceil_divide(least_pieces, blocks_ * tiles.target_phases()), 1, ceil_divide(made, 64))),
        offsets_(scratch_.take<Index>(chunks_.inner)),
        zeros_(scratch_.take<T>(phase_step_)) {
    for (Index k = 0; k < chunks_.inner; ++k) offsets_[k] = k / seen_ * phase_step_ + k % seen_;
    std::fill_n(zeros_, phase_step_, T(0));
  }

  void compute(const T* source, T* target, const Epilogue<T>& epilogue) const {
    const Index phases = tiles_.target_phases();
    parallel_for(blocks_ * phases * column_parts_, [&](Index piece) {
      const Index block = piece / (phases * column_parts_), phase = piece / column_parts_ % phases;
      const Index part = piece % column_parts_;
      compute_block(source, target, epilogue, phase, first_tile(block), first_tile(block + 1) - first_tile(block),
                    split_point(panels_.count, column_parts_, part),
                    split_point(panels_.count, column_parts_, part + 1));
    });
  }

 private:
  static constexpr Index unit = 6;  // rows of the highest register tile

  static constexpr Index least_pieces = 4;

  // As many tiles as fit the second cache with their points and products; but where the weights do not fit it, so many
  // that it pays to fetch them, if enough pieces remain.
  Index most_tiles() const {
    constexpr Index cached = 1280 * 1024 / static_cast<Index>(sizeof(T)), many = 96, few = 48;
    const Index width = panels_.vectors * panels_.lanes;
    const bool is_heavy = squares_ * chunks_.inner * width > cached;
    const Index pieces = ceil_divide(tiles_.count(), many) * tiles_.target_phases();
    const Index least = is_heavy && pieces >= least_pieces ? many : few;
    return std::clamp<Index>(cached / (squares_ * (row_ + width)), least, 192) / unit * unit;
  }

  // The first tile of a block.
  Index first_tile(Index block) const {
    return std::min(tiles_.count(), split_point(ceil_divide(tiles_.count(), unit), blocks_, block) * unit);
  }

  // The outputs of a phase for tiles [from, from + count) in the columns of panels [first, last).
  void compute_block(const T* source, T* target, Epilogue<T> epilogue, Index phase, Index from, Index count,
                     Index first, Index last) const {
    Scratch scratch;
    const Index column = panels_.first(first), width = panels_.first(last) - column;
    const Index points_step = staggered<T>(count * row_), products_step = staggered<T>(count * width);
    T* const points = scratch.take<T>(squares_ * points_step);
    T* const products = scratch.take<T>(squares_ * products_step);
    Index* const rows = scratch.take<Index>(2 * count);
    for (Index i = 0; i < count; ++i) {
      rows[i] = i * row_;
      rows[count + i] = i * width;
    }
    transform_windows(source, phase, from, count, points, points_step, scratch);
    Sweep<T> sweep{.a_rows = rows, .c_rows = rows + count, .rows = count, .in_fours = seen_ % 4 == 0};
    for (Index point = 0; point < squares_; ++point) {
      sweep.a = points + point * points_step;
      for (Index chunk = 0; chunk < chunks_.count; ++chunk) {
        sweep.offsets = offsets_ + chunks_.first(chunk);
        sweep.inner = chunks_.size(chunk);
        sweep.epilogue.accumulate = chunk > 0;
        for (Index panel = first; panel < last; ++panel) {
          sweep.c = products + point * products_step + panels_.first(panel) - column;
          sweep.columns = sweep.b_step = panels_.width(panel);
          sweep.b = weights_.panel(phase, point, chunk, panel);
          engine_.sweep(sweep);
        }
      }
    }
    if (epilogue.bias) epilogue.bias += column;
    const Index channels = std::min(made_, column + width) - column;
    for (Index i = 0; i < count; ++i)
      transforms_.target(products + i * width, products_step, channels, target_of(target + column, phase, from + i),
                         epilogue);
  }

  void transform_windows(const T* source, Index target_phase, Index from, Index count, T* points, Index step,
                         Scratch& scratch) const {
    const T** const window = scratch.take<const T*>(squares_);
    for (Index i = 0; i < count; ++i)
      for (Index phase = 0; phase < tiles_.source_phases(); ++phase) {
        tiles_.list_window(source, seen_, tiles_[from + i], phase, target_phase, transforms_.points, zeros_, window);
        transforms_.source(window, seen_, points + i * row_ + phase * phase_step_, transforms_.points * step, step);
      }
  }

  WinogradTarget<T> target_of(T* target, Index phase, Index number) const {
    const auto& [height, width] = tiles_.axes;
    const auto tile = tiles_[number];
    const Index row_phase = phase / width.target_phases, column_phase = phase % width.target_phases;
    const Index i = tile.i * tiles_.made, j = tile.j * tiles_.made;
    const Index row = i * height.target_phases + row_phase, column = j * width.target_phases + column_phase;
    return {.y = target + ((tile.sample * height.target + row) * width.target + column) * made_,
            .rows = std::min(tiles_.made, height.outputs(row_phase) - i),
            .columns = std::min(tiles_.made, width.outputs(column_phase) - j),
            .row_step = height.target_phases * width.target * made_,
            .column_step = width.target_phases * made_};
  }

  Scratch scratch_;
  WinogradTiles tiles_;
  const WinogradTransforms<T>& transforms_;
  Index seen_, made_, squares_;
  const Engine<T>& engine_;
  Panels<T> panels_;
  Chunks<T> chunks_;
  WinogradWeights<T> weights_;
  Index phase_step_, row_, blocks_, column_parts_;
  Index* offsets_;
  T* zeros_;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
