// A sweep in register tiles: rows in tiles of nearly even height, columns in one panel of up to tile_vectors vectors.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// Runs tiles<rows, vectors> for numbers known only now.
template <int Rows, int Vectors, class T>
[[gnu::always_inline]] inline void tiles_of(Index rows, const Sweep<T>& s, Index first, Index count, Index left) {
  if (rows < Rows) {
    if constexpr (Rows > 1) tiles_of<Rows - 1, Vectors, T>(rows, s, first, count, left);
  } else {
    tiles<Rows, Vectors, false, T>(s, first, count, left);
  }
}

/// Rows [first, s.rows) in tiles whose heights differ by one at most: a last tile of one row would leave the
/// multiply-add units waiting for each other's results.
template <int Vectors, class T>
[[gnu::always_inline]] inline void sweep_tiles(const Sweep<T>& s, Index first) {
  constexpr Index most = tile_rows(Vectors);
  const Index rows = s.rows - first, number = (rows + most - 1) / most;
  const Index height = number ? rows / number : 0, taller = number ? rows % number : 0;
  if (taller > 0) tiles_of<most, Vectors, T>(height + 1, s, first, taller, number);
  if (height > 0) tiles_of<most, Vectors, T>(height, s, first + taller * (height + 1), number - taller, number - taller);
}

/// The rows of a column times a row: the latter stays in registers, where tiles would load it for every few rows.
template <int Vectors, class T>
[[gnu::noinline]] void sweep_outer(const Sweep<T>& s) {
  Vec<T> columns[Vectors];
#pragma GCC unroll 4
  for (int v = 0; v < Vectors; ++v) columns[v] = load<T>(s.b + v * lanes<T>);
  const Sweep<T> own = s;  // no store can change it
  const T* const a = own.a + own.offsets[0];
  const bool as_is = is_plain(own.epilogue) && !own.row_bias && own.columns == Vectors * lanes<T>;
  for (Index i = 0; i < own.rows; ++i) {
    const Vec<T> value = broadcast<T>(a[own.a_rows[i]]);
    T* const to = own.c + own.c_rows[i];
    Vec<T> sums[Vectors];
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) {
      sums[v] = Vec<T>{};
      multiply_add<T>(sums[v], value, columns[v]);
      if (as_is) store<T>(to + v * lanes<T>, sums[v]);
    }
    if (as_is) continue;
    Vec<T> copy[Vectors];  // or all sums would pass through memory
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) copy[v] = sums[v];
    finish_any<T>(s.epilogue, copy, 1, Vectors, s.c, s.c_rows + i, s.row_bias ? s.row_bias + i : nullptr,
                  s.columns % lanes<T>);
  }
}

/// The rows that high tiles compute, from the first on: as many as they fit, where they pay.
template <class T>
[[gnu::always_inline]] inline Index sweep_high(const Sweep<T>& s) {
  if constexpr (takes_from_memory) {
    if (s.a_row_step != 1 && s.a_row_step != lanes<T>) return 0;
    const Index rest = s.rows % high_tile_rows;
    const Index count = s.rows / high_tile_rows - (rest > 0 && rest < tile_height);  // few rows would wait for sums
    if (count <= 0) return 0;
    if (s.a_row_step == 1)
      high_tiles<1>(s, count);
    else
      high_tiles<lanes<T>>(s, count);
    return count * high_tile_rows;
  } else {
    return 0;
  }
}

/// Rows whose columns are `Vectors` vectors. Where enough tiles read b, the first one copies it.
template <int Vectors, class T>
[[gnu::always_inline]] inline void sweep_rows(const Sweep<T>& s) {
  if (s.inner == 1) return sweep_outer<Vectors>(s);
  if constexpr (Vectors == 1) return sweep_tiles<1>(s, sweep_high(s));
  constexpr Index most = tile_rows(Vectors);
  if (!s.b_copy || s.rows < 3 * most) return sweep_tiles<Vectors>(s, 0);
  tiles<most, Vectors, true, T>(s, 0, 1, 1);
  Sweep<T> others = s;
  others.b = s.b_copy;
  others.b_step = Vectors * lanes<T>;
  sweep_tiles<Vectors>(others, most);
}

/// Any number of rows, up to tile_vectors vectors of columns, the last one whole or not.
template <class T>
void sweep(const Sweep<T>& s) {
  const Index vectors = (s.columns + lanes<T> - 1) / lanes<T>;
  if (vectors == 1) sweep_rows<1, T>(s);
  if (vectors == 2) sweep_rows<2, T>(s);
  if constexpr (tile_vectors > 2) {
    if (vectors == 3) sweep_rows<3, T>(s);
    if (vectors == 4) sweep_rows<4, T>(s);
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
