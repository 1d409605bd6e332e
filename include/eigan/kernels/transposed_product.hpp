#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "epilogue.hpp"
#include "matmul_shape.hpp"
#include "packed_panels.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "simd/engine.hpp"
#include "sweep.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Whether a product is better computed transposed, cᵀ = b aᵀ where b is stored as its rows: then the small aᵀ is
/// packed instead of the large b (a linear layer's weights), which is read once, in place.
template <class T>
bool is_better_transposed(const MatmulShape& s, const Epilogue<T>& epilogue, const Engine<T>& engine) {
  return s.batch == 1 && s.a == Transpose::no && s.b == Transpose::yes && !epilogue.accumulate &&
         2 * s.rows >= engine.lanes && 3 * s.rows * (s.inner + s.columns) <= 2 * s.columns * s.inner;
}

/// Such a product. Each element is the same sum as in the other order, to the bit.
template <class T>
void transposed_product(const T* a, const T* b, T* c, const MatmulShape& s, const Epilogue<T>& epilogue,
                        const Engine<T>& engine) {
  Scratch shared;
  const Panels<T> panels(s.rows, engine);
  const Chunks<T> chunks(s.inner);
  const Index width = panels.vectors * engine.lanes;
  const PackedPanels<T> packed({a, 1, s.inner}, chunks, panels, engine, shared);
  Index* const offsets = shared.take<Index>(chunks.largest());
  for (Index k = 0; k < chunks.largest(); ++k) offsets[k] = k;
  // Blocks of whole vectors of c's columns, of some microseconds each.
  const double work = 2.0 * static_cast<double>(s.rows * s.columns) * static_cast<double>(s.inner);
  const Index units = ceil_divide(s.columns, engine.lanes), least = ceil_divide(s.columns, 192);
  const Index blocks = std::clamp<Index>(static_cast<Index>(work / 2e6), least,
                                         std::max(least, std::min<Index>(64, ceil_divide(units, 2))));
  parallel_for(blocks, [&](Index block) {
    Scratch scratch;
    const Index first = split_point(units, blocks, block) * engine.lanes;
    const Index count = std::min(s.columns, split_point(units, blocks, block + 1) * engine.lanes) - first;
    T* const result = scratch.take<T>(count * width);
    Index* const b_rows = scratch.take<Index>(count);
    Index* const result_rows = scratch.take<Index>(count);
    for (Index i = 0; i < count; ++i) {
      b_rows[i] = i * s.inner;
      result_rows[i] = i * width;
    }
    Sweep<T> sweep{.a_rows = b_rows, .c_rows = result_rows, .rows = count, .offsets = offsets, .in_fours = true};
    for (Index chunk = 0; chunk < chunks.count; ++chunk) {
      const bool last = chunk == chunks.count - 1;
      sweep.a = b + first * s.inner + chunks.first(chunk);
      sweep.inner = chunks.size(chunk);
      sweep.epilogue = part_of(epilogue, chunk == 0, last, 0);
      sweep.row_bias = sweep.epilogue.bias ? sweep.epilogue.bias + first : nullptr;
      sweep.epilogue.bias = nullptr;
      for (Index panel = 0; panel < panels.count; ++panel) {
        sweep.c = result + panels.first(panel);
        sweep.columns = panels.width(panel);
        sweep.b = packed.panel(chunk, panel);
        sweep.b_step = panels.width(panel);
        engine.sweep(sweep);
      }
    }
    engine.transpose(result, width, c + first, s.columns, count, s.rows);
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
