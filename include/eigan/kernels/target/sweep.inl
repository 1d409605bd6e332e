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

/// The rows of a sweep in tiles. Heights differ by one at most: a last tile of one row would leave the multiply-add
/// units waiting for each other's results.
struct Tiles {
  Index count, height, taller;
  Tiles(Index rows, Index most)
      : count((rows + most - 1) / most), height(count ? rows / count : 0), taller(count ? rows % count : 0) {}
  Index rows(Index tile) const { return height + (tile < taller); }
};

/// The tiles from number `tile` on, which begins with row `first`.
template <int Vectors, class T>
[[gnu::always_inline]] inline void sweep_tiles(const Sweep<T>& s, const Tiles& tiles, Index tile, Index first) {
  constexpr Index most = tile_rows(Vectors);
  for (; tile < tiles.count; ++tile) {
    if (s.fetch_a) fetch_rows(s, first + 2 * most, most);
    tile_of<most, Vectors, T>(tiles.rows(tile), s, first);
    first += tiles.rows(tile);
  }
}

/// Rows whose columns are `Vectors` vectors.
template <int Vectors, class T>
[[gnu::always_inline]] inline void sweep_rows(const Sweep<T>& s) {
  const Tiles tiles(s.rows, tile_rows(Vectors));
  if (!s.b_copy || tiles.count < 2) return sweep_tiles<Vectors>(s, tiles, 0, 0);
  copying_tile_of<tile_rows(Vectors), Vectors, T>(tiles.rows(0), s);
  Sweep<T> others = s;
  others.b = s.b_copy;
  others.b_step = Vectors * lanes<T>;
  sweep_tiles<Vectors>(others, tiles, 1, tiles.rows(0));
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
