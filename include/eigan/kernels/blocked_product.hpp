#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "epilogue.hpp"
#include "matmul_shape.hpp"
#include "matrix_product.hpp"
#include "packed_panels.hpp"
#include "panels.hpp"
#include "row_order.hpp"
#include "scratch.hpp"
#include "simd/engine.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// How a batch of products is cut into pieces of work: by its shape alone.
struct MatmulPieces {
  Index entries = 1;     ///< matrices that one piece computes
  Index row_blocks = 1;  ///< pieces that share a matrix
  Index column_blocks = 1;

  /// Pieces of some microseconds, enough of them to keep several threads busy. Each row block packs its panels of b
  /// anew and each column block reads its rows of a anew, so the blocks are as square as the register tiles let them
  /// be.
  template <class T>
  MatmulPieces(const MatmulShape& s, const Panels<T>& panels, const Engine<T>& engine) {
    const double rows = static_cast<double>(s.rows), columns = static_cast<double>(s.columns);
    const double work = 2.0 * static_cast<double>(s.batch) * rows * columns * static_cast<double>(s.inner);
    const auto wanted = static_cast<Index>(std::clamp(work / 7e5, 1.0, 32.0));
    const double share = static_cast<double>(wanted) / static_cast<double>(s.batch);  // of one matrix
    // A second cache of half a MiB holds 128 rows that lie a page apart, and so share few of its sets.
    const Index least = ceil_divide(s.rows, is_narrow(engine) ? 128 : 192), most = std::max(least, s.rows / 48);
    row_blocks = std::clamp(static_cast<Index>(std::sqrt(share * rows / columns) + 0.5), least, most);
    // Each column block of a large a that is stored transposed would fetch, or copy, its rows from far away once more.
    const bool keeps_rows = s.a == Transpose::yes && s.inner > 256 && (panels.count <= 2 || is_crowded(s.rows, engine));
    if (keeps_rows) row_blocks = std::clamp(wanted / 3, least, most);
    column_blocks =
        keeps_rows && row_blocks >= 6
            ? 1
            : std::clamp<Index>((wanted + s.batch * row_blocks / 2) / (s.batch * row_blocks), 1, panels.count);
    if (s.batch * row_blocks * column_blocks < wanted)
      row_blocks = std::clamp(ceil_divide(wanted, s.batch * column_blocks), row_blocks, most);
    if (row_blocks * column_blocks == 1) entries = ceil_divide(s.batch, wanted);
  }
};

/// Whether all of b is packed ahead: where several row blocks would each pack the same, or copy it, behind too few
/// multiply-adds to hide that.
template <class T>
bool is_packed_ahead(const MatmulShape& s, Index row_blocks, const Engine<T>& engine) {
  if (s.batch > 1) return false;
  if (s.b == Transpose::yes) return row_blocks > 1;
  const Index hiding = s.rows / row_blocks * engine.lanes;
  const bool far = s.inner * s.columns * static_cast<Index>(sizeof(T)) > 128 * 1024;
  return is_narrow(engine) && far ? row_blocks > 1 && hiding >= 300 : row_blocks > 2 && hiding >= 768;
}

/// Any product, in blocks of rows and of columns.
template <class T>
void blocked_product(const T* a, const T* b, T* c, MatmulShape s, const Epilogue<T>& epilogue,
                     const Engine<T>& engine) {
  Scratch shared;
  Index a_row = s.a == Transpose::no ? s.inner : 1, a_inner = s.a == Transpose::no ? 1 : s.rows;
  if (is_better_in_rows(s, engine)) {
    a_row = staggered<T>(s.inner);
    a_inner = 1;
    a = in_rows(a, s, a_row, engine, shared);
    s.a = Transpose::no;
  }
  const Panels<T> panels(s.columns, engine);
  const MatmulPieces pieces(s, panels, engine);
  const Index b_inner = s.b == Transpose::no ? s.columns : 1, b_column = s.b == Transpose::no ? 1 : s.inner;
  const Index blocks = pieces.row_blocks * pieces.column_blocks;
  const Index unit = s.batch * static_cast<Index>(sizeof(T));
  const bool far_a = unit * s.rows * s.inner > 256 * 1024, far_c = unit * s.rows * s.columns > 128 * 1024;
  const bool packs_ahead = is_packed_ahead(s, pieces.row_blocks, engine);
  // The inner steps [begin, begin + inner), with the part of the epilogue that is theirs.
  const auto compute = [&](Index begin, Index inner, const Epilogue<T>& part) {
    Scratch scratch;
    const MatrixView<T> all_a{a + begin * a_inner, a_row, a_inner}, all_b{b + begin * b_inner, b_inner, b_column};
    std::optional<PackedPanels<T>> packed;
    if (packs_ahead) packed.emplace(all_b, Chunks<T>(inner), panels, engine, scratch);
    parallel_for(ceil_divide(s.batch, pieces.entries) * blocks, [&](Index piece) {
      const Index block = piece % blocks, row_block = block / pieces.column_blocks,
                  column_block = block % pieces.column_blocks;
      const Index row = split_point(s.rows, pieces.row_blocks, row_block);
      const Index rows = split_point(s.rows, pieces.row_blocks, row_block + 1) - row;
      const Index first = split_point(panels.count, pieces.column_blocks, column_block);
      const Index last = split_point(panels.count, pieces.column_blocks, column_block + 1);
      MatrixProduct<T> product(engine, rows, s.columns, inner, a_row, a_inner, last - first, far_a, far_c);
      const Index entry = piece / blocks * pieces.entries, end = std::min(s.batch, entry + pieces.entries);
      for (Index i = entry; i < end; ++i)
        product.compute(all_a.from(i * s.a_step + row * a_row), all_b.from(i * s.b_step), packed ? &*packed : nullptr,
                        c + (i * s.rows + row) * s.columns, first, last, part);
    });
  };
  // A b of twice the size of a is packed a chunk at a time, and read before it has left the caches.
  if (!packs_ahead || !is_narrow(engine) || s.columns < 2 * s.rows) return compute(0, s.inner, epilogue);
  const Chunks<T> chunks(s.inner);
  for (Index chunk = 0; chunk < chunks.count; ++chunk)
    compute(chunks.first(chunk), chunks.size(chunk), part_of(epilogue, chunk == 0, chunk == chunks.count - 1, 0));
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
