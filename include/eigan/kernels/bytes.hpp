#pragma once

#include <cstdint>

#include "../core/config.hpp"
#include "simd/dispatch.hpp"
#include "simd/math.hpp"
#include "split.hpp"

#define EIGAN_TARGET_FILE "../target/bytes.inl"
#include "simd/for_each_target.inl"

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

template <class T>
void from_bytes_serial(const std::uint8_t* in, T* out, Index size, T scale, T shift) {
  EIGAN_DISPATCH(from_bytes_padded<T>(in, out, size, scale, shift))
}
template <class T>
void to_bytes_serial(const T* in, std::uint8_t* out, Index size, T scale, T shift) {
  EIGAN_DISPATCH(to_bytes_padded<T>(in, out, size, scale, shift))
}

}  // namespace detail

/// out[i] = scale * in[i] + shift: a batch of images becomes numbers, e.g. in [-1, 1] with scale 2/255 and shift -1.
template <class T>
void from_bytes(const std::uint8_t* in, T* out, Index size, T scale, T shift) {
  detail::for_pieces(size, 1, [=](Index first, Index last) {
    detail::from_bytes_serial(in + first, out + first, last - first, scale, shift);
  });
}

/// out[i] = scale * in[i] + shift, rounded to the nearest byte (halves up) and kept within 0 to 255; NaN becomes 0.
template <class T>
void to_bytes(const T* in, std::uint8_t* out, Index size, T scale, T shift) {
  detail::for_pieces(size, 1, [=](Index first, Index last) {
    detail::to_bytes_serial(in + first, out + first, last - first, scale, shift);
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels
