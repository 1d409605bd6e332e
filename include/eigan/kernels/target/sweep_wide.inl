// A row times a matrix. It reads each number of b once, as fast as memory gives it: a register tile of one row would
// visit b in narrow pieces, a row of it apart.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// The vectors whose sums half of the registers hold.
inline constexpr int wide_vectors = 4 * tile_vectors;

/// `Vectors` vectors of the row, from `column` on, the last one whole or not.
template <int Vectors, class T>
[[gnu::always_inline]] inline void wide_tile(const Sweep<T>& s, Index column) {
  constexpr Index width = lanes<T>;
  Vec<T> sums[1][Vectors]{};
  const T* b = s.b + column;
#pragma GCC unroll 4
  for (Index k = 0; k < s.inner; ++k, b += s.b_step) {
    const Vec<T> value = broadcast<T>(s.a[k]);
#pragma GCC unroll 16
    for (int v = 0; v < Vectors; ++v) multiply_add<T>(sums[0][v], value, load<T>(b + v * width));
  }
  Epilogue<T> epilogue = s.epilogue;
  if (epilogue.bias) epilogue.bias += column;
  const Index rest = s.columns - column < Vectors * width ? s.columns % width : 0, first = 0;
  finish<1, Vectors, T>(epilogue, sums, s.c + column, &first, nullptr, rest);
}

/// One row of a sweep, a[k] b[k * b_step + j], for any number of columns; a_rows, c_rows and offsets are not used.
template <class T>
void sweep_wide(const Sweep<T>& s) {
  constexpr Index width = lanes<T>;
  Index column = 0;
  for (; column + wide_vectors * width <= s.columns; column += wide_vectors * width)
    wide_tile<wide_vectors, T>(s, column);
  for (; column + 4 * width <= s.columns; column += 4 * width) wide_tile<4, T>(s, column);
  for (; column < s.columns; column += width) wide_tile<1, T>(s, column);
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
