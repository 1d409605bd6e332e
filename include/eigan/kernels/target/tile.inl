// The register tile under every product: `Rows` rows by `Vectors` vectors of columns, summed in registers over the
// whole inner stretch.
//
//   c [Rows, Vectors * lanes]  +=  a [Rows, inner] b [inner, Vectors * lanes]
//
// Per inner step: Vectors loads of b, Rows broadcasts of a, Rows * Vectors multiply-adds, and a load of the offset, or
// one for four steps. Sixteen registers hold a 6 x 2 tile (12 sums, 2 of b, 1 of a; 8 loads and that of the offset for
// 12 multiply-adds), thirty-two a 6 x 4 one (10 for 24): on processors with two loads and two multiply-adds a cycle the
// loads hide, and the 12 or 24 independent sums cover the multiply-add's latency. NEON's is 5 x 4: g++ loads all rows'
// numbers of a ahead, and a sixth row makes it spill sums. A tile of one vector is higher, to have as many sums as that
// takes. The row pointers, the offset table and the counters are what sixteen address registers hold. The sum over k
// runs in ascending order for each element, so neither the tile's size nor its place shows in the bits.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

#if defined(__aarch64__)
inline constexpr int tile_vectors = 4, tile_height = 5;
#else
inline constexpr int tile_vectors = EIGAN_TARGET_BYTES == 64 ? 4 : 2, tile_height = 6;
#endif

/// The rows of the highest tile of that many vectors.
inline constexpr int tile_rows(Index vectors) { return vectors == 1 ? 8 : tile_height; }

/// Asks for what a sweep has far away: the lines of c to which the tile of `rows` rows at `first` will add its sums, and
/// the rows of a of the tile after next, `height` each. Not inlined, since most sweeps have nothing far away.
template <class T>
[[gnu::noinline]] void fetch_ahead(const Sweep<T>& s, Index first, Index rows, Index height) {
  constexpr Index line = 64 / static_cast<Index>(sizeof(T));
  if (s.fetch_c)
    for (Index i = first; i < first + rows; ++i) __builtin_prefetch(s.c + s.c_rows[i], 1);
  if (!s.fetch_a) return;
  const Index begin = first + 2 * height, end = begin + height < s.rows ? begin + height : s.rows;
  for (Index i = begin; i < end; ++i)
    for (Index k = 0; k < s.inner; k += line) __builtin_prefetch(s.a + s.a_rows[i] + k);
}

/// Where a tile that `left` more follow begins to ask for the next sweep's b. Eight of them ask for all of it: half the
/// width of a quarter of its rows each; four, if that is no more than a line or two.
template <class T>
[[gnu::always_inline]] inline const T* wanted_by(const Sweep<T>& s, Index left) {
  constexpr Index line = 64 / static_cast<Index>(sizeof(T)), halves = tile_vectors * lanes<T> > 2 * line ? 2 : 1;
  if (!s.next || left >= 4 * halves) return nullptr;
  return s.next + left / halves * (s.inner / 4) * s.next_step + left % halves * 2 * line;
}

/// The sums of rows [first, first + Rows) of a sweep whose columns are `Vectors` vectors. With Copies it leaves the rows
/// of b in s.b_copy, dense: its stores hide behind the multiply-adds, where a copy ahead would take time of its own. On
/// the way it asks for up to two lines at `wanted`, s.next_step farther every fourth inner step: few enough that b's own
/// lines never wait for them.
template <int Rows, int Vectors, bool Copies, class T>
[[gnu::always_inline]] inline void sum_tile(const Sweep<T>& s, Index first, const T* wanted,
                                            Vec<T> (&sums)[Rows][Vectors]) {
  constexpr Index width = lanes<T>;
  const T* a[Rows];
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i) {
    a[i] = s.a + s.a_rows[first + i];
    EIGAN_KEEP_IN_ADDRESS_REGISTER(a[i]);
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) sums[i][v] = Vec<T>{};
  }
  const T* b = s.b;
  T* copy = s.b_copy;
  const Index* const offsets = s.offsets;
  const Index b_step = s.b_step, inner = s.inner;
  const auto step = [&](Index at) __attribute__((always_inline)) {
    Vec<T> columns[Vectors];
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) {
      columns[v] = load_once<T>(b + v * width);
      if constexpr (Copies) {
        __builtin_prefetch(b + 8 * b_step + v * width);  // rows often lie a page apart
        store<T>(copy + v * width, columns[v]);
      }
    }
    b += b_step;
    if constexpr (Copies) copy += Vectors * width;
