// A sweep in register tiles: rows in tiles of nearly even height, columns in one panel of up to tile_vectors vectors.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// Runs tile<rows, vectors> for numbers known only now.
template <int Rows, int Vectors, class T>
[[gnu::always_inline]] inline void tile_of(Index rows, const Sweep<T>& s, Index first, const T* wanted) {
  if (rows < Rows) {
    if constexpr (Rows > 1) tile_of<Rows - 1, Vectors, T>(rows, s, first, wanted);
  } else {
    tile<Rows, Vectors, false, T>(s, first, wanted);
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

/// Where a tile that `left` more follow begins to ask for the next sweep's b. Eight of them ask for all of it: half the
/// width of a quarter of its rows each.
template <class T>
[[gnu::always_inline]] inline const T* wanted_by(const Sweep<T>& s, Index left) {
  constexpr Index line = 64 / static_cast<Index>(sizeof(T)), halves = tile_vectors * lanes<T> > 2 * line ? 2 : 1;
  if (!s.next || left >= 4 * halves) return nullptr;
  return s.next + left / halves * (s.inner / 4) * s.next_step + left % halves * 2 * line;
}

/// Rows [first, s.rows) in tiles whose heights differ by one at most: a last tile of one row would leave the
/// multiply-add units waiting for each other's results.
template <int Vectors, class T>
[[gnu::always_inline]] inline void sweep_tiles(const Sweep<T>& s, Index first) {
  constexpr Index most = tile_rows(Vectors);
  const Index rows = s.rows - first, tiles = (rows + most - 1) / most;
  const Index height = tiles ? rows / tiles : 0, taller = tiles ? rows % tiles : 0;
  for (Index i = 0; i < tiles; ++i) {
    const Index count = height + (i < taller);
    if (s.fetch_a) fetch_rows(s, first + 2 * most, most);
    tile_of<most, Vectors, T>(count, s, first, wanted_by(s, tiles - 1 - i));
    first += count;
  }
}

/// Rows whose columns are `Vectors` vectors. Where enough tiles read b, the first one copies it.
template <int Vectors, class T>
[[gnu::always_inline]] inline void sweep_rows(const Sweep<T>& s) {
  constexpr Index most = tile_rows(Vectors);
  if (Vectors == 1 || !s.b_copy || s.rows < 3 * most) return sweep_tiles<Vectors>(s, 0);
  if constexpr (Vectors > 1) tile<most, Vectors, true, T>(s, 0, nullptr);
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
