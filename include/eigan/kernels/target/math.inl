// Elementary functions on vectors.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class V>
using Element = std::remove_cvref_t<decltype(std::declval<V&>()[0])>;

/// The signed integers as wide as T.
template <class T>
using Word = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

template <class V>
[[gnu::always_inline]] inline auto bits_of(V x) {
  Vec<Word<Element<V>>> bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}
template <class V>
[[gnu::always_inline]] inline auto is_nan(V x) {
  using T = Element<V>;
  constexpr auto infinity = std::bit_cast<Word<T>>(std::numeric_limits<T>::infinity());
  constexpr auto magnitude = std::numeric_limits<Word<T>>::max();
  return (bits_of(x) & magnitude) > infinity;
}
template <class V>
[[gnu::always_inline]] inline V keep_nan(V x, V result) {
  return is_nan(x) ? x : result;
}
template <class V>
[[gnu::always_inline]] inline V abs(V x) {
  return x < 0 ? -x : x;
}
template <class V>
[[gnu::always_inline]] inline V maximum(V a, V b) {
  return keep_nan(a, a > b ? a : b);
}
template <class V>
[[gnu::always_inline]] inline V minimum(V a, V b) {
  return keep_nan(a, a < b ? a : b);
}

#define EIGAN_LANES(name, expression)                                        \
  template <class V>                                                         \
  [[gnu::always_inline]] inline V name(V x) {                                \
    for (int lane = 0; lane < static_cast<int>(lanes<Element<V>>); ++lane) { \
      const auto v = x[lane];                                                \
      x[lane] = expression;                                                  \
    }                                                                        \
    return x;                                                                \
  }
EIGAN_LANES(exp, std::exp(v))
EIGAN_LANES(expm1, std::expm1(v))
EIGAN_LANES(log, std::log(v))
EIGAN_LANES(sqrt, std::sqrt(v))
EIGAN_LANES(tanh, std::tanh(v))
EIGAN_LANES(sin, std::sin(v))
EIGAN_LANES(cos, std::cos(v))
EIGAN_LANES(erf, std::erf(v))
EIGAN_LANES(sigmoid, 1 / (1 + std::exp(-v)))
EIGAN_LANES(softplus, (v > 0 ? v : 0) + std::log1p(std::exp(v > 0 ? -v : v)))
EIGAN_LANES(normal_cdf, std::erfc(v* static_cast<Element<V>>(-0.70710678118654752440)) / 2)
template <class V>
[[gnu::always_inline]] inline V pow(V x, Element<V> p) {
  for (int lane = 0; lane < static_cast<int>(lanes<Element<V>>); ++lane) x[lane] = std::pow(x[lane], p);
  return x;
}
#undef EIGAN_LANES

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
