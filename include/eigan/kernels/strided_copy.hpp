#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "../core/shape.hpp"
#include "simd/dispatch.hpp"
#include "simd/transposition.hpp"
#include "split.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// One axis of a copy: how many steps, and how far one of them goes in the source and in the destination.
struct CopyAxis {
  Index extent, from, to;
};

/// The axes of a copy, outermost first, without those of extent 1 and with those merged that run on into each other.
struct CopyAxes {
  std::array<CopyAxis, static_cast<std::size_t>(Shape::max_rank)> list{};
  Index rank = 0;
  bool empty = false;

  const CopyAxis& operator[](Index axis) const { return list[static_cast<std::size_t>(axis)]; }
  CopyAxis& operator[](Index axis) { return list[static_cast<std::size_t>(axis)]; }

  void push_back(CopyAxis axis) {
    if (axis.extent == 0) empty = true;
    if (axis.extent == 1) return;
    if (rank > 0) {
      CopyAxis& outer = (*this)[rank - 1];
      if (outer.from == axis.extent * axis.from && outer.to == axis.extent * axis.to) {
        outer = {outer.extent * axis.extent, axis.from, axis.to};
        return;
      }
    }
    (*this)[rank++] = axis;
  }

  CopyAxis take(Index axis) {
    const CopyAxis taken = (*this)[axis];
    std::copy(list.begin() + axis + 1, list.begin() + rank, list.begin() + axis);
    --rank;
    return taken;
  }

  Index positions() const {
    Index count = 1;
    for (Index axis = 0; axis < rank; ++axis) count *= (*this)[axis].extent;
    return count;
  }
};

/// Walks over all positions of some axes in row-major order, and knows the two offsets at each.
class CopyWalk {
 public:
  CopyWalk(const CopyAxes& axes, Index position) : axes_(axes) {
    for (Index axis = axes.rank - 1; axis >= 0; --axis) {
      const Index at = position % axes[axis].extent;
      position /= axes[axis].extent;
      at_[static_cast<std::size_t>(axis)] = at;
      from += at * axes[axis].from;
      to += at * axes[axis].to;
    }
  }

  void next() {
    for (Index axis = axes_.rank - 1; axis >= 0; --axis) {
      Index& at = at_[static_cast<std::size_t>(axis)];
      from += axes_[axis].from;
      to += axes_[axis].to;
      if (++at < axes_[axis].extent) return;
      from -= at * axes_[axis].from;
      to -= at * axes_[axis].to;
      at = 0;
    }
  }

  Index from = 0, to = 0;

 private:
  const CopyAxes& axes_;
  std::array<Index, static_cast<std::size_t>(Shape::max_rank)> at_{};
};

template <class T>
void transpose(const T* x, Index x_step, T* y, Index y_step, Index rows, Index columns) {
  EIGAN_DISPATCH(transpose<T>(x, x_step, y, y_step, rows, columns))
}

/// Copies a run of elements. A call of memcpy costs more than the few words that a pixel often is.
template <class T>
inline void copy_run(const T* from, T* to, Index count) {
  if (count <= 4) {
    if (count > 0) to[0] = from[0];
    if (count > 1) to[1] = from[1];
    if (count > 2) to[2] = from[2];
    if (count > 3) to[3] = from[3];
  } else {
    std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(T));
  }
}

template <class T>
void copy_row(const T* x, T* y, const CopyAxis& row) {
  if (row.from == 1 && row.to == 1)
    copy_run(x, y, row.extent);
  else if (row.from == 0 && row.to == 1)
    std::fill(y, y + row.extent, *x);
  else
    for (Index i = 0; i < row.extent; ++i) y[i * row.to] = x[i * row.from];
}

// `row` is contiguous in y, `column` in x: tiles of the two are transposed, wide enough in x for a cache line, long
// enough in y to be written in runs.
template <class T>
void copy_transposed(const T* x, T* y, const CopyAxes& outer, const CopyAxis& column, const CopyAxis& row) {
  const Index block_columns = std::min<Index>(column.extent, 64);
  const Index tile_rows = std::min<Index>(row.extent, std::max<Index>(64, 16384 / block_columns / 64 * 64));
  const Index across = (column.extent + block_columns - 1) / block_columns;
  const Index down = (row.extent + tile_rows - 1) / tile_rows;
  CopyAxes tiles = outer;
  tiles.list[static_cast<std::size_t>(tiles.rank++)] = {across, block_columns, block_columns * column.to};
  tiles.list[static_cast<std::size_t>(tiles.rank++)] = {down, tile_rows * row.from, tile_rows};
  for_pieces(tiles.positions(), block_columns * tile_rows, [&](Index first, Index last) {
    CopyWalk walk(tiles, first);
    for (Index tile = first; tile < last; ++tile, walk.next()) {
      const Index columns = std::min(block_columns, column.extent - tile / down % across * block_columns);
      const Index rows = std::min(tile_rows, row.extent - tile % down * tile_rows);
      transpose(x + walk.from, row.from, y + walk.to, column.to, rows, columns);
    }
  });
}

/// Copies from x to y along `axes`, which name each element of y once. x and y do not overlap.
template <class T>
void strided_copy(const T* x, T* y, CopyAxes axes) {
  if (axes.empty) return;
  if (axes.rank == 0) {
    *y = *x;
    return;
  }
  const CopyAxis row = axes.take(axes.rank - 1);
  if (row.to == 1 && row.from != 1 && row.from != 0)
    for (Index axis = 0; axis < axes.rank; ++axis)
      if (axes[axis].from == 1) {
        const CopyAxis column = axes.take(axis);
        return copy_transposed(x, y, axes, column, row);
      }
  // Long rows are cut, many short ones make one piece.
  if (const Index pieces = row.extent / grain; pieces > 1) {
    parallel_for(axes.positions() * pieces, [&](Index item) {
      const CopyWalk walk(axes, item / pieces);
      const Index begin = row.extent * (item % pieces) / pieces;
      const Index end = row.extent * (item % pieces + 1) / pieces;
      copy_row(x + walk.from + begin * row.from, y + walk.to + begin * row.to, {end - begin, row.from, row.to});
    });
    return;
  }
  for_pieces(axes.positions(), row.extent, [&](Index first, Index last) {
    CopyWalk walk(axes, first);
    for (Index item = first; item < last; ++item, walk.next()) copy_row(x + walk.from, y + walk.to, row);
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
