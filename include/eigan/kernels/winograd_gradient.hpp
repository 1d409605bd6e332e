#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "simd/winograd.hpp"
#include "sweep.hpp"
#include "winograd_axes.hpp"
#include "winograd_gradient_pieces.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// The weight gradient by Winograd's algorithm: windows of x and tiles of dy are transformed to the points, where each
/// is one matrix product over the tiles; the sums go back to the taps once.
///
/// [channels seen, tiles] [tiles, channels made] for each source phase and point.
template <class T>
class WinogradGradient {
 public:
  WinogradGradient(const WinogradTiles& tiles, const WinogradTransforms<T>& transforms, Index seen, Index made)
      : tiles_(tiles),
        transforms_(transforms),
        seen_(seen),
        made_(made),
        squares_(transforms.points * transforms.points),
        engine_(kernels::engine<T>()),
        panels_(made, engine_),
        width_(panels_.vectors * panels_.lanes),
        size_(squares_ * tiles.source_phases() * seen * width_),
        pieces_(squares_, tiles.count(), tiles.source_phases() * seen, width_) {}

  void compute(const T* x, const T* dy, T* dw) const {
    Scratch scratch;
    T* const sums = scratch.take<T>(pieces_.parts * size_);
    T* const zeros = scratch.take<T>(std::max(seen_, made_));
    std::fill_n(zeros, std::max(seen_, made_), T(0));
    parallel_for(pieces_.parts * pieces_.row_groups * pieces_.column_groups, [&](Index piece) {
      const Index part = piece / (pieces_.row_groups * pieces_.column_groups);
      sum(x, dy, zeros, sums + part * size_, part, piece / pieces_.column_groups % pieces_.row_groups,
          piece % pieces_.column_groups);
    });
    const Index rows = tiles_.source_phases() * seen_, parts = ceil_divide(rows, 16);
    parallel_for(parts, [&](Index part) {
      Scratch room;
      const T** const points = room.take<const T*>(squares_);
      for (Index row = split_point(rows, parts, part); row < split_point(rows, parts, part + 1); ++row)
        finish(sums, row, points, dw);
    });
  }

 private:
  static constexpr Index most_tiles = 96;

  // Adds up one part's tiles for one group of rows and one of columns.
  void sum(const T* x, const T* dy, const T* zeros, T* sums, Index part, Index row_group, Index column_group) const {
    Scratch scratch;
    const Index first_tile = split_point(tiles_.count(), pieces_.parts, part);
    const Index tiles = split_point(tiles_.count(), pieces_.parts, part + 1) - first_tile;
    const Index blocks = ceil_divide(tiles, most_tiles), most = ceil_divide(tiles, blocks);
    const Index channel = split_point(seen_, pieces_.row_groups, row_group);
    const Index channels = split_point(seen_, pieces_.row_groups, row_group + 1) - channel;
    const Index phase_step = ceil_divide(channels, panels_.lanes) * panels_.lanes;
    const Index row = staggered<T>(tiles_.source_phases() * phase_step), x_step = staggered<T>(most * row);
    const Index first = split_point(panels_.count, pieces_.column_groups, column_group);
    const Index last = split_point(panels_.count, pieces_.column_groups, column_group + 1);
    const Index dy_step = staggered<T>(most * (panels_.first(last) - panels_.first(first)));
    T* const x_points = scratch.take<T>(squares_ * x_step);
    T* const dy_points = scratch.take<T>(squares_ * dy_step);
    Sweep<T> sweep{.rows = tiles_.source_phases() * channels};
    Index* const a_rows = scratch.take<Index>(sweep.rows);
    Index* const c_rows = scratch.take<Index>(sweep.rows);
    Index* const offsets = scratch.take<Index>(most);
    for (Index i = 0; i < sweep.rows; ++i) {
      a_rows[i] = i / channels * phase_step + i % channels;
      c_rows[i] = (i / channels * seen_ + channel + i % channels) * width_;
    }
    for (Index i = 0; i < most; ++i) offsets[i] = i * row;
    sweep.a_rows = a_rows;
    sweep.c_rows = c_rows;
    sweep.offsets = offsets;
    for (Index block = 0; block < blocks; ++block) {
      const Index from = first_tile + split_point(tiles, blocks, block);
      sweep.inner = first_tile + split_point(tiles, blocks, block + 1) - from;
      sweep.epilogue.accumulate = block > 0;
      transform_source(x + channel, channels, zeros, from, sweep.inner, row, phase_step, x_points, x_step, scratch);
      transform_target(dy, zeros, from, sweep.inner, first, last, dy_points, dy_step, scratch);
      for (Index point = 0; point < squares_; ++point) {
        sweep.a = x_points + point * x_step;
        for (Index panel = first; panel < last; ++panel) {
          sweep.columns = sweep.b_step = panels_.width(panel);
          sweep.b = dy_points + point * dy_step + (panels_.first(panel) - panels_.first(first)) * sweep.inner;
          sweep.c = sums + point * (size_ / squares_) + panels_.first(panel);
          engine_.sweep(sweep);
        }
      }
    }
  }

  // Some channels of the windows of tiles [from, from + count): [points][tile, source phase, channel].
  void transform_source(const T* x, Index channels, const T* zeros, Index from, Index count, Index row,
                        Index phase_step, T* points, Index step, Scratch& scratch) const {
    const T** const window = scratch.take<const T*>(squares_);
    for (Index i = 0; i < count; ++i)
      for (Index phase = 0; phase < tiles_.source_phases(); ++phase) {
        tiles_.list_window(x, seen_, tiles_[from + i], phase, 0, transforms_.points, zeros, window);
        transforms_.source(window, channels, points + i * row + phase * phase_step, transforms_.points * step, step);
      }
  }

  // Some panels of the same tiles of dy: [points][panel][tile, column].
  void transform_target(const T* dy, const T* zeros, Index from, Index count, Index first, Index last, T* points,
                        Index step, Scratch& scratch) const {
    const Index pixels = tiles_.made * tiles_.made;
    const T** const tile = scratch.take<const T*>(pixels);
    for (Index panel = first; panel < last; ++panel) {
      T* to = points + (panels_.first(panel) - panels_.first(first)) * count;
      for (Index i = 0; i < count; ++i, to += panels_.width(panel)) {
        tiles_.list_outputs(dy + panels_.first(panel), made_, tiles_[from + i], zeros, tile);
        transforms_.target_adjoint(tile, panels_.size(panel), to, transforms_.points * step, step);
      }
    }
  }

  // Adds the parts of one row and takes it back to the taps.
  void finish(T* sums, Index row, const T** points, T* dw) const {
    const Index step = size_ / squares_;
    for (Index point = 0; point < squares_; ++point) {
      T* const total = sums + point * step + row * width_;
      if (pieces_.parts > 1) engine_.add_parts(total, total + size_, pieces_.parts - 1, size_, width_);
      points[point] = total;
    }
    const Index phase = row / seen_, size = seen_ * made_, tap = tiles_.tap(phase, 0, 0, 0);
    transforms_.weight_adjoint(points, made_, dw + tap * size + row % seen_ * made_,
                               (tiles_.tap(phase, 0, 1, 0) - tap) * size, (tiles_.tap(phase, 0, 0, 1) - tap) * size);
  }

  WinogradTiles tiles_;
  const WinogradTransforms<T>& transforms_;
  Index seen_, made_, squares_;
  const Engine<T>& engine_;
  Panels<T> panels_;
  Index width_, size_;
  WinogradGradientPieces pieces_;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
