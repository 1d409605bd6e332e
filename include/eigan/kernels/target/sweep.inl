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

/// Rows whose columns are `Vectors` vectors. Where enough tiles read b, the first one copies it.
template <int Vectors, class T>
[[gnu::always_inline]] inline void sweep_rows(const Sweep<T>& s) {
  constexpr Index most = tile_rows(Vectors);
  if (Vectors == 1 || !s.b_copy || s.rows < 3 * most) return sweep_tiles<Vectors>(s, 0);
  if constexpr (Vectors > 1) tiles<most, Vectors, true, T>(s, 0, 1, 1);
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
