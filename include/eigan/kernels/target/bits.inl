// What the compiler's vectors lack: their bits, comparisons that hold under -ffast-math, square root, rounding.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class V>
using Element = std::remove_cvref_t<decltype(std::declval<V&>()[0])>;

/// The signed integers as wide as T.
template <class T>
using Word = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

template <class V>
[[gnu::always_inline]] inline Vec<Word<Element<V>>> bits_of(V x) {
  Vec<Word<Element<V>>> bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}
template <class T>
[[gnu::always_inline]] inline Vec<T> from_bits(Vec<Word<T>> bits) {
  Vec<T> x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

template <class T>
inline constexpr Word<T> magnitude_bits = std::numeric_limits<Word<T>>::max();
template <class T>
inline constexpr Word<T> infinity_bits = std::bit_cast<Word<T>>(std::numeric_limits<T>::infinity());

/// A lane mask. -ffast-math lets the compiler take x != x for false, but not what the bits say.
template <class V>
[[gnu::always_inline]] inline auto is_nan(V x) {
#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
  using T = Element<V>;
  return (bits_of(x) & magnitude_bits<T>) > infinity_bits<T>;
#else
  return x != x;
#endif
}
template <class V>
[[gnu::always_inline]] inline auto is_finite(V x) {
  using T = Element<V>;
  return (bits_of(x) & magnitude_bits<T>) < infinity_bits<T>;
}

/// x where it is NaN, else `other`.
template <class V>
[[gnu::always_inline]] inline V nan_or(V x, V other) {
  return is_nan(x) ? x : other;
}
/// `result`, which arithmetic has made NaN where x is, unless -ffast-math let the compiler drop that.
template <class V>
[[gnu::always_inline]] inline V keep_nan([[maybe_unused]] V x, V result) {
#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
  return nan_or(x, result);
#else
  return result;
#endif
}

/// x, but the compiler must not merge what comes before with what comes after, as -ffast-math would.
template <class V>
[[gnu::always_inline]] inline V as_written(V x) {
#if defined(__FAST_MATH__) && defined(__x86_64__)
  __asm__("" : "+v"(x));
#elif defined(__FAST_MATH__) && defined(__aarch64__)
  __asm__("" : "+w"(x));
#endif
  return x;
}

template <class V>
[[gnu::always_inline]] inline V abs(V x) {
  using T = Element<V>;
  return from_bits<T>(bits_of(x) & magnitude_bits<T>);
}
/// |x| with the sign of `sign`; x is not negative.
template <class V>
[[gnu::always_inline]] inline V with_sign(V x, V sign) {
  using T = Element<V>;
  return from_bits<T>(bits_of(x) | (bits_of(sign) & ~magnitude_bits<T>));
}

/// NaN if either is.
template <class V>
[[gnu::always_inline]] inline V maximum(V a, V b) {
  return nan_or(b, nan_or(a, a > b ? a : b));
}
template <class V>
[[gnu::always_inline]] inline V minimum(V a, V b) {
  return nan_or(b, nan_or(a, a < b ? a : b));
}

namespace detail {

[[gnu::always_inline]] inline Vec<float> plain_sqrt(Vec<float> x) {
#if defined(__SSE2__) && EIGAN_TARGET_BYTES == 64
  return _mm512_mask_sqrt_ps(x, 0xffff, x);  // without a mask, g++ warns of what is inside of the intrinsic
#elif defined(__SSE2__) && EIGAN_TARGET_BYTES == 32
  return _mm256_sqrt_ps(x);
#elif defined(__SSE2__)
  return _mm_sqrt_ps(x);
#elif defined(__aarch64__)
  return (Vec<float>)vsqrtq_f32((float32x4_t)x);
#else
  for (int lane = 0; lane < static_cast<int>(lanes<float>); ++lane) x[lane] = __builtin_sqrtf(x[lane]);
  return x;
#endif
}
[[gnu::always_inline]] inline Vec<double> plain_sqrt(Vec<double> x) {
#if defined(__SSE2__) && EIGAN_TARGET_BYTES == 64
  return _mm512_mask_sqrt_pd(x, 0xff, x);
#elif defined(__SSE2__) && EIGAN_TARGET_BYTES == 32
  return _mm256_sqrt_pd(x);
#elif defined(__SSE2__)
  return _mm_sqrt_pd(x);
#elif defined(__aarch64__)
  return (Vec<double>)vsqrtq_f64((float64x2_t)x);
#else
  for (int lane = 0; lane < static_cast<int>(lanes<double>); ++lane) x[lane] = __builtin_sqrt(x[lane]);
  return x;
#endif
}

}  // namespace detail

template <class V>
[[gnu::always_inline]] inline V sqrt(V x) {
  return keep_nan(x, detail::plain_sqrt(x));
}

/// The nearest integers; |x| < 2^22. The sum's last place is worth one, so that its bits count.
[[gnu::always_inline]] inline Vec<std::int32_t> nearest(Vec<float> x) {
  constexpr float shift = 12582912.0f;  // 1.5 * 2^23
  return bits_of(as_written(as_written(x) + shift)) - std::bit_cast<std::int32_t>(shift);
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
