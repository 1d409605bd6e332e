// The innermost kernel of depthwise convolutions, where no sum runs over channels: lane by lane,
//
//   c[i][j] = epilogue( sum over k < inner of a[i][offsets[k] + j] * b[k * b_step + j] ),   i < rows, j < columns
//
// Forward and input adjoint: rows are pixels, k runs over taps. Weight adjoint: rows are taps, k runs over pixels. Two
// loads for each multiply-add bound it; blocks of two rows by up to four vectors share the loads of b and cover the
// latency.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <int Rows, int Vectors, class T>
[[gnu::noinline]] void channels_tile(const Sweep<T>& s, Index first, Index column) {
  constexpr Index width = lanes<T>;
  Vec<T> sums[Rows][Vectors]{};
  const T* a[Rows];
  for (int i = 0; i < Rows; ++i) a[i] = s.a + s.a_rows[first + i] + column;
  const T* b = s.b + column;
  for (Index k = 0; k < s.inner; ++k, b += s.b_step) {
    const Index at = s.offsets[k];
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) {
      const Vec<T> weight = load_once<T>(b + v * width);
#pragma GCC unroll 2
      for (int i = 0; i < Rows; ++i) multiply_add<T>(sums[i][v], load<T>(a[i] + at + v * width), weight);
    }
  }
  Epilogue<T> epilogue = s.epilogue;
  if (epilogue.bias) epilogue.bias += column;
  finish<Rows, Vectors, T>(epilogue, sums, s.c + column, s.c_rows + first, nullptr, 0);
}

/// The columns that do not fill a vector.
template <class T>
[[gnu::noinline]] void channels_rest(const Sweep<T>& s, Index column) {
  const auto count = s.columns - column;
  Epilogue<T> epilogue = s.epilogue;
  if (epilogue.bias) epilogue.bias += column;
  for (Index row = 0; row < s.rows; ++row) {
    Vec<T> sums[1][1]{};
    for (Index k = 0; k < s.inner; ++k)
      multiply_add<T>(sums[0][0], load_part<T>(s.a + s.a_rows[row] + s.offsets[k] + column, count),
                      load_part<T>(s.b + k * s.b_step + column, count));
    finish<1, 1, T>(epilogue, sums, s.c + column, s.c_rows + row, nullptr, count);
  }
}

/// Any number of rows and columns; b and c may be read and written up to the last column only.
template <class T>
void sweep_channels(const Sweep<T>& s) {
  constexpr Index width = lanes<T>;
  Index column = 0;
  for (; column + 4 * width <= s.columns; column += 4 * width) {
    Index row = 0;
    for (; row + 2 <= s.rows; row += 2) channels_tile<2, 4, T>(s, row, column);
    if (row < s.rows) channels_tile<1, 4, T>(s, row, column);
  }
  for (; column + width <= s.columns; column += width) {
    Index row = 0;
    for (; row + 2 <= s.rows; row += 2) channels_tile<2, 1, T>(s, row, column);
    if (row < s.rows) channels_tile<1, 1, T>(s, row, column);
  }
  if (column < s.columns) channels_rest(s, column);
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