#pragma GCC unroll 8
    for (int i = 0; i < Rows; ++i) {
      const Vec<T> value = broadcast_once<T>(a[i] + at);
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; ++v) multiply_add<T>(sums[i][v], value, columns[v]);
    }
  };
  const Index* next = offsets;
  if constexpr (Vectors == tile_vectors && Rows + 1 >= tile_height && !Copies) {
    // Where the work is. Each load of b steps over four rows, so that the processor, which looks one step ahead, has
    // the line at hand by then.
    const Index wanted_step = wanted ? s.next_step : 0;
    if (!wanted) wanted = b;
    const auto ask = [&]() __attribute__((always_inline)) {
      __builtin_prefetch(wanted, 0, 2);
      if constexpr (Vectors * width * sizeof(T) > 64) __builtin_prefetch(wanted + 64 / sizeof(T), 0, 2);
      wanted += wanted_step;
    };
    const Index* const last = offsets + inner / 4 * 4;
    if (s.in_fours) {  // one offset and no address to compute for four steps: instructions that a narrow tile feels
      for (; next != last; next += 4) {
        ask();
        const Index at = *next;
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) step(at + i);
      }
    } else {
      // Each inner step of a transposed a is another line, often on another page.
      const Index* const last_asked = s.a_row_step == 1 && inner >= 8 ? last - 4 : offsets;
      for (; next < last; next += 4) {
        if (next < last_asked) {
#pragma GCC unroll 4
          for (int i = 4; i < 8; ++i) __builtin_prefetch(a[0] + next[i]);
        }
        ask();
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) step(next[i]);
      }
    }
  }
#pragma GCC unroll 1
  for (const Index* const end = offsets + inner; next != end; ++next) step(*next);
}

// Tuned for AMD's processors, g++ parks integers in vector registers when it has thirty-two of them. The way back waits
// behind the multiply-adds in flight, and the addresses of the next tile with it, for some thirty cycles a tile.
#if EIGAN_TARGET_BYTES == 64 && defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define EIGAN_WITH_INTEGERS_APART [[gnu::target("tune=skylake-avx512")]]
#else
#define EIGAN_WITH_INTEGERS_APART
#endif

/// `count` tiles one below the other, the first of them at row `first`; the last column's vector is whole or not. `left`:
/// the tiles from here to the end of the sweep. In one function, or every short tile would pay for a call.
template <int Rows, int Vectors, bool Copies, class T>
EIGAN_WITH_INTEGERS_APART [[gnu::noinline]] void tiles(const Sweep<T>& s, Index first, Index count, Index left) {
  for (; count > 0; --count, first += Rows) {
    if (s.fetch_a || s.fetch_c) fetch_ahead(s, first, Rows, tile_rows(Vectors));
    Vec<T> sums[Rows][Vectors];
    sum_tile<Rows, Vectors, Copies, T>(s, first, wanted_by(s, --left), sums);
    finish<Rows, Vectors, T>(s.epilogue, sums, s.c, s.c_rows + first, s.row_bias ? s.row_bias + first : nullptr,
                             s.columns % lanes<T>);
  }
}

/// The rows of a tile that is one vector wide and whose rows lie evenly, at a distance that the compiler knows: so many
/// sums as cover the loads too. It pays where multiply-adds take a's numbers from memory themselves.
inline constexpr int high_tile_rows = 16;

/// The first `count` of them.
template <Index RowStep, class T>
EIGAN_WITH_INTEGERS_APART [[gnu::noinline]] void high_tiles(const Sweep<T>& s, Index count) {
  constexpr int height = high_tile_rows;
  for (Index first = 0; count > 0; --count, first += height) {
    Vec<T> own[height];  // not the sums themselves, whose address the epilogue takes: they would live in memory
#pragma GCC unroll 16
    for (int i = 0; i < height; ++i) own[i] = Vec<T>{};
    const T* const a = s.a + s.a_rows[first];
    const T* b = s.b;
    const Index* const offsets = s.offsets;
    const Index b_step = s.b_step, inner = s.inner;
#pragma GCC unroll 1
    for (Index k = 0; k < inner; ++k, b += b_step) {
      const Vec<T> columns = load<T>(b);
      const T* rows = a + offsets[k];
      EIGAN_KEEP_IN_ADDRESS_REGISTER(rows);
#pragma GCC unroll 16
      for (int i = 0; i < height; ++i) multiply_add<T>(own[i], rows + i * RowStep, columns);
    }
    Vec<T> sums[height][1];
#pragma GCC unroll 16
    for (int i = 0; i < height; ++i) sums[i][0] = own[i];
    finish<height, 1, T>(s.epilogue, sums, s.c, s.c_rows + first, s.row_bias ? s.row_bias + first : nullptr,
                         s.columns % lanes<T>);
  }
}

#undef EIGAN_WITH_INTEGERS_APART

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
