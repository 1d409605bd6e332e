#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "epilogue.hpp"
#include "matmul_shape.hpp"
#include "matrix_product.hpp"
#include "narrow_product.hpp"
#include "row_order.hpp"
#include "transposed_product.hpp"
#include "wide_product.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

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
    const Index least = ceil_divide(s.rows, 192), most = std::max(least, s.rows / 48);
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

/// The same products in the simplest form: the batch folded into the rows where all its matrices meet the same b, and
/// no transposition of what is a vector anyhow.
inline MatmulShape simplified(MatmulShape s) {
  if (s.inner == 1 || s.rows == 1) s.a = Transpose::no;
  if (s.inner == 1 || s.columns == 1) s.b = Transpose::no;
  if (s.batch > 1 && s.b_step == 0 && s.a == Transpose::no && s.a_step == s.rows * s.inner) {
    s.rows *= s.batch;
    s.batch = 1;
  }
  return s;
}

}  // namespace detail

/// Batched matrix product of contiguous row-major matrices. c: [batch, rows, columns]. An inner extent of zero gives
/// zeros (then bias and activation); empty results are left alone.
template <class T>
void matmul(const T* a, const T* b, T* c, const MatmulShape& shape, const Epilogue<T>& epilogue = {}) {
  if (shape.batch <= 0 || shape.rows <= 0 || shape.columns <= 0) return;
  MatmulShape s = detail::simplified(shape);
  if (s.a == Transpose::yes && s.columns == 1 && !epilogue.bias) {  // c = (bᵀ a)ᵀ, and both are vectors
    const MatmulShape swapped = {
        .batch = s.batch, .rows = 1, .columns = s.rows, .inner = s.inner, .a_step = s.b_step, .b_step = s.a_step};
    return matmul(b, a, c, swapped, epilogue);
  }
  const Engine<T>& engine = kernels::engine<T>();
  if (detail::has_narrow_columns(s, engine) || detail::has_few_rows(s, engine))
    return detail::narrow_products(a, b, c, s, epilogue, engine);
  if (detail::is_wide(s, engine)) return detail::wide_products(a, b, c, s, epilogue, engine);
  if (detail::is_better_transposed(s, epilogue, engine))
    return detail::transposed_product(a, b, c, s, epilogue, engine);
  Scratch scratch;
  Index a_row = s.a == Transpose::no ? s.inner : 1, a_inner = s.a == Transpose::no ? 1 : s.rows;
  if (detail::is_better_in_rows(s, engine)) {
    a_row = detail::staggered<T>(s.inner);
    a_inner = 1;
    a = detail::in_rows(a, s, a_row, engine, scratch);
    s.a = Transpose::no;
  }
  const detail::Panels<T> panels(s.columns, engine);
  const detail::MatmulPieces pieces(s, panels, engine);
  const Index b_inner = s.b == Transpose::no ? s.columns : 1, b_column = s.b == Transpose::no ? 1 : s.inner;
  const Index blocks = pieces.row_blocks * pieces.column_blocks;
  const bool far = s.batch * s.rows * s.inner * static_cast<Index>(sizeof(T)) > 256 * 1024;
  // Where several row blocks would each pack the same, or copy it, behind too few multiply-adds to hide that.
  std::optional<detail::PackedPanels<T>> packed;
  if (s.batch == 1 &&
      (s.b == Transpose::yes ? pieces.row_blocks > 1
                             : pieces.row_blocks > 2 && s.rows / pieces.row_blocks * engine.lanes >= 768))
    packed.emplace(detail::MatrixView<T>{b, b_inner, b_column}, detail::Chunks<T>(s.inner), panels, engine, scratch);
  parallel_for(detail::ceil_divide(s.batch, pieces.entries) * blocks, [&](Index piece) {
    const Index block = piece % blocks, row_block = block / pieces.column_blocks,
                column_block = block % pieces.column_blocks;
    const Index row = detail::split_point(s.rows, pieces.row_blocks, row_block);
    const Index rows = detail::split_point(s.rows, pieces.row_blocks, row_block + 1) - row;
    const Index first = detail::split_point(panels.count, pieces.column_blocks, column_block);
    const Index last = detail::split_point(panels.count, pieces.column_blocks, column_block + 1);
    detail::MatrixProduct<T> product(engine, rows, s.columns, s.inner, a_row, a_inner, last - first, far);
    const Index begin = piece / blocks * pieces.entries, end = std::min(s.batch, begin + pieces.entries);
    for (Index entry = begin; entry < end; ++entry)
      product.compute({a + entry * s.a_step + row * a_row, a_row, a_inner}, {b + entry * s.b_step, b_inner, b_column},
                      packed ? &*packed : nullptr, c + (entry * s.rows + row) * s.columns, first, last, epilogue);
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels
