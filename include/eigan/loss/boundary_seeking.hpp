#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// Minimax's discriminator; the generator seeks the boundary where it cannot decide: it minimises
/// 1/2 E[(log D(G(z)) - log(1 - D(G(z))))^2] (Hjelm et al. 2018), on logits t = log D - log(1 - D) simply
/// 1/2 E[t^2].
struct BoundarySeeking {
  static constexpr const char* name = "boundary_seeking";

  template <std::floating_point S>
  Variable<S> discriminator(const Variable<S>& real, const Variable<S>& fake) const {
    return mean(softplus(-real)) + mean(softplus(fake));
  }

  template <std::floating_point S>
  Variable<S> generator(const Variable<S>&, const Variable<S>& fake) const {
    return 0.5 * mean(square(fake));
  }
};

}  // namespace eigan::inline EIGAN_ABI::loss
