#pragma once

#include <type_traits>

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI {

/// A plain number handed to an operation; takes any arithmetic type without a conversion warning in user code.
class Number {
 public:
  template <class T>
  requires std::is_arithmetic_v<T>
  constexpr Number(T value) : value_(static_cast<double>(value)) {}
  constexpr operator double() const { return value_; }

 private:
  double value_;
};

}  // namespace eigan::inline EIGAN_ABI
