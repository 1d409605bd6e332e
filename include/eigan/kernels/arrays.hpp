#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "split.hpp"

// One parallel pass over many arrays of any sizes: as if they stood one after the other, cut into pieces of one size.

namespace eigan::inline EIGAN_ABI::kernels::detail {

template <class SizeOf>
Index total_size(Index arrays, const SizeOf& size_of) {
  Index total = 0;
  for (Index array = 0; array < arrays; ++array) total += size_of(array);
  return total;
}

/// How many pieces for_array_pieces() makes of arrays of `total` elements.
inline Index array_pieces(Index total) {
  if (total == 0) return 0;
  const Index step = items_per_piece(total, 1);
  return (total + step - 1) / step;
}

/// Calls body(piece, array, first, last) for each part [first, last) of an array that lies in a piece; those of one
/// piece in order and on one thread.
template <class SizeOf, class Body>
void for_array_pieces(Index arrays, const SizeOf& size_of, const Body& body) {
  const Index total = total_size(arrays, size_of), step = items_per_piece(total, 1);
  for_pieces(total, 1, [&](Index begin, Index end) {
    Index array = 0, start = 0;  // where the array starts among all
    while (start + size_of(array) <= begin) start += size_of(array++);
    for (; start < end; start += size_of(array++)) {
      const Index first = std::max(begin, start), last = std::min(end, start + size_of(array));
      if (first < last) body(begin / step, array, first - start, last - start);
    }
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
