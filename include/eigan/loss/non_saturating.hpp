#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// Minimax's discriminator; the generator maximises E[log D(G(z))] instead (Goodfellow et al. 2014, section 3), whose
/// gradient is strong where the discriminator is sure. On logits t, D = sigmoid(t), log D = -softplus(-t).
struct NonSaturating {
  static constexpr const char* name = "nonsaturating";

  template <std::floating_point S>
  Variable<S> discriminator(const Variable<S>& real, const Variable<S>& fake) const {
    return mean(softplus(-real)) + mean(softplus(fake));
  }

  template <std::floating_point S>
  Variable<S> generator(const Variable<S>&, const Variable<S>& fake) const {
    return mean(softplus(-fake));
  }
};

}  // namespace eigan::inline EIGAN_ABI::loss
