#pragma once

#include "../core/config.hpp"
#include "blocked_product.hpp"
#include "epilogue.hpp"
#include "matmul_shape.hpp"
#include "narrow_product.hpp"
#include "simd/engine.hpp"
#include "transposed_product.hpp"
#include "wide_product.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

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
  const MatmulShape s = detail::simplified(shape);
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
  detail::blocked_product(a, b, c, s, epilogue, engine);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
