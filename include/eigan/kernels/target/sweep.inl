// A sweep in register tiles: rows in tiles of nearly even height, columns in
// one panel of up to tile_vectors vectors.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// Runs tile<rows, vectors> for numbers known only now.
template <int Rows, int Vectors, class T>
[[gnu::always_inline]] inline void tile_of(Index rows, Index vectors, const Sweep<T>& s, Index first) {
  if (vectors < Vectors) {
    if constexpr (Vectors > 1) tile_of<Rows, Vectors - 1, T>(rows, vectors, s, first);
  } else if (rows < Rows) {
    if constexpr (Rows > 1) tile_of<Rows - 1, Vectors, T>(rows, vectors, s, first);
  } else {
    tile<Rows, Vectors, T>(s, first);
  }
}

/// Asks for rows [first, first + tile_rows) of a.
template <class T>
[[gnu::always_inline]] inline void fetch_rows(const Sweep<T>& s, Index first) {
  constexpr Index line = 64 / static_cast<Index>(sizeof(T));
  const Index end = first + tile_rows < s.rows ? first + tile_rows : s.rows;
  for (Index i = first; i < end; ++i)
    for (Index k = 0; k < s.inner; k += line) __builtin_prefetch(s.a[i] + s.a_shift + k);
}

/// Rows whose columns are whole vectors. Heights differ by one at most: a last
/// tile of one row would leave the multiply-add units waiting for each other's
/// results.
template <class T>
void sweep_whole(const Sweep<T>& s, Index vectors) {
  const Index tiles = (s.rows + tile_rows - 1) / tile_rows;
  const Index height = tiles ? s.rows / tiles : 0, taller = tiles ? s.rows % tiles : 0;
  for (Index i = 0, first = 0; i < tiles; ++i) {
    const Index rows = height + (i < taller);
    if (s.fetch_a) fetch_rows(s, first + 2 * tile_rows);
    tile_of<tile_rows, tile_vectors, T>(rows, vectors, s, first);
    first += rows;
  }
}

/// The last vector of columns is not whole: the tile works on a copy of c and
/// of the bias.
template <class T>
[[gnu::noinline]] void sweep_part(const Sweep<T>& s, Index vectors) {
  constexpr Index width = tile_vectors * lanes<T>;
  alignas(64) T copy[tile_rows][width], bias[width];
  T* c[tile_rows];
  for (int i = 0; i < tile_rows; ++i) c[i] = copy[i];
  Sweep<T> part = s;
  part.c = c;
  part.c_shift = 0;
  const auto bytes = static_cast<std::size_t>(s.columns) * sizeof(T);
  if (s.epilogue.bias) {
    __builtin_memset(bias, 0, sizeof bias);
    __builtin_memcpy(bias, s.epilogue.bias, bytes);
    part.epilogue.bias = bias;
  }
  const Index tiles = (s.rows + tile_rows - 1) / tile_rows;
  for (Index i = 0; i < tiles; ++i) {
    const Index first = s.rows * i / tiles;
    part.a = s.a + first;
    if (s.row_bias) part.row_bias = s.row_bias + first;
    part.rows = s.rows * (i + 1) / tiles - first;
    if (s.epilogue.accumulate) {
      __builtin_memset(copy, 0, sizeof copy);
      for (Index row = 0; row < part.rows; ++row) __builtin_memcpy(copy[row], s.c[first + row] + s.c_shift, bytes);
    }
    tile_of<tile_rows, tile_vectors, T>(part.rows, vectors, part, 0);
    for (Index row = 0; row < part.rows; ++row) __builtin_memcpy(s.c[first + row] + s.c_shift, copy[row], bytes);
  }
}

/// Any number of rows, up to tile_vectors vectors of columns.
template <class T>
void sweep(const Sweep<T>& s) {
  const Index vectors = (s.columns + lanes<T> - 1) / lanes<T>;
  if (s.columns == vectors * lanes<T>)
    sweep_whole(s, vectors);
  else
    sweep_part(s, vectors);
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
