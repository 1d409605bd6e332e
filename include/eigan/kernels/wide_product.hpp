#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "epilogue.hpp"
#include "matmul_shape.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "simd/engine.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Whether a product is a row times a matrix, which it reads once, in place.
template <class T>
bool is_wide(const MatmulShape& s, const Engine<T>& engine) {
  return s.a == Transpose::no && s.b == Transpose::no && s.rows == 1 && s.inner > 1 && s.columns >= engine.panel;
}

/// Such products. The columns are cut into pieces.
template <class T>
void wide_products(const T* a, const T* b, T* c, const MatmulShape& s, const Epilogue<T>& epilogue,
                   const Engine<T>& engine) {
  const Chunks<T> chunks(s.inner);
  const double work = 2.0 * static_cast<double>(s.columns) * static_cast<double>(s.inner);
  const Index unit = 4 * engine.panel, units = ceil_divide(s.columns, unit);  // what the kernel takes at once
  const Index blocks = std::clamp<Index>(static_cast<Index>(work / 4e5), 1, std::min<Index>(32, units));
  const Index entries = std::max<Index>(1, static_cast<Index>(2e5 / std::max(1.0, work)));
  parallel_for(ceil_divide(s.batch, entries) * blocks, [&](Index piece) {
    Scratch scratch;
    T* const rest = scratch.take<T>(engine.lanes * chunks.largest());
    const Index block = piece % blocks, begin = piece / blocks * entries, end = std::min(s.batch, begin + entries);
    const Index first = split_point(units, blocks, block) * unit;
    const Index last = std::min(s.columns, split_point(units, blocks, block + 1) * unit);
    const Index whole = last / engine.lanes * engine.lanes;
    Sweep<T> sweep{.rows = 1, .epilogue = epilogue};
    for (Index entry = begin; entry < end; ++entry)
      for (Index chunk = 0; chunk < chunks.count; ++chunk) {
        const T* const chunk_of_b = b + entry * s.b_step + chunks.first(chunk) * s.columns;
        const auto part = [&](Index from, Index to) {
          sweep.c = c + entry * s.columns + from;
          sweep.columns = to - from;
          take_part(sweep.epilogue, epilogue, chunk == 0, chunk == chunks.count - 1, from);
          engine.sweep_wide(sweep);
        };
        sweep.a = a + entry * s.a_step + chunks.first(chunk);
        sweep.inner = chunks.size(chunk);
        sweep.b = chunk_of_b + first;
        sweep.b_step = s.columns;
        part(first, whole);
        if (whole == last) continue;
        engine.pack(chunk_of_b + whole, s.columns, 1, sweep.inner, last - whole, rest, engine.lanes);
        sweep.b = rest;  // b may end with its last column
        sweep.b_step = engine.lanes;
        part(whole, last);
      }
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
