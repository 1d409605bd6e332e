#pragma once

#include "../core/config.hpp"
#include "epilogue.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// One call of the innermost kernels: some rows of a product over one stretch of its inner axis.
///
///   c[c_rows[i] + j] = epilogue( sum over k < inner of a[a_rows[i] + offsets[k]] * b[k * b_step + j] )
///
/// Reading a at the sum of a row's place and an inner place is what lets one kernel serve matrices in either storage
/// order (offsets k or k * row length), convolutions (rows are pixels, offsets run over taps and channels) and their
/// weight gradients (rows are taps and channels, offsets run over pixels), all without copying patches anywhere.
template <class T>
struct Sweep {
  const T* a = nullptr;
  const Index* a_rows = nullptr;  ///< [rows]
  Index a_row_step = 0;           ///< from each of them to the next, where that is the same for all; or 0
  T* c = nullptr;
  const Index* c_rows = nullptr;  ///< [rows]
  Index rows = 0;
  const Index* offsets = nullptr;  ///< [inner]
  Index inner = 0;
  bool in_fours = false;  ///< the offsets are four that follow each other, then another four, and so on
  const T* b = nullptr;   ///< [inner, b_step], readable up to a multiple of the vector width
  Index b_step = 0;
  T* b_copy = nullptr;  ///< room for b as [inner, columns], to be read there by all but the first rows; or none
  Index columns = 0;
  const T* next = nullptr;  ///< the next sweep's b, if it is far away: this one's last rows ask for it
  Index next_step = 0;
  const T* row_bias = nullptr;  ///< [rows], one for each row, or none
  Epilogue<T> epilogue = {};    ///< its bias, if any, holds one for each column
  bool fetch_a = false;         ///< rows of a run along k and come from far away: ask for them some tiles ahead
  bool fetch_c = false;         ///< c is no wider than a line, and far away: ask for it a tile ahead of its sums
};

}  // namespace eigan::inline EIGAN_ABI::kernels
