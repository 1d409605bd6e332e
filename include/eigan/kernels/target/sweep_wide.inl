// A row times a matrix. It reads each number of b once, as fast as memory gives it: a register tile of one row would
// visit b in narrow pieces, a row of it apart.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// The vectors whose sums half of the registers hold. finish() unrolls as many, or they would pass through memory.
inline constexpr int wide_vectors = 4 * tile_vectors;

/// The next `Vectors` vectors of a row, the last one whole or not; leaves in `s` what is behind them.
template <int Vectors, class T>
[[gnu::always_inline]] inline void take_wide_tile(Sweep<T>& s) {
  constexpr Index width = lanes<T>;
  Vec<T> sums[1][Vectors];
#pragma GCC unroll 16
  for (int v = 0; v < Vectors; ++v) sums[0][v] = Vec<T>{};
  const T* b = s.b;
#pragma GCC unroll 4
  for (Index k = 0; k < s.inner; ++k, b += s.b_step) {
    const Vec<T> value = broadcast<T>(s.a[k]);
#pragma GCC unroll 16
    for (int v = 0; v < Vectors; ++v) multiply_add<T>(sums[0][v], value, load<T>(b + v * width));
  }
  const Index rest = s.columns < Vectors * width ? s.columns % width : 0, place = 0;
  finish<1, Vectors, T>(s.epilogue, sums, s.c, &place, nullptr, rest);
  s.b += Vectors * width;
  s.c += Vectors * width;
  s.columns -= Vectors * width;
  if (s.epilogue.bias) s.epilogue.bias += Vectors * width;
}

/// One row of a sweep, a[k] b[k * b_step + j], for any number of columns; a_rows, c_rows and offsets are not used.
template <class T>
void sweep_wide(const Sweep<T>& whole) {
  constexpr Index width = lanes<T>;
  Sweep<T> s = whole;
  while (s.columns >= wide_vectors * width) take_wide_tile<wide_vectors, T>(s);
  while (s.columns >= 4 * width) take_wide_tile<4, T>(s);
  while (s.columns > 0) take_wide_tile<1, T>(s);
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
