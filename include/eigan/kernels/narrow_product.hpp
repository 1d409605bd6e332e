#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "matmul_shape.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "simd/engine.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Whether a product is better summed along the vectors, as dot products: its columns would leave most of a vector
/// empty. Says the same for any number of rows.
template <class T>
bool has_narrow_columns(const MatmulShape& s, const Engine<T>& engine) {
  return s.a == Transpose::no && 2 * s.columns <= engine.lanes && s.inner >= 2 * engine.lanes;
}

/// Whether so few rows meet a transposed b that transposing it would cost more than the product.
template <class T>
bool has_few_rows(const MatmulShape& s, const Engine<T>& engine) {
  return s.a == Transpose::no && s.b == Transpose::yes && s.rows <= 3 && s.inner >= 2 * engine.lanes;
}

/// Products for which one of the two above holds. The longer of the two sides is cut into pieces.
template <class T>
void narrow_products(const T* a, const T* b, T* c, const MatmulShape& s, const Epilogue<T>& epilogue,
                     const Engine<T>& engine) {
  const bool along_rows = has_narrow_columns(s, engine);  // else along the columns
  const Index length = along_rows ? s.rows : s.columns;
  const double work = 2.0 * static_cast<double>(s.rows * s.columns) * static_cast<double>(s.inner);
  const Index blocks =
      std::clamp<Index>(static_cast<Index>(work / 2e5), 1, std::min<Index>(64, ceil_divide(length, 8)));
  const Index entries = std::max<Index>(1, static_cast<Index>(2e5 / std::max(1.0, work)));
  parallel_for(ceil_divide(s.batch, entries) * blocks, [&](Index piece) {
    Scratch scratch;
    const bool copies = s.b == Transpose::no && s.columns > 1;
    T* const columns =
        copies ? scratch.take<T>(ceil_divide(s.inner, engine.lanes) * engine.lanes * s.columns) : nullptr;
    const Index first = split_point(length, blocks, piece % blocks),
                last = split_point(length, blocks, piece % blocks + 1);
    const Index begin = piece / blocks * entries, end = std::min(s.batch, begin + entries);
    for (Index entry = begin; entry < end; ++entry) {
      Dots<T> dots{.a = a + entry * s.a_step,
                   .a_row = s.inner,
                   .b = b + entry * s.b_step,
                   .b_row = s.inner,
                   .c = c + entry * s.rows * s.columns,
                   .c_row = s.columns,
                   .c_column = 1,
                   .rows = s.rows,
                   .columns = s.columns,
                   .inner = s.inner,
                   .epilogue = epilogue,
                   .bias_row = 0,
                   .bias_column = 1};
      if (copies) {
        engine.pack(dots.b, 1, s.columns, s.columns, s.inner, columns,
                    ceil_divide(s.inner, engine.lanes) * engine.lanes);
        dots.b = columns;
        dots.b_row = ceil_divide(s.inner, engine.lanes) * engine.lanes;
      }
      if (!along_rows) {
        std::swap(dots.a, dots.b);
        std::swap(dots.a_row, dots.b_row);
        std::swap(dots.c_row, dots.c_column);
        std::swap(dots.rows, dots.columns);
        std::swap(dots.bias_row, dots.bias_column);
      }
      dots.a += first * dots.a_row;
      dots.c += first * dots.c_row;
      if (epilogue.bias) dots.epilogue.bias += first * dots.bias_row;
      dots.rows = last - first;
      engine.dots(dots);
    }
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
