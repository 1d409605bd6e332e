// Sums of squares and the search for what is not finite. Serial.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// As many elements as a vector has doubles.
[[gnu::always_inline]] inline Vec<double> load_doubles(const double* from) { return load<double>(from); }
[[gnu::always_inline]] inline Vec<double> load_doubles(const float* from) {
  Half<float> half;
  __builtin_memcpy(&half, from, sizeof half);
  return as_doubles(half);
}

/// In double, in an order that depends on `size` alone.
template <class T>
double sum_of_squares(const T* x, Index size) {
  constexpr Index width = lanes<double>, chains = 4;  // independent sums, to hide the additions' latency
  Vec<double> sums[chains] = {};
  Index i = 0;
  for (; i + chains * width <= size; i += chains * width)
    for (Index chain = 0; chain < chains; ++chain) {
      const Vec<double> values = load_doubles(x + i + chain * width);
      sums[chain] += values * values;
    }
  T tail[chains * width] = {};
  __builtin_memcpy(tail, x + i, static_cast<std::size_t>(size - i) * sizeof(T));
  for (Index chain = 0; chain < chains; ++chain) {
    const Vec<double> values = load_doubles(tail + chain * width);
    sums[chain] += values * values;
  }
  const Vec<double> all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  double sum = 0;
  for (Index lane = 0; lane < width; ++lane) sum += all[lane];
  return sum;
}

/// The position of the first NaN or infinity, or -1. Their magnitudes, taken as whole numbers, are the largest.
template <class T>
Index first_non_finite(const T* x, Index size) {
  constexpr Index block = 64 * lanes<T>;
  for (Index begin = 0; begin < size; begin += block) {
    const Index end = begin + block < size ? begin + block : size;
    Vec<Word<T>> largest = {};
    Index i = begin;
    for (; i + lanes<T> <= end; i += lanes<T>) {
      const auto magnitude = (Vec<Word<T>>)load<T>(x + i) & magnitude_bits<T>;
      largest = magnitude > largest ? magnitude : largest;
    }
    for (Index lane = 0; lane < lanes<T>; ++lane)
      if (largest[lane] >= infinity_bits<T>) i = begin;
    for (; i < end; ++i) {
      Word<T> bits;
      __builtin_memcpy(&bits, x + i, sizeof bits);
      if ((bits & magnitude_bits<T>) >= infinity_bits<T>) return i;
    }
  }
  return -1;
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
