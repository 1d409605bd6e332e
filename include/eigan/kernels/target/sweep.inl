// A sweep in register tiles: rows in tiles of nearly even height, columns in one panel of up to tile_vectors vectors.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// Runs tile<rows, vectors> for numbers known only now.
template <int Rows, int Vectors, class T>
[[gnu::always_inline]] inline void tile_of(Index rows, const Sweep<T>& s, Index first) {
  if (rows < Rows) {
    if constexpr (Rows > 1) tile_of<Rows - 1, Vectors, T>(rows, s, first);
  } else {
    tile<Rows, Vectors, false, T>(s, first);
  }
}

/// The first tile of a sweep that copies b. Of several tiles it is never lower than half of the highest.
template <int Rows, int Vectors, class T>
[[gnu::always_inline]] inline void copying_tile_of(Index rows, const Sweep<T>& s) {
  if (rows < Rows) {
    if constexpr (Rows > tile_rows(Vectors) / 2 + 1) copying_tile_of<Rows - 1, Vectors, T>(rows, s);
  } else {
    tile<Rows, Vectors, true, T>(s, 0);
  }
}

/// Asks for rows [first, first + count) of a.
template <class T>
[[gnu::always_inline]] inline void fetch_rows(const Sweep<T>& s, Index first, Index count) {
  constexpr Index line = 64 / static_cast<Index>(sizeof(T));
  const Index end = first + count < s.rows ? first + count : s.rows;
  for (Index i = first; i < end; ++i)
    for (Index k = 0; k < s.inner; k += line) __builtin_prefetch(s.a + s.a_rows[i] + k);
}

/// Rows whose columns are `Vectors` vectors. Heights differ by one at most: a last tile of one row would leave
/// the multiply-add units waiting for each other's results.
template <int Vectors, class T>
[[gnu::always_inline]] inline void sweep_rows(Sweep<T> s) {
  constexpr Index most = tile_rows(Vectors);
  const Index tiles = (s.rows + most - 1) / most;
  const Index height = tiles ? s.rows / tiles : 0, taller = tiles ? s.rows % tiles : 0;
  Index i = 0, first = 0;
  if (s.b_copy && tiles > 1) {
    first = height + (taller > 0);
    copying_tile_of<most, Vectors, T>(first, s);
    s.b = s.b_copy;
    s.b_step = Vectors * lanes<T>;
    i = 1;
  }
  for (; i < tiles; ++i) {
    const Index rows = height + (i < taller);
    if (s.fetch_a) fetch_rows(s, first + 2 * most, most);
    tile_of<most, Vectors, T>(rows, s, first);
    first += rows;
  }
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
