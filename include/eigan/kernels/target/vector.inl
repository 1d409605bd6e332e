// Vectors of the target's width on the compiler's own vector types: + - * / and comparisons work on them as they are.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class T>
struct VectorOf {
  typedef T Type __attribute__((vector_size(EIGAN_TARGET_BYTES)));
};

/// As many T as fit the target's registers.
template <class T>
using Vec = typename VectorOf<T>::Type;

template <class T>
inline constexpr Index lanes = EIGAN_TARGET_BYTES / static_cast<Index>(sizeof(T));

template <class T>
struct HalfOf {
  typedef T Type __attribute__((vector_size(EIGAN_TARGET_BYTES / 2)));
};

/// Half as many.
template <class T>
using Half = typename HalfOf<T>::Type;

/// As doubles, by the one instruction that there is; g++ 12 makes five of a __builtin_convertvector.
[[gnu::always_inline]] inline Vec<double> as_doubles(const Half<float>& half) {
#if EIGAN_TARGET_BYTES == 64 && defined(__x86_64__)
  return (Vec<double>)_mm512_maskz_cvtps_pd(0xFF, (__m256)half);  // without a mask, g++ 12 warns
#elif EIGAN_TARGET_BYTES == 32 && defined(__x86_64__)
  return (Vec<double>)_mm256_cvtps_pd((__m128)half);
#else
  return __builtin_convertvector(half, Vec<double>);
#endif
}

/// Loads from and stores to any address.
template <class T>
[[gnu::always_inline]] inline Vec<T> load(const T* from) {
  Vec<T> vector;
  __builtin_memcpy(&vector, from, sizeof vector);
  return vector;
}
template <class T>
[[gnu::always_inline]] inline void store(T* to, Vec<T> vector) {
  __builtin_memcpy(to, &vector, sizeof vector);
}

/// Whether the two below cost no more than whole loads and stores, and take a count of all lanes too.
#if EIGAN_TARGET_BYTES == 64 && defined(__x86_64__)
inline constexpr bool has_masks = true;
#else
inline constexpr bool has_masks = false;
#endif

/// The same for the first `count` lanes, fewer than a vector has; the others read as 0 and are not written.
template <class T>
[[gnu::always_inline]] inline Vec<T> load_part(const T* from, Index count) {
#if EIGAN_TARGET_BYTES == 64 && defined(__x86_64__)
  if constexpr (sizeof(T) == 4)
    return (Vec<T>)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << count) - 1), from);
  else
    return (Vec<T>)_mm512_maskz_loadu_pd(static_cast<__mmask8>((1U << count) - 1), from);
#else
  Vec<T> vector{};
  __builtin_memcpy(&vector, from, static_cast<std::size_t>(count) * sizeof(T));
  return vector;
#endif
}
template <class T>
[[gnu::always_inline]] inline void store_part(T* to, Vec<T> vector, Index count) {
#if EIGAN_TARGET_BYTES == 64 && defined(__x86_64__)
  if constexpr (sizeof(T) == 4)
    _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1U << count) - 1), (__m512)vector);
  else
    _mm512_mask_storeu_pd(to, static_cast<__mmask8>((1U << count) - 1), (__m512d)vector);
#else
  __builtin_memcpy(to, &vector, static_cast<std::size_t>(count) * sizeof(T));
#endif
}

template <class T>
[[gnu::always_inline]] inline Vec<T> broadcast(T value) {
  return value - Vec<T>{};
}

/// An empty instruction that "changes" a vector, so that its load stays one instruction.
template <class Vector>
[[gnu::always_inline]] inline void keep_in_register([[maybe_unused]] Vector& vector) {
#if defined(__x86_64__) && defined(__GNUC__)
  __asm__("" : "+v"(vector));
#elif defined(__aarch64__) && defined(__GNUC__)
  __asm__("" : "+w"(vector));
#endif
}

/// The vector at `from`, and the number there in all lanes, each by one load that stays where it is written. Else g++
/// loads anew for every multiply-add, and clang takes all loads of unrolled steps first and spills sums to have room for
/// them, which made the register tile half as fast.
template <class T>
[[gnu::always_inline]] inline Vec<T> load_once(const T* from) {
#if EIGAN_TARGET_HAS_FMA && defined(__clang__)
  const auto& numbers = *reinterpret_cast<const T(*)[lanes<T>]>(from);
  Vec<T> vector;
  EIGAN_IN_ORDER("vmovups %1, %0" : "=v"(vector) : "m"(numbers));
#else
  Vec<T> vector = load<T>(from);
  keep_in_register(vector);
#endif
  return vector;
}
template <class T>
[[gnu::always_inline]] inline Vec<T> broadcast_once(const T* from) {
#if EIGAN_TARGET_HAS_FMA && defined(__clang__)
  Vec<T> vector;
  if constexpr (sizeof(T) == 4)
    EIGAN_IN_ORDER("vbroadcastss %1, %0" : "=v"(vector) : "m"(*from));
  else
    EIGAN_IN_ORDER("vbroadcastsd %1, %0" : "=v"(vector) : "m"(*from));
#else
  Vec<T> vector = broadcast<T>(*from);
#if !defined(__aarch64__)  // whose multiply-adds take a number from a single lane
  keep_in_register(vector);
#endif
#endif
  return vector;
}

/// sum += a * b. x86's instruction is written out. Left to a compiler, one loop gets it and the next, a multiplication
/// and an addition (g++ so tuned for some processors), and the bits of a row would depend on how many it is computed
/// with. And a sum stays in its register: where steps are unrolled, both compilers else move sums about and, of sixteen
/// registers, spill some, which made the register tile a third slower (g++ 12) or half as fast (clang 14).
template <class T>
[[gnu::always_inline]] inline void multiply_add(Vec<T>& sum, const Vec<T>& a, const Vec<T>& b) {
#if EIGAN_TARGET_HAS_FMA && defined(__GNUC__)
  if constexpr (sizeof(T) == 4)
    EIGAN_IN_ORDER("vfmadd231ps %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b));
  else
    EIGAN_IN_ORDER("vfmadd231pd %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b));
#else
  sum += a * b;
#endif
}

/// Whether multiply_add() takes a number from memory into all lanes without an instruction of its own.
#if EIGAN_TARGET_BYTES == 64 && defined(__x86_64__) && defined(__GNUC__)
inline constexpr bool takes_from_memory = true;
#else
inline constexpr bool takes_from_memory = false;
#endif

/// The same for the number at `a` in all lanes.
template <class T>
[[gnu::always_inline]] inline void multiply_add(Vec<T>& sum, const T* a, const Vec<T>& b) {
#if EIGAN_TARGET_BYTES == 64 && defined(__x86_64__) && defined(__GNUC__)
  if constexpr (sizeof(T) == 4)
    __asm__("vfmadd231ps %1%{1to16%}, %2, %0" : "+v"(sum) : "m"(*a), "v"(b));
  else
    __asm__("vfmadd231pd %1%{1to8%}, %2, %0" : "+v"(sum) : "m"(*a), "v"(b));
#else
  multiply_add<T>(sum, broadcast<T>(*a), b);
#endif
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
