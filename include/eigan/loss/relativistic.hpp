#pragma once

#include <concepts>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/activation.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// How a relativistic loss judges a difference d of two logits that ought to be large: f(d) = log(1 + exp(-d)),
/// max(0, 1 - d) or (d - 1)^2.
enum class RelativisticBase { logistic, hinge, least_squares };

namespace detail {

template <std::floating_point S>
Variable<S> relativistic_cost(RelativisticBase base, const Variable<S>& difference) {
  switch (base) {
    case RelativisticBase::hinge:
      return mean(relu(1 - difference));
    case RelativisticBase::least_squares:
      return mean(square(difference - 1));
    case RelativisticBase::logistic:
      break;
  }
  return mean(softplus(-difference));
}

}  // namespace detail

/// Real samples shall look more real than generated ones do on average, and the other way round: with f as above, the
/// discriminator minimises E[f(D(x) - E D(G(z)))] + E[f(E D(x) - D(G(z)))], the generator the same with real and
/// generated exchanged (Jolicoeur-Martineau 2018, section 4; RaSGAN, RaHinge, RaLSGAN). On logits.
struct RelativisticAverage {
  static constexpr const char* name = "relativistic_average";
  static constexpr bool generator_needs_real = true;
  static constexpr bool compares_outputs = true;

  RelativisticBase base = RelativisticBase::logistic;

  template <std::floating_point S>
  Variable<S> discriminator(const Variable<S>& real, const Variable<S>& fake) const {
    return detail::relativistic_cost(base, real - mean(fake)) + detail::relativistic_cost(base, mean(real) - fake);
  }

  template <std::floating_point S>
  Variable<S> generator(const Variable<S>& real, const Variable<S>& fake) const {
    return discriminator(fake, real);
  }

  void settings(auto&& field) const { field("base", static_cast<double>(base)); }
};

/// Each real sample shall look more real than the generated one that it is paired with: the discriminator minimises
/// E[f(D(x) - D(G(z)))], the generator E[f(D(G(z)) - D(x))] (Jolicoeur-Martineau 2018, section 4; RSGAN). On logits.
struct RelativisticPaired {
  static constexpr const char* name = "relativistic_paired";
  static constexpr bool generator_needs_real = true;
  static constexpr bool compares_outputs = true;

  RelativisticBase base = RelativisticBase::logistic;

  /// Throws ShapeError unless there are as many real as generated samples.
  template <std::floating_point S>
  Variable<S> discriminator(const Variable<S>& real, const Variable<S>& fake) const {
    if (!(real.shape() == fake.shape()))
      throw ShapeError("RelativisticPaired: expected as many outputs of real as of generated samples, got " +
                       to_string(real.shape()) + " and " + to_string(fake.shape()));
    return detail::relativistic_cost(base, real - fake);
  }

  template <std::floating_point S>
  Variable<S> generator(const Variable<S>& real, const Variable<S>& fake) const {
    return discriminator(fake, real);
  }

  void settings(auto&& field) const { field("base", static_cast<double>(base)); }
};

}  // namespace eigan::inline EIGAN_ABI::loss
