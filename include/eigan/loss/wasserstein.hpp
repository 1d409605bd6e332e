#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/reduce.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// The critic minimises E[D(G(z))] - E[D(x)], the negative of the Wasserstein distance's dual; the generator minimises
/// -E[D(G(z))] (Arjovsky et al. 2017, eq. 2 and alg. 1). The critic has to be Lipschitz: see GradientPenalty and
/// optim::clip_weights.
struct Wasserstein {
  static constexpr const char* name = "wasserstein";
  static constexpr bool compares_outputs = true;

  template <std::floating_point S>
  Variable<S> discriminator(const Variable<S>& real, const Variable<S>& fake) const {
    return mean(fake) - mean(real);
  }

  template <std::floating_point S>
  Variable<S> generator(const Variable<S>&, const Variable<S>& fake) const {
    return -mean(fake);
  }
};

}  // namespace eigan::inline EIGAN_ABI::loss
