// The register tile under every product: `Rows` rows by `Vectors` vectors of columns, summed in registers over the
// whole inner stretch.
//
//   c [Rows, Vectors * lanes]  +=  a [Rows, inner] b [inner, Vectors * lanes]
//
// Per inner step: Vectors loads of b, Rows broadcasts of a, one load of the offset, Rows * Vectors multiply-adds.
// Sixteen registers hold a 6 x 2 tile (12 sums, 2 of b, 1 of a; 9 loads for 12 multiply-adds), thirty-two a 6 x 4 one
// (11 loads for 24): on processors with two loads and two multiply-adds a cycle the loads hide, and the 12 or 24
// independent sums cover the multiply-add's latency. NEON's is 5 x 4: g++ loads all rows' numbers of a ahead, and a
// sixth row makes it spill sums. A tile of one vector is higher, to have as many sums as that takes. The row pointers,
// the offset table and the counters are what sixteen address registers hold. The sum over k runs in ascending order for
// each element, so neither the tile's size nor its place shows in the bits.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

#if defined(__aarch64__)
inline constexpr int tile_vectors = 4, tile_height = 5;
#else
inline constexpr int tile_vectors = EIGAN_TARGET_BYTES == 64 ? 4 : 2, tile_height = 6;
#endif

/// The rows of the highest tile of that many vectors.
inline constexpr int tile_rows(Index vectors) { return vectors == 1 ? 8 : tile_height; }

/// Rows [first, first + Rows) of a sweep whose columns are `Vectors` vectors, the last one whole or not. With Copies it
/// leaves the rows of b in s.b_copy, dense: its stores hide behind the multiply-adds, where a copy ahead would take
/// time of its own. On the way it asks for two lines at `wanted`, s.next_step farther every fourth inner step: few
/// enough that b's own lines never wait for them.
template <int Rows, int Vectors, bool Copies, class T>
[[gnu::noinline]] void tile(const Sweep<T>& s, Index first, const T* wanted) {
  constexpr Index width = lanes<T>;
  Vec<T> sums[Rows][Vectors];
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
  const auto step = [&](Index k) __attribute__((always_inline)) {
    const Index at = offsets[k];
    Vec<T> columns[Vectors];
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) {
      columns[v] = load<T>(b + v * width);
      EIGAN_KEEP_IN_REGISTER(columns[v]);
      if constexpr (Copies) {
        __builtin_prefetch(b + 8 * b_step + v * width);  // rows often lie a page apart
        store<T>(copy + v * width, columns[v]);
      }
    }
    b += b_step;
    if constexpr (Copies) copy += Vectors * width;
#pragma GCC unroll 8
    for (int i = 0; i < Rows; ++i) {
      Vec<T> value = broadcast<T>(a[i][at]);
      EIGAN_KEEP_BROADCAST(value);
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; ++v) multiply_add<T>(sums[i][v], value, columns[v]);
    }
  };
  Index k = 0;
  if constexpr (Vectors == tile_vectors && Rows + 1 >= tile_height && !Copies) {
    // Where the work is. Each load of b steps over four rows, so that the processor, which looks one step ahead, has
    // the line at hand by then.
    const Index wanted_step = wanted ? s.next_step : 0;
    if (!wanted) wanted = b;
    for (; k + 4 <= inner; k += 4) {
      __builtin_prefetch(wanted, 0, 2);
      if constexpr (Vectors * width * sizeof(T) > 64) __builtin_prefetch(wanted + 64 / sizeof(T), 0, 2);
      wanted += wanted_step;
#pragma GCC unroll 4
      for (Index i = k; i < k + 4; ++i) step(i);
    }
  }
#pragma GCC unroll 1
  for (; k < inner; ++k) step(k);
  finish<Rows, Vectors, T>(s.epilogue, sums, s.c, s.c_rows + first, s.row_bias ? s.row_bias + first : nullptr,
                           s.columns % width);
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
