// What happens to a register tile's sums on their way to memory; the formula stands at Epilogue.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// v < 0 ? slope * v : v, lane by lane; NaN stays NaN. A slope of 0 gives 0 for an infinite v too.
template <class T>
[[gnu::always_inline]] inline Vec<T> rectified(Vec<T> v, Vec<T> slope) {
  const Vec<T> scaled = slope != T(0) ? v * slope : Vec<T>{};
  return v < T(0) ? scaled : v;
}

/// A whole vector, or its first `rest` lanes where `rest` is not 0.
template <class T>
[[gnu::always_inline]] inline Vec<T> load_rest(const T* from, Index rest) {
  return rest > 0 ? load_part<T>(from, rest) : load<T>(from);
}
template <class T>
[[gnu::always_inline]] inline void store_rest(T* to, Vec<T> vector, Index rest) {
  if (rest > 0)
    store_part<T>(to, vector, rest);
  else
    store<T>(to, vector);
}

/// Stores the sums of rows c + c_rows[0], c + c_rows[1], ...; row_bias, if any, holds one for each of them. Of the last
/// vector only `rest` columns exist, if that is not 0.
template <int Rows, int Vectors, class T>
[[gnu::always_inline]] inline void finish(const Epilogue<T>& epilogue, Vec<T> (&sums)[Rows][Vectors], T* c,
                                          const Index* c_rows, const T* row_bias, Index rest) {
  constexpr Index width = lanes<T>;
  if (epilogue.scale != T(1)) {
    const Vec<T> scale = broadcast<T>(epilogue.scale);
#pragma GCC unroll 8
    for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; ++v) sums[i][v] *= scale;
  }
  if (epilogue.accumulate) {
#pragma GCC unroll 8
    for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; ++v) sums[i][v] += load_rest<T>(c + c_rows[i] + v * width, v == Vectors - 1 ? rest : 0);
  }
  if (epilogue.bias) {
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) {
      const Vec<T> bias = load_rest<T>(epilogue.bias + v * width, v == Vectors - 1 ? rest : 0);
#pragma GCC unroll 8
      for (int i = 0; i < Rows; ++i) sums[i][v] += bias;
    }
  }
  if (row_bias) {
#pragma GCC unroll 8
    for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; ++v) sums[i][v] += broadcast<T>(row_bias[i]);
  }
  if (epilogue.activation != Activation::none) {
    const Vec<T> slope = broadcast<T>(epilogue.activation == Activation::relu ? T(0) : epilogue.slope);
#pragma GCC unroll 8
    for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; ++v) sums[i][v] = rectified<T>(sums[i][v], slope);
  }
#pragma GCC unroll 8
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v)
      store_rest<T>(c + c_rows[i] + v * width, sums[i][v], v == Vectors - 1 ? rest : 0);
}

/// The same for one element, whose bias is epilogue.bias[place].
template <class T>
[[gnu::always_inline]] inline T finished(const Epilogue<T>& epilogue, T sum, const T& old, Index place) {
  sum *= epilogue.scale;
  if (epilogue.accumulate) sum += old;
  if (epilogue.bias) sum += epilogue.bias[place];
  if (epilogue.activation == Activation::none || !(sum < T(0))) return sum;
  return epilogue.activation == Activation::relu || epilogue.slope == T(0) ? T(0) : sum * epilogue.slope;
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
