#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// About this many elements are worth a thread of their own; less is done at once.
inline constexpr Index grain = Index{1} << 15;

/// How many of `count` items, each of `cost` elements, make one piece of work. Depends on the sizes alone, so that the
/// pieces are the same at any number of threads.
inline Index items_per_piece(Index count, Index cost) {
  const Index full = std::max<Index>(1, grain / std::max<Index>(1, cost));
  const Index pieces = std::max<Index>(1, (count + full / 2) / full);
  return (count + pieces - 1) / pieces;
}

/// Calls body(first, last) for the pieces of [0, count), in parallel where there are several.
template <class Body>
void for_pieces(Index count, Index cost, const Body& body) {
  if (count <= 0) return;
  const Index step = items_per_piece(count, cost);
  parallel_for((count + step - 1) / step,
               [&](Index piece) { body(piece * step, std::min(count, (piece + 1) * step)); });
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
