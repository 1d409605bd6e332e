// Sums of a few channels over taps:  c[i][j] = epilogue( sum over k < inner of a[i][offsets[k] + j] ),  j < columns
//
// Few channels (one, or red, green and blue) do not fill a vector, so they move as blocks of four, or one by one.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class T>
struct BlockOf {
  typedef T Type __attribute__((vector_size(4 * sizeof(T))));
};

/// Channels [column, column + count) of every row, with count <= 4; reads four of each.
template <int Count, class T>
[[gnu::always_inline]] inline void sum_block(const Sweep<T>& s, Index column) {
  using Block = typename BlockOf<T>::Type;
  for (Index i = 0; i < s.rows; ++i) {
    const T* const a = s.a[i] + s.a_shift + column;
    Block sum{};
    for (Index k = 0; k < s.inner; ++k) {
      Block block;
      __builtin_memcpy(&block, a + s.offsets[k], sizeof block);
      sum += block;
    }
    T* const c = s.c[i] + s.c_shift + column;
#pragma GCC unroll 4
    for (int j = 0; j < Count; ++j) c[j] = finished(s.epilogue, static_cast<T>(sum[j]), c[j], column + j);
  }
}

/// One channel.
template <class T>
void sum_single(const Sweep<T>& s) {
  for (Index i = 0; i < s.rows; ++i) {
    const T* const a = s.a[i] + s.a_shift;
    T sum = T(0);
    for (Index k = 0; k < s.inner; ++k) sum += a[s.offsets[k]];
    T& c = s.c[i][s.c_shift];
    c = finished(s.epilogue, sum, c, 0);
  }
}

/// Any number of columns; a must be readable three elements beyond the last.
template <class T>
void sum_taps(const Sweep<T>& s) {
  if (s.columns == 1) return sum_single(s);
  Index column = 0;
  for (; column + 4 <= s.columns; column += 4) sum_block<4, T>(s, column);
  if (s.columns - column == 3) return sum_block<3, T>(s, column);
  if (s.columns - column == 2) return sum_block<2, T>(s, column);
  if (s.columns - column == 1) return sum_block<1, T>(s, column);
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
