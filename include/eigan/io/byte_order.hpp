#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::io {

/// Copies `count` numbers between memory and a file's bytes; `order` is that of the file. Neither side needs alignment.
template <class T>
void copy_in_order(void* to, const void* from, std::size_t count, std::endian order) {
  if (count == 0) return;
  std::memcpy(to, from, count * sizeof(T));
  if constexpr (sizeof(T) > 1) {
    if (order == std::endian::native) return;
    auto* const bytes = static_cast<std::byte*>(to);
    for (std::size_t i = 0; i < count; ++i) std::reverse(bytes + i * sizeof(T), bytes + (i + 1) * sizeof(T));
  }
}

/// The number that a file's bytes spell.
template <class T>
T number_from(const void* bytes, std::endian order) {
  T number;
  copy_in_order<T>(&number, bytes, 1, order);
  return number;
}

/// The bytes that spell a number in a file.
template <class T>
std::array<std::byte, sizeof(T)> bytes_of(T number, std::endian order) {
  std::array<std::byte, sizeof(T)> bytes;
  copy_in_order<T>(bytes.data(), &number, 1, order);
  return bytes;
}

}  // namespace eigan::inline EIGAN_ABI::io
