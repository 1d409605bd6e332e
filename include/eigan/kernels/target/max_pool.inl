// Maxima over windows. Serial.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

[[gnu::always_inline]] inline void store_positions(std::int32_t* to, Vec<std::int32_t> positions) {
  store(to, positions);
}
[[gnu::always_inline]] inline void store_positions(std::int32_t* to, Vec<std::int64_t> positions) {
  const auto narrow = __builtin_convertvector(positions, Half<std::int32_t>);
  __builtin_memcpy(to, &narrow, sizeof narrow);
}

/// y[c] = the maximum of x[position, c] over the given positions, argmax[c] the first that has it; NaN is larger than
/// all numbers. x: [*, C].
template <class T>
void maximum_of_window(const T* x, const Index* position, Index count, Index C, T* y, std::int32_t* argmax) {
  each_vector<T>(C, [=](auto at) EIGAN_INLINED {
    LargestSoFar<T> largest(at(x + position[0] * C), static_cast<Word<T>>(position[0]));
    for (Index tap = 1; tap < count; ++tap) largest.see(at(x + position[tap] * C), static_cast<Word<T>>(position[tap]));
    at.put(y, largest.value);
    if (C - at.index >= lanes<T>)
      store_positions(argmax + at.index, largest.position);
    else
      for (Index lane = 0; lane < C - at.index; ++lane)
        argmax[at.index + lane] = static_cast<std::int32_t>(largest.position[lane]);
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
