// What happens to a register tile's sums on their way to memory; the formula stands at Epilogue.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// v < 0 ? slope * v : v, lane by lane; NaN stays NaN. A slope of 0 gives 0 for an infinite v too.
template <class T>
[[gnu::always_inline]] inline Vec<T> rectified(Vec<T> v, Vec<T> slope) {
  const Vec<T> scaled = slope != T(0) ? v * slope : Vec<T>{};
  return v < T(0) ? scaled : v;
}

/// The first `count` lanes of a vector, or all of it.
template <class T>
[[gnu::always_inline]] inline Vec<T> load_up_to(const T* from, Index count) {
  return count < lanes<T> ? load_part<T>(from, count) : load<T>(from);
}

/// One vector of sums, of which `count` lanes exist, on its way to `to`; `column` is that of its first lane.
template <class T>
[[gnu::always_inline]] inline void finish_vector(const Epilogue<T>& epilogue, Vec<T> sum, T* to, Index column,
                                                 Index count, const T* row_bias) {
  if (epilogue.scale != T(1)) sum *= epilogue.scale;
  if (epilogue.accumulate) sum += load_up_to<T>(to, count);
  if (epilogue.bias) sum += load_up_to<T>(epilogue.bias + column, count);
  if (row_bias) sum += *row_bias;
  if (epilogue.activation != Activation::none)
    sum = rectified<T>(sum, broadcast<T>(epilogue.activation == Activation::relu ? T(0) : epilogue.slope));
  if (count < lanes<T>)
    store_part<T>(to, sum, count);
  else
    store<T>(to, sum);
}

/// finish() in all its generality. One copy of its code serves all tiles.
template <class T>
[[gnu::noinline]] void finish_any(const Epilogue<T>& epilogue, const Vec<T>* sums, Index rows, Index vectors, T* c,
                                  const Index* c_rows, const T* row_bias, Index rest) {
  for (Index i = 0; i < rows; ++i)
    for (Index v = 0; v < vectors; ++v)
      finish_vector<T>(epilogue, sums[i * vectors + v], c + c_rows[i] + v * lanes<T>, v * lanes<T>,
                       v == vectors - 1 && rest > 0 ? rest : lanes<T>, row_bias ? row_bias + i : nullptr);
}

/// Stores the sums of rows c + c_rows[0], c + c_rows[1], ...; row_bias, if any, holds one for each of them. Of the last
/// vector only `rest` columns exist, if that is not 0.
template <int Rows, int Vectors, class T>
[[gnu::always_inline]] inline void finish(const Epilogue<T>& epilogue, Vec<T> (&sums)[Rows][Vectors], T* c,
                                          const Index* c_rows, const T* row_bias, Index rest) {
  constexpr Index width = lanes<T>;
  if ((rest > 0 && !has_masks) || row_bias || epilogue.scale != T(1)) {
    Vec<T> copy[Rows * Vectors];
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 16
      for (int v = 0; v < Vectors; ++v) copy[i * Vectors + v] = sums[i][v];
    return finish_any<T>(epilogue, copy, Rows, Vectors, c, c_rows, row_bias, rest);
  }
  const Index last = has_masks && rest > 0 ? rest : width;  // columns of the last vector
  if (epilogue.accumulate) {
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 16
      for (int v = 0; v < Vectors; ++v) {
        const T* const old = c + c_rows[i] + v * width;
        sums[i][v] += has_masks && v == Vectors - 1 ? load_part<T>(old, last) : load<T>(old);
      }
  }
  if (epilogue.bias) {
#pragma GCC unroll 16
    for (int v = 0; v < Vectors; ++v) {
      const T* const from = epilogue.bias + v * width;
      const Vec<T> bias = has_masks && v == Vectors - 1 ? load_part<T>(from, last) : load<T>(from);
#pragma GCC unroll 16
      for (int i = 0; i < Rows; ++i) sums[i][v] += bias;
    }
  }
  if (epilogue.activation != Activation::none) {
    const Vec<T> slope = broadcast<T>(epilogue.activation == Activation::relu ? T(0) : epilogue.slope);
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 16
      for (int v = 0; v < Vectors; ++v) sums[i][v] = rectified<T>(sums[i][v], slope);
  }
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i)
#pragma GCC unroll 16
    for (int v = 0; v < Vectors; ++v) {
      T* const to = c + c_rows[i] + v * width;
      if (has_masks && v == Vectors - 1)
        store_part<T>(to, sums[i][v], last);
      else
        store<T>(to, sums[i][v]);
    }
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
