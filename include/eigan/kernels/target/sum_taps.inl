// Sums of a few channels over taps:  c[i][j] = epilogue( sum over k < inner of a[i][offsets[k] + j] ),  j < columns
//
// Few channels (one, or red, green and blue) do not fill a vector, so they move in small blocks. Four rows at a time
// share the offsets and cover the latency of the additions.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class T>
inline constexpr int block_width = lanes<T> < 4 ? static_cast<int>(lanes<T>) : 4;

template <class T>
struct BlockOf {
  typedef T Type __attribute__((vector_size(block_width<T> * sizeof(T))));
};
template <class T>
using Block = typename BlockOf<T>::Type;

/// The first Count elements, and zeros.
template <int Count, class T>
[[gnu::always_inline]] inline Block<T> load_block(const T* from) {
  Block<T> block{};
  __builtin_memcpy(&block, from, Count * sizeof(T));
  return block;
}

/// An epilogue for the columns of a block, or for several elements of one column.
template <class T>
struct BlockEpilogue {
  Block<T> bias{}, scale{}, slope{};
  bool accumulate, activated;

  explicit BlockEpilogue(const Epilogue<T>& e) : accumulate(e.accumulate), activated(e.activation != Activation::none) {
    scale += e.scale;
    if (e.activation == Activation::leaky_relu) slope += e.slope;
  }

  [[gnu::always_inline]] Block<T> finished(Block<T> sum, const Block<T>& old) const {
    sum *= scale;
    if (accumulate) sum += old;
    sum += bias;
    if (activated) sum = sum < T(0) ? (slope != T(0) ? sum * slope : Block<T>{}) : sum;
    return sum;
  }
};

/// Channels [column, column + Count); reads a whole block of each row.
template <int Count, class T>
void sum_block(const Sweep<T>& s, Index column) {
  BlockEpilogue<T> epilogue(s.epilogue);
  if (s.epilogue.bias) epilogue.bias = load_block<Count, T>(s.epilogue.bias + column);
  for (Index first = 0; first < s.rows; first += 4) {
    const Index count = s.rows - first < 4 ? s.rows - first : 4;
    const T* a[4];
    Block<T> sums[4]{};
    for (Index i = 0; i < 4; ++i) a[i] = s.a + s.a_rows[first + (i < count ? i : 0)] + column;
    for (Index k = 0; k < s.inner; ++k) {
      const Index at = s.offsets[k];
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) sums[i] += load_block<block_width<T>, T>(a[i] + at);
    }
    for (Index i = 0; i < count; ++i) {
      T* const c = s.c + s.c_rows[first + i] + column;
      const Block<T> result = epilogue.finished(sums[i], epilogue.accumulate ? load_block<Count, T>(c) : Block<T>{});
      __builtin_memcpy(c, &result, Count * sizeof(T));
    }
  }
}

/// One channel: a block holds several rows.
template <class T>
void sum_single(const Sweep<T>& s) {
  constexpr int height = block_width<T>;
  BlockEpilogue<T> epilogue(s.epilogue);
  if (s.epilogue.bias) epilogue.bias += s.epilogue.bias[0];
  for (Index first = 0; first < s.rows; first += height) {
    const Index count = s.rows - first < height ? s.rows - first : height;
    const T* a[height];
    T sums[height]{}, old[height]{};
    for (Index i = 0; i < height; ++i) a[i] = s.a + s.a_rows[first + (i < count ? i : 0)];
    for (Index k = 0; k < s.inner; ++k) {
      const Index at = s.offsets[k];
#pragma GCC unroll 4
      for (int i = 0; i < height; ++i) sums[i] += a[i][at];
    }
    if (epilogue.accumulate)
      for (Index i = 0; i < count; ++i) old[i] = s.c[s.c_rows[first + i]];
    const Block<T> result = epilogue.finished(load_block<height, T>(sums), load_block<height, T>(old));
    for (Index i = 0; i < count; ++i) s.c[s.c_rows[first + i]] = result[i];
  }
}

/// Any number of columns; a must be readable three elements beyond the last.
template <class T>
void sum_taps(const Sweep<T>& s) {
  constexpr int width = block_width<T>;
  if (s.columns == 1) return sum_single(s);
  Index column = 0;
  for (; column + width <= s.columns; column += width) sum_block<width, T>(s, column);
  if (s.columns - column == 1) return sum_block<1, T>(s, column);
  if constexpr (width > 2) {
    if (s.columns - column == 2) return sum_block<2, T>(s, column);
    if (s.columns - column == 3) return sum_block<3, T>(s, column);
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
