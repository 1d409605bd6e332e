#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "matmul_shape.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "simd/engine.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Whether an a that is stored transposed is better copied into rows first, where each line that a narrow tile fetches
/// serves several of its inner steps: if enough columns read it, and no more lines than the caches hold.
template <class T>
bool is_better_in_rows(const MatmulShape& s, const Engine<T>& engine) {
  constexpr Index line = 64 / static_cast<Index>(sizeof(T));
  return is_narrow(engine) && s.batch == 1 && s.a == Transpose::yes && s.inner >= line && s.inner <= longest_chunk<T> &&
         s.rows >= 2 * line && s.columns >= 16 * line;
}

/// Such an a as rows, `step` apart.
template <class T>
const T* in_rows(const T* a, const MatmulShape& s, Index step, const Engine<T>& engine, Scratch& scratch) {
  constexpr Index height = 32, band = 8;  // whose lines stay in the nearest cache until they are whole
  T* const rows = scratch.take<T>(s.rows * step);
  parallel_for(ceil_divide(s.rows, height), [&](Index piece) {
    const Index first = piece * height, count = std::min(height, s.rows - first);
    for (Index k = 0; k < s.inner; k += band)
      engine.transpose(a + k * s.rows + first, s.rows, rows + first * step + k, step, std::min(band, s.inner - k),
                       count);
  });
  return rows;
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
