#pragma once

#include <algorithm>
#include <numeric>

#include "../core/config.hpp"
#include "../core/pool.hpp"
#include "split.hpp"

// The loop behind every sum over rows: [A, B, C] -> [A, C]. It splits the work by its sizes alone, and adds the parts
// in a fixed order, so that the same bits come out on any number of threads.

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Columns that are worked on at a time: their sums stay in the first cache.
inline constexpr Index tile_columns = 2048;

/// Room for the sums of a tile, up to a whole vector more.
inline constexpr Index tile_room = tile_columns + 16;

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
  /// All the parts together.
  double total(Index column, Index output = 0) const {
    double sum = 0;
    for (Index part = 0; part < parts; ++part) sum += (*this)(part, output)[column];
    return sum;
  }
};

/// Calls add(tile, sums) to set the `Outputs` sums of each column of a tile (output o from sums + o * tile_room on),
/// for all tiles in parallel; then finish(tile, sums) with the PartSums of all rows.
template <int Outputs, class Add, class Finish>
void sum_middle(Index A, Index B, Index C, const Add& add, const Finish& finish) {
  const Index width = std::min(C, tile_columns);
  const Index across = C > 0 ? (C + width - 1) / width : 0;
  const Index parts = std::clamp<Index>(B * width / grain, 1, 512);
  const auto tile_of = [=](Index index, Index begin, Index end) {
    const Index column = index % across * width;
    return SumTile{index / across, begin, end, column, std::min(width, C - column)};
  };
  if (parts == 1) {
    for_pieces(A * across, B * width, [&](Index first, Index last) {
      double sums[Outputs * tile_room];
      for (Index index = first; index < last; ++index) {
        const SumTile tile = tile_of(index, 0, B);
        add(tile, sums);
        finish(tile, PartSums{sums, 1, 0, tile_room, B});
      }
    });
    return;
  }
  const Index size = Outputs * width;
  PooledVector<double> all(static_cast<std::size_t>(A * across * parts * size));
  parallel_for(A * across * parts, [&](Index item) {
    const Index part = item % parts;
    const SumTile tile = tile_of(item / parts, B * part / parts, B * (part + 1) / parts);
    double sums[Outputs * tile_room];
    add(tile, sums);
    for (Index output = 0; output < Outputs; ++output)
      std::copy_n(sums + output * tile_room, tile.columns, all.data() + item * size + output * width);
  });
  for_pieces(A * across, parts * size, [&](Index first, Index last) {
    for (Index index = first; index < last; ++index)
      finish(tile_of(index, 0, B), PartSums{all.data() + index * parts * size, parts, size, width, B});
  });
}

/// Sets the sums of a tile by kernel(offset, rows, columns, step, sums), which adds the rows of a matrix that begins at
/// `offset` into [Outputs][tile_room]. Few columns are folded, several rows of them into one.
template <int Outputs, class Kernel>
void add_tile(const SumTile& tile, Index B, Index C, double* sums, const Kernel& kernel) {
  const Index offset = (tile.a * B + tile.begin) * C + tile.column;
  const Index rows = tile.end - tile.begin;
  const Index fold = fold_of(C);
  const Index padded = std::min<Index>(tile_room, fold * tile.columns + 16);
  for (Index output = 0; output < Outputs; ++output) std::fill_n(sums + output * tile_room, padded, 0.0);
  if (fold == 1 || rows < fold) return kernel(offset, rows, tile.columns, C, sums);
  const Index folded = rows / fold;
  kernel(offset, folded, fold * C, fold * C, sums);
  if (rows > folded * fold) kernel(offset + folded * fold * C, rows - folded * fold, C, C, sums);
  for (Index output = 0; output < Outputs; ++output) {
    double* const sum = sums + output * tile_room;
    for (Index i = C; i < fold * C; ++i) sum[i % C] += sum[i];
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
