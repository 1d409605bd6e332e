// Bytes to numbers and back. Serial.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class T>
struct BytesOf {
  typedef std::uint8_t Type __attribute__((vector_size(lanes<T>)));
};

template <class T>
[[gnu::noinline]] void from_bytes(const std::uint8_t* in, T* out, Index size, T scale, T shift) {
  for (Index i = 0; i < size; i += lanes<T>) {
    std::uint8_t bytes[lanes<T>];
    __builtin_memcpy(bytes, in + i, sizeof bytes);
    Word<T> words[lanes<T>];  // g++ 12 vectorises this loop, but takes vectors of bytes apart one by one
    for (Index lane = 0; lane < lanes<T>; ++lane) words[lane] = bytes[lane];
    store<T>(out + i, __builtin_convertvector(load<Word<T>>(words), Vec<T>) * scale + shift);
  }
}

/// Rounds halves up; NaN becomes 0.
template <class T>
[[gnu::noinline]] void to_bytes(const T* in, std::uint8_t* out, Index size, T scale, T shift) {
  for (Index i = 0; i < size; i += lanes<T>) {
    const Vec<T> value = load<T>(in + i) * scale + shift;
    const Vec<T> clamped = is_nan(value) ? Vec<T>{} : minimum(maximum(value, Vec<T>{}), broadcast<T>(255));
    const auto words = __builtin_convertvector(clamped + T(0.5), Vec<Word<T>>);
    const auto bytes = __builtin_convertvector(words, typename BytesOf<T>::Type);
    __builtin_memcpy(out + i, &bytes, sizeof bytes);
  }
}

/// Runs one of the two above on whole vectors, and on a padded one for the tail.
template <class T, class In, class Out>
void convert_padded(void (*convert)(const In*, Out*, Index, T, T), const In* in, Out* out, Index size, T scale,
                    T shift) {
  const Index whole = size / lanes<T> * lanes<T>;
  convert(in, out, whole, scale, shift);
  if (whole == size) return;
  const auto rest = static_cast<std::size_t>(size - whole);
  In tail_in[lanes<T>] = {};
  Out tail_out[lanes<T>];
  __builtin_memcpy(tail_in, in + whole, rest * sizeof(In));
  convert(tail_in, tail_out, lanes<T>, scale, shift);
  __builtin_memcpy(out + whole, tail_out, rest * sizeof(Out));
}

template <class T>
void from_bytes_padded(const std::uint8_t* in, T* out, Index size, T scale, T shift) {
  convert_padded<T>(&from_bytes<T>, in, out, size, scale, shift);
}
template <class T>
void to_bytes_padded(const T* in, std::uint8_t* out, Index size, T scale, T shift) {
  convert_padded<T>(&to_bytes<T>, in, out, size, scale, shift);
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
