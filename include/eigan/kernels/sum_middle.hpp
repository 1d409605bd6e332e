#pragma once

#include <algorithm>
#include <numeric>

#include "../core/config.hpp"
#include "../core/pool.hpp"
#include "split.hpp"

// The loop behind every sum over rows: [A, B, C] -> [A, C]. It splits the work by its sizes alone, and adds the parts
// in a fixed order, so that the same bits come out on any number of threads.

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Columns that are worked on at a time: their sums stay in the first cache, and wide matrices of few rows are one
/// part.
inline constexpr Index tile_columns = 512;

/// Room for the sums of a tile, or of up to 16 rows of 128 columns side by side, and up to a whole vector more.
inline constexpr Index tile_room = 2048 + 16;

/// How many rows of C columns to lay side by side, so that they fill whole vectors and keep them busy.
inline Index fold_of(Index C) {
  if (C > 128) return 1;
  const Index whole = 16 / std::gcd(C, Index{16});
  const Index wide = std::max<Index>(1, 64 / (C * whole));
  return whole * wide;
}

/// A piece of the work: the rows [begin, end) of sample `a`, `columns` columns from the `column`-th on.
struct SumTile {
  Index a, begin, end, column, columns;
};

/// The sums of a tile's columns, part by part: part p holds the rows [begin(p), begin(p + 1)).
struct PartSums {
  const double* data;
  Index parts, part_step, output_step, rows;

  Index begin(Index part) const { return rows * part / parts; }
  const double* operator()(Index part, Index output = 0) const {
    return data + part * part_step + output * output_step;
  }
  /// All the parts together. totals: [columns].
  void total(Index columns, double* totals, Index output = 0) const {
    std::copy_n((*this)(0, output), columns, totals);
    for (Index part = 1; part < parts; ++part) {
      const double* const next = (*this)(part, output);
      for (Index c = 0; c < columns; ++c) totals[c] += next[c];
    }
  }
};

/// The tiles of [A, B, C]: every sample, cut into parts of rows and of columns by the sizes alone.
struct Tiles {
  Index A, B, C;
  Index width = std::min(C, tile_columns);
  Index across = C > 0 ? (C + width - 1) / width : 0;
  Index parts = std::clamp<Index>(B * width / grain, 1, 512);

  Index columns() const { return A * across; }  ///< tiles of all rows
  SumTile column(Index index) const {
    const Index first = index % across * width;
    return {index / across, 0, B, first, std::min(width, C - first)};
  }
  SumTile part(Index index, Index part) const {
    SumTile tile = column(index);
    tile.begin = B * part / parts;
    tile.end = B * (part + 1) / parts;
    return tile;
  }
  /// Calls body(tile) for all of them in parallel.
  template <class Body>
  void for_each(const Body& body) const {
    for_pieces(columns() * parts, B * width / parts, [&](Index first, Index last) {
      for (Index item = first; item < last; ++item) body(part(item / parts, item % parts));
    });
  }
};

/// Whether a row of so many numbers is a single part: many such rows need no tiles, which cost more than a short row.
inline bool is_one_part(Index numbers) { return Tiles{1, numbers, 1}.parts == 1; }

/// Calls add(tile, sums) to set the `Outputs` sums of each column of a tile (output o from sums + o * tile_room on),
/// for all tiles in parallel; then finish(tile, sums) with the PartSums of all rows.
template <int Outputs, class Add, class Finish>
void sum_middle(Index A, Index B, Index C, const Add& add, const Finish& finish) {
  const Tiles tiles{A, B, C};
  if (tiles.parts == 1)
    return tiles.for_each([&](const SumTile& tile) {
      double sums[Outputs * tile_room];
      add(tile, sums);
      finish(tile, PartSums{sums, 1, 0, tile_room, B});
    });
  const Index size = Outputs * tiles.width, parts = tiles.parts;
  PooledVector<double> all(static_cast<std::size_t>(tiles.columns() * parts * size));
  parallel_for(tiles.columns() * parts, [&](Index item) {
    const SumTile tile = tiles.part(item / parts, item % parts);
    double sums[Outputs * tile_room];
    add(tile, sums);
    for (Index output = 0; output < Outputs; ++output)
      std::copy_n(sums + output * tile_room, tile.columns, all.data() + item * size + output * tiles.width);
  });
  for_pieces(tiles.columns(), parts * size, [&](Index first, Index last) {
    for (Index index = first; index < last; ++index)
      finish(tiles.column(index), PartSums{all.data() + index * parts * size, parts, size, tiles.width, B});
  });
}

/// How many rows of this tile are laid side by side.
inline Index fold_of(const SumTile& tile, Index C) {
  const Index fold = fold_of(C);
  return tile.end - tile.begin < fold ? 1 : fold;
}

/// Calls kernel(offset, rows, columns, step) for the matrices that make up a tile: its rows, folded where C is small,
/// and those that are left over. Coefficients per column are to be repeated fold_of(tile, C) times.
template <class Kernel>
void for_matrices(const SumTile& tile, Index B, Index C, const Kernel& kernel) {
  const Index offset = (tile.a * B + tile.begin) * C + tile.column;
  const Index rows = tile.end - tile.begin;
  const Index fold = fold_of(tile, C);
  if (fold == 1) return kernel(offset, rows, tile.columns, C);
  const Index folded = rows / fold * fold;
  kernel(offset, folded / fold, fold * C, fold * C);
  if (rows > folded) kernel(offset + folded * C, rows - folded, C, C);
}

/// Sets the sums of a tile by kernel(offset, rows, columns, step), which adds the rows of a matrix that begins at
/// `offset` into `sums`, [Outputs][tile_room].
template <int Outputs, class Kernel>
void add_tile(const SumTile& tile, Index B, Index C, double* sums, const Kernel& kernel) {
  const Index fold = fold_of(tile, C);
  for (Index output = 0; output < Outputs; ++output)
    std::fill_n(sums + output * tile_room, std::min<Index>(tile_room, fold * tile.columns + 16), 0.0);
  for_matrices(tile, B, C, kernel);
  for (Index output = 0; output < Outputs && fold > 1; ++output) {
    double* const sum = sums + output * tile_room;
    for (Index group = 1; group < fold; ++group)
      for (Index c = 0; c < C; ++c) sum[c] += sum[group * C + c];
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
