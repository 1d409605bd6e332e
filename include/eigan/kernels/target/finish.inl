// What happens to a register tile's sums on their way to memory; the formula stands at Epilogue.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// v < 0 ? slope * v : v, lane by lane; NaN stays NaN. A slope of 0 gives 0 for an infinite v too.
template <class T>
[[gnu::always_inline]] inline Vec<T> rectified(Vec<T> v, Vec<T> slope) {
  const Vec<T> scaled = slope != T(0) ? v * slope : Vec<T>{};
  return v < T(0) ? scaled : v;
}

template <int Rows, int Vectors, class T>
[[gnu::always_inline]] inline void finish(const Epilogue<T>& epilogue, Vec<T> (&sums)[Rows][Vectors], T* const* c,
                                          Index c_shift) {
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
      for (int v = 0; v < Vectors; ++v) sums[i][v] += load<T>(c[i] + c_shift + v * width);
  }
  if (epilogue.bias) {
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; ++v) {
      const Vec<T> bias = load<T>(epilogue.bias + v * width);
#pragma GCC unroll 8
      for (int i = 0; i < Rows; ++i) sums[i][v] += bias;
    }
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
    for (int v = 0; v < Vectors; ++v) store<T>(c[i] + c_shift + v * width, sums[i][v]);
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
