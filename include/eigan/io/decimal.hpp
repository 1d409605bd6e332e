#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::io {

/// The shortest decimal that reads back as the same number; a whole floating-point number is written without a point.
template <class T>
requires std::is_arithmetic_v<T> std::string to_decimal(T number) {
  std::array<char, 64> text;
  char* end = text.data();
  if constexpr (std::floating_point<T>) {
    constexpr T exact = T(1) / std::numeric_limits<T>::epsilon();
    if (number == std::trunc(number) && std::abs(number) < exact && !(number == 0 && std::signbit(number)))
      end = std::to_chars(text.data(), text.data() + text.size(), static_cast<std::int64_t>(number)).ptr;
    else
      end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  } else {
    end = std::to_chars(text.data(), text.data() + text.size(), +number).ptr;
  }
  return {text.data(), end};
}

}  // namespace eigan::inline EIGAN_ABI::io
