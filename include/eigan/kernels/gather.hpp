#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>

#include "../core/reflected.hpp"
#include "../core/shape.hpp"
#include "strided_copy.hpp"

// Gathering along an axis by a table of positions, and its adjoint, which adds in the order of the table: the same bits
// at any number of threads. The caller checks that positions lie in [0, extent); negative ones stand for zeros.

namespace eigan::inline EIGAN_ABI::kernels {

/// y[a, i, c] = x[a, positions[i], c], 0 where the position is negative. x: [A, extent, C]; y: [A, positions.size(),
/// C].
template <class T>
void gather(const T* x, Index A, Index extent, Index C, std::span<const std::int64_t> positions, T* y) {
  const auto count = static_cast<Index>(positions.size());
  detail::for_pieces(A * count, C, [&](Index first, Index last) {
    for (Index row = first; row < last; ++row) {
      const auto position = static_cast<Index>(positions[static_cast<std::size_t>(row % count)]);
      if (position < 0)
        std::fill(y + row * C, y + (row + 1) * C, T(0));
      else
        detail::copy_run(x + (row / count * extent + position) * C, y + row * C, C);
    }
  });
}

/// The adjoint of gather: dx[a, positions[i], c] = the sum of dy[a, i, c] over all i. dy: [A, positions.size(), C];
/// dx: [A, extent, C], set as a whole.
template <class T>
void scatter_add(const T* dy, Index A, Index extent, Index C, std::span<const std::int64_t> positions, T* dx) {
  const auto count = static_cast<Index>(positions.size());
  // A piece is a range of one sample's rows; it reads the whole table and adds what falls into its range.
  const Index work = (count + extent) * C;
  const Index ranges = A > 1 ? 1 : std::clamp<Index>(work / detail::grain, 1, 16);
  detail::for_pieces(A * ranges, work / ranges, [&](Index first, Index last) {
    for (Index item = first; item < last; ++item) {
      const Index a = item / ranges;
      const Index begin = extent * (item % ranges) / ranges;
      const Index end = extent * (item % ranges + 1) / ranges;
      T* const to = dx + a * extent * C;
      std::fill(to + begin * C, to + end * C, T(0));
      for (Index i = 0; i < count; ++i) {
        const auto position = static_cast<Index>(positions[static_cast<std::size_t>(i)]);
        if (position < begin || position >= end) continue;
        const T* const from = dy + (a * count + i) * C;
        for (Index c = 0; c < C; ++c) to[position * C + c] += from[c];
      }
    }
  });
}

/// Rows of a table: y[i, :] = x[rows[i], :]. x: [extent, width]; y: [rows.size(), width].
template <class T>
void gather_rows(const T* x, Index extent, Index width, std::span<const std::int64_t> rows, T* y) {
  gather(x, 1, extent, width, rows, y);
}

/// The adjoint of gather_rows: dx[r, :] = the sum of dy[i, :] over all i with rows[i] = r. dx: [extent, width], set as
/// a whole.
template <class T>
void scatter_add_rows(const T* dy, Index extent, Index width, std::span<const std::int64_t> rows, T* dx) {
  scatter_add(dy, 1, extent, width, rows, dx);
}

/// What lies beyond an edge: the picture mirrored about its outermost pixel, that pixel repeated, or the far side's.
enum class Border { reflect, replicate, circular };

/// The table by which gather pads an axis of `extent` by `before` and `after` positions (each less than extent for
/// reflect, at most extent for circular; negative ones crop). positions: before + extent + after.
inline void border_positions(Index extent, Index before, Border border, std::span<std::int64_t> positions) {
  Index at = -before;
  for (std::int64_t& position : positions) {
    Index source = at++;
    if (border == Border::reflect)
      source = reflected(source, extent);
    else if (border == Border::replicate)
      source = std::clamp<Index>(source, 0, extent - 1);
    else
      source = source < 0 ? source + extent : source >= extent ? source - extent : source;
    position = source;
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels
