// Weighted sums of rows. Serial.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// y[i] = the sum over taps of weight * x[position * step + i] for i < n.
template <class T>
[[gnu::always_inline]] inline void weighted_sum(const T* x, Index step, const Index* position, const T* weight,
                                                Index taps, Index n, T* y) {
  if (n < lanes<T>) {  // a few channels, as of a picture
    for (Index i = 0; i < n; ++i) {
      T total = 0;
      for (Index tap = 0; tap < taps; ++tap) total += weight[tap] * x[position[tap] * step + i];
      y[i] = total;
    }
    return;
  }
  each_vector<T>(n, [=](auto at) EIGAN_INLINED {
    Vec<T> total{};
    for (Index tap = 0; tap < taps; ++tap) total += at(x + position[tap] * step) * weight[tap];
    at.put(y, total);
  });
}

/// The sum over taps of weight * row, for rows of x that begin `step` elements apart.
template <class T>
void combine_rows(const T* x, Index step, const Index* position, const T* weight, Index taps, Index n, T* y) {
  weighted_sum(x, step, position, weight, taps, n, y);
}

/// One row of a picture, [in, C] -> [out, C]. Taps as in ResampleTaps.
template <class T>
void resample_row(const T* x, Index out, Index C, const Index* first, const Index* position, const T* weight, T* y) {
  for (Index o = 0; o < out; ++o, y += C) {
    const Index begin = first[o];
    weighted_sum(x, C, position + begin, weight + begin, first[o + 1] - begin, C, y);
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
