#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "epilogue.hpp"
#include "transpose.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// The extents of a batch of matrix products, c[i] = op(a[i]) op(b[i]): op(a) [rows, inner], op(b) [inner, columns],
/// c [rows, columns]. A transposed operand is stored with its two axes swapped.
struct MatmulShape {
  Index batch = 1;
  Index rows = 0;
  Index columns = 0;
  Index inner = 0;
  Transpose a = Transpose::no;
  Transpose b = Transpose::no;
  Index a_step = 0;  ///< elements from one matrix of the batch to the next; 0: the same one for all
  Index b_step = 0;
};

namespace detail {

template <class T>
T finished(T sum, const T& old, Index column, const Epilogue<T>& epilogue) {
  T value = epilogue.scale * sum;
  if (epilogue.accumulate) value += old;
  if (epilogue.bias) value += epilogue.bias[column];
  if (epilogue.activation == Activation::relu && value < T(0)) value = T(0);
  if (epilogue.activation == Activation::leaky_relu && value < T(0)) value *= epilogue.slope;
  return value;
}

}  // namespace detail

/// Batched matrix product of contiguous row-major matrices. c: [batch, rows, columns]. An inner extent of zero gives
/// zeros (then bias and activation); empty outputs are left alone.
template <class T>
void matmul(const T* a, const T* b, T* c, const MatmulShape& shape, const Epilogue<T>& epilogue = {}) {
  const Index a_row = shape.a == Transpose::no ? shape.inner : 1, a_inner = shape.a == Transpose::no ? 1 : shape.rows;
  const Index b_inner = shape.b == Transpose::no ? shape.columns : 1,
              b_column = shape.b == Transpose::no ? 1 : shape.inner;
  if (shape.columns == 0 || shape.rows == 0) return;
  parallel_for(shape.batch * shape.rows, [&](Index item) {
    const Index entry = item / shape.rows, row = item % shape.rows;
    T sums[64];
    for (Index first = 0; first < shape.columns; first += 64) {
      const Index count = std::min<Index>(64, shape.columns - first);
      std::fill_n(sums, count, T(0));
      for (Index k = 0; k < shape.inner; ++k) {
        const T value = a[entry * shape.a_step + row * a_row + k * a_inner];
        const T* const from = b + entry * shape.b_step + k * b_inner + first * b_column;
        for (Index j = 0; j < count; ++j) sums[j] += value * from[j * b_column];
      }
      T* const to = c + item * shape.columns + first;
      for (Index j = 0; j < count; ++j) to[j] = detail::finished(sums[j], to[j], first + j, epilogue);
    }
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels
