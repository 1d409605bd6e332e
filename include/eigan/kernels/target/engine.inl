// The serial kernels under matmul and the convolutions, gathered for their callers.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class T>
const Engine<T>& engine_of() {
  static constexpr Engine<T> engine = {lanes<T>,          tile_vectors * lanes<T>,
                                       sweep<T>,          sweep_wide<T>,
                                       sweep_channels<T>, sum_taps<T>,
                                       dots<T>,           pack<T>,
                                       transpose<T>,      add_parts<T>};
  return engine;
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
