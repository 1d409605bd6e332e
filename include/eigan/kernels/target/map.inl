// The loop behind every elementwise pass. Serial.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// out[i] = op(in[i]...) for whole vectors; `size` is a multiple of the lanes. Not inlined, so that each op's code
/// exists once for the body and the tail.
template <class Op, class T, class... In>
[[gnu::noinline]] void map_vectors(const Op& op, Index size, T* out, const In*... in) {
  const Op constants = op;  // a copy that the stores cannot change
  for (Index i = 0; i < size; i += lanes<T>) store<T>(out + i, apply(constants, load<T>(in + i)...));
}

/// The tail runs the same code on padded vectors, so that an element's bits do not depend on where it stands.
template <class Op, class T, std::size_t... Input>
void map_padded(const Op& op, Index size, T* out, const T* const* in, std::index_sequence<Input...>) {
  const Index whole = size / lanes<T> * lanes<T>;
  if (whole > 0) map_vectors(op, whole, out, in[Input]...);
  if (whole == size) return;
  const auto rest = static_cast<std::size_t>(size - whole) * sizeof(T);
  T tail[sizeof...(Input) + 1][lanes<T>] = {};
  (__builtin_memcpy(tail[Input], in[Input] + whole, rest), ...);
  map_vectors(op, lanes<T>, tail[sizeof...(Input)], static_cast<const T*>(tail[Input])...);
  __builtin_memcpy(out + whole, tail[sizeof...(Input)], rest);
}

/// out[i] = op(in[0][i], in[1][i], ...). `op` points to an Op: type-erased, so that what splits the work is compiled
/// once.
template <class Op, class T, int Inputs>
void map(const void* op, Index size, T* out, const T* const* in) {
  map_padded(*static_cast<const Op*>(op), size, out, in, std::make_index_sequence<Inputs>{});
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
