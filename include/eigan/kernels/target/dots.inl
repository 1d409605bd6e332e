// Dot products of many rows with few: where a product has one or three columns, register tiles would compute mostly
// padding, and the sum along the vectors is the better use of them.
//
//   c [rows, columns] = a [rows, inner] bᵀ [inner, columns]
//
// Per inner step of `lanes`: one load of b, one of a for each of up to eight rows, as many multiply-adds. Each element
// is the sum of `lanes` partial sums, added pairwise in an order that does not depend on its neighbours.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class T>
inline constexpr int dot_rows = lanes<T> < 8 ? static_cast<int>(lanes<T>) : 8;

/// Adds neighbours `Size` lanes apart of the sums of rows i and i + Size, for all rows at once.
template <int Size, class T>
[[gnu::always_inline]] inline void fold_sums(Vec<T> (&sums)[dot_rows<T>]) {
  if constexpr (Size < dot_rows<T>) {
    constexpr int width = static_cast<int>(lanes<T>);
#pragma GCC unroll 8
    for (int i = 0; i < dot_rows<T>; i += 2 * Size) {
      swap_halves<Size>(sums[i], sums[i + Size], std::make_integer_sequence<int, width>{});
      sums[i] += sums[i + Size];
    }
    fold_sums<2 * Size, T>(sums);
  }
}

/// result[i] = sum of a[i][k] * b[k] for dot_rows rows.
template <class T>
[[gnu::always_inline]] inline void dot_tile(const T* const (&a)[dot_rows<T>], const T* b, Index inner, T* result) {
  constexpr int rows = dot_rows<T>;
  constexpr Index width = lanes<T>;
  Vec<T> sums[rows]{};
  Index k = 0;
  for (; k + width <= inner; k += width) {
    const Vec<T> shared = load_once<T>(b + k);
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) multiply_add<T>(sums[i], load<T>(a[i] + k), shared);
  }
  if (k < inner) {
    const Vec<T> shared = load_part<T>(b + k, inner - k);
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) multiply_add<T>(sums[i], load_part<T>(a[i] + k, inner - k), shared);
  }
  fold_sums<1, T>(sums);
  typedef T Totals __attribute__((vector_size(rows * sizeof(T))));
  Totals parts[width / rows];
  __builtin_memcpy(parts, &sums[0], sizeof parts);
#pragma GCC unroll 2
  for (int i = 1; i < width / rows; ++i) parts[0] += parts[i];
  __builtin_memcpy(result, parts, sizeof parts[0]);
}

/// Stores dot products. By itself, or its variants for every kind of epilogue would be unrolled into the loops.
template <class T>
[[gnu::noinline]] void finish_dots(const Dots<T>& d, const T* sums, Index row, Index count, Index column) {
  T* c = d.c + row * d.c_row + column * d.c_column;
  Index bias = row * d.bias_row + column * d.bias_column;
  for (Index i = 0; i < count; ++i, c += d.c_row, bias += d.bias_row) *c = finished(d.epilogue, sums[i], *c, bias);
}

template <class T>
void dots(const Dots<T>& d) {
  constexpr Index height = dot_rows<T>;
  for (Index first = 0; first < d.rows; first += height) {
    const Index count = d.rows - first < height ? d.rows - first : height;
    const T* a[height];
    for (Index i = 0; i < height; ++i) a[i] = d.a + (first + (i < count ? i : count - 1)) * d.a_row;
    for (Index j = 0; j < d.columns; ++j) {
      T result[height];
      dot_tile<T>(a, d.b + j * d.b_row, d.inner, result);
      finish_dots<T>(d, result, first, count, j);
    }
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
