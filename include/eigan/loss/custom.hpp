#pragma once

#include <concepts>
#include <functional>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// A loss of two callables on what the discriminator returned, (real, fake) -> one number:
///   loss::Custom<>{.discriminator = [](auto& real, auto& fake) { return mean(square(real - 1)) + mean(square(fake));
///   },
///                  .generator = [](auto&, auto& fake) { return mean(square(fake - 1)); }}
template <std::floating_point S = float>
struct Custom {
  std::function<Variable<S>(const Variable<S>& real, const Variable<S>& fake)> discriminator = {};
  std::function<Variable<S>(const Variable<S>& real, const Variable<S>& fake)> generator = {};
  bool generator_needs_real = false;  ///< else generator's `real` may be empty
  bool compares_outputs = false;      ///< whether only differences between outputs count

  /// Throws ConfigError if one of the two is missing.
  void check() const {
    if (!discriminator || !generator)
      throw ConfigError("loss::Custom: expected both .discriminator and .generator, got " +
                        std::string(discriminator || generator ? "one of them" : "neither"));
  }
};

}  // namespace eigan::inline EIGAN_ABI::loss
