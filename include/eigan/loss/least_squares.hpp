#pragma once

#include <concepts>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// The discriminator minimises 1/2 E[(D(x) - b)^2] + 1/2 E[(D(G(z)) - a)^2], the generator 1/2 E[(D(G(z)) - c)^2]
/// (Mao et al. 2017, eq. 2). The outputs are used as they are. b - c = 1 and b - a = 2 make the pair minimise a Pearson
/// chi-squared divergence; a = 0, b = c = 1, the default, are the paper's other choice.
struct LeastSquares {
  static constexpr const char* name = "least_squares";

  double fake_target = 0;       ///< a
  double real_target = 1;       ///< b
  double generator_target = 1;  ///< c

  template <std::floating_point S>
  Variable<S> discriminator(const Variable<S>& real, const Variable<S>& fake) const {
    return 0.5 * (mean(square(real - real_target)) + mean(square(fake - fake_target)));
  }

  template <std::floating_point S>
  Variable<S> generator(const Variable<S>&, const Variable<S>& fake) const {
    return 0.5 * mean(square(fake - generator_target));
  }

  void settings(auto&& field) const {
    field("fake_target", fake_target);
    field("real_target", real_target);
    field("generator_target", generator_target);
  }
  /// Throws ConfigError if the discriminator's two targets are one.
  void check() const {
    if (!(fake_target != real_target))
      throw ConfigError("loss::LeastSquares: expected a .fake_target other than .real_target, got " +
                        std::to_string(fake_target) + " for both");
  }
};

}  // namespace eigan::inline EIGAN_ABI::loss
