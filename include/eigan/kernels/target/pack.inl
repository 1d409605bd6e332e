// Panels: the columns of b that one sweep multiplies, copied to where they stand dense and aligned.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// `inner` rows of `Vectors` whole vectors each. Rows often lie a page apart, where the processor does not look ahead
/// and where more than some ten lines would push each other out of the nearest cache.
template <int Vectors, class T>
void pack_rows(const T* b, Index step, Index inner, T* panel) {
  for (Index k = 0; k < inner; ++k, b += step, panel += Vectors * lanes<T>) {
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) {
      __builtin_prefetch(b + 8 * step + v * lanes<T>);
      store<T>(panel + v * lanes<T>, load<T>(b + v * lanes<T>));
    }
  }
}

/// panel[k * width + j] = b[k * row_step + j * column_step] for k < inner, j < columns, and 0 for columns <= j < width.
/// One of the two steps is 1: b is stored as it is used, or transposed. `width` is a multiple of the vector width.
template <class T>
void pack(const T* b, Index row_step, Index column_step, Index inner, Index columns, T* panel, Index width) {
  if (column_step != 1) {
    if (columns < width)
      for (Index k = 0; k < inner; ++k)
        for (Index j = columns; j < width; ++j) panel[k * width + j] = T(0);
    transpose<T>(b, column_step, panel, width, columns, inner);
    return;
  }
  if (columns == width) {
    if (width == 4 * lanes<T>) return pack_rows<4>(b, row_step, inner, panel);
    if (width == 3 * lanes<T>) return pack_rows<3>(b, row_step, inner, panel);
    if (width == 2 * lanes<T>) return pack_rows<2>(b, row_step, inner, panel);
    if (width == lanes<T>) return pack_rows<1>(b, row_step, inner, panel);
  }
  const Index whole = columns / lanes<T> * lanes<T>, rest = columns - whole;
  for (Index k = 0; k < inner; ++k, b += row_step, panel += width) {
    Index j = 0;
    for (; j < whole; j += lanes<T>) store<T>(panel + j, load<T>(b + j));
    if (rest > 0) {
      store<T>(panel + j, load_part<T>(b + j, rest));
      j += lanes<T>;
    }
    for (; j < width; j += lanes<T>) store<T>(panel + j, Vec<T>{});
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
