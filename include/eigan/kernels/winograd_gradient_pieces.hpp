#pragma once

#include <algorithm>

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// How the weight gradient at the points is cut into pieces, by size alone: `parts` of the tiles, each summed into a
/// copy of its own, times groups of rows (channels seen) and of columns (channels made).
struct WinogradGradientPieces {
  Index parts = 1, row_groups = 1, column_groups = 1;

  /// [inner, columns] sums at each of `squares` points, over `tiles` tiles.
  WinogradGradientPieces(Index squares, Index tiles, Index inner, Index columns) {
    // A copy more is worth its memory while it takes less than to transform the operands anew for a group more.
    const Index size = squares * inner * columns;
    while (parts < wanted && 2 * parts * size <= most_copied &&
           tiles * (inner + columns) >= 3 * parts * inner * columns)
      parts *= 2;
    while (parts * row_groups * column_groups < wanted) {
      const Index rows = inner / row_groups, width = columns / column_groups;
      if (std::max(rows, width) < 128) break;
      (rows >= width ? row_groups : column_groups) *= 2;
    }
  }

 private:
  static constexpr Index wanted = 8;
  static constexpr Index most_copied = Index{1} << 23;  // elements of all copies together
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
