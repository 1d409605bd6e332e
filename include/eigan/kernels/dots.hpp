#pragma once

#include "../core/config.hpp"
#include "epilogue.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// Products whose operands both run along the inner axis, and of which one has few rows:
///
///   c[i * c_row + j * c_column] = epilogue( sum over k < inner of a[i * a_row
///   + k] * b[j * b_row + k] )
///
/// The bias of element (i, j) is bias[i * bias_row + j * bias_column].
template <class T>
struct Dots {
  const T* a = nullptr;
  Index a_row = 0;
  const T* b = nullptr;
  Index b_row = 0;
  T* c = nullptr;
  Index c_row = 0, c_column = 0;
  Index rows = 0, columns = 0, inner = 0;
  Epilogue<T> epilogue = {};
  Index bias_row = 0, bias_column = 0;
};

}  // namespace eigan::inline EIGAN_ABI::kernels
