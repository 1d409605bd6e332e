#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "simd/engine.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// `count` things in `parts` nearly even parts: where part `part` begins. Small products have one part of everything,
/// and would spend a third of their time on divisions.
inline Index split_point(Index count, Index parts, Index part) {
  return parts == 1 ? count * part : count * part / parts;
}

inline Index ceil_divide(Index a, Index b) { return (a + b - 1) / b; }

/// Whether a register tile is no wider than a cache line, as all but AVX-512's are: a line of a transposed operand then
/// serves few multiply-adds, and each instruction beside them shows.
template <class T>
bool is_narrow(const Engine<T>& engine) {
  return engine.panel * static_cast<Index>(sizeof(T)) <= 64;
}

/// At least `count` elements, in an odd number of cache lines: rows that far apart never share the same few sets of a
/// cache.
template <class T>
Index staggered(Index count) {
  constexpr Index line = 64 / static_cast<Index>(sizeof(T));
  return (ceil_divide(count, line) | 1) * line;
}

/// The most inner steps whose columns stay in the nearest cache while rows pass over them.
template <class T>
inline constexpr Index longest_chunk = 1536 / static_cast<Index>(sizeof(T));

/// The inner axis of a product in chunks, summed one after the other. They depend on its extent alone, so that an
/// element's bits do not depend on how many rows and columns there are beside it. All begin at a multiple of four.
template <class T>
struct Chunks {
  explicit Chunks(Index extent)
      : inner(extent),
        fours(ceil_divide(extent, 4)),
        count(std::max<Index>(1, ceil_divide(extent, longest_chunk<T>))) {}
  Index first(Index chunk) const { return std::min(inner, 4 * split_point(fours, count, chunk)); }
  Index size(Index chunk) const { return first(chunk + 1) - first(chunk); }
  Index largest() const { return std::min(inner, 4 * ceil_divide(fours, count)); }

  Index inner, fours, count;
};

/// The columns of a product in panels, each what one sweep takes: whole vectors, in numbers that differ by one at most.
template <class T>
struct Panels {
  explicit Panels(Index extent, const Engine<T>& engine)
      : columns(extent),
        lanes(engine.lanes),
        vectors(ceil_divide(extent, engine.lanes)),
        count(ceil_divide(vectors, engine.panel / engine.lanes)) {}
  /// The first column of a panel.
  Index first(Index panel) const { return split_point(vectors, count, panel) * lanes; }
  /// Its columns in whole vectors, and those of them that exist.
  Index width(Index panel) const { return first(panel + 1) - first(panel); }
  Index size(Index panel) const { return std::min(first(panel + 1), columns) - first(panel); }

  Index columns, lanes, vectors, count;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
