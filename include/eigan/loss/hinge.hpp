#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../ops/activation.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/reduce.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// The discriminator minimises E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))], the generator -E[D(G(z))] (Lim and Ye
/// 2017; Miyato et al. 2018, eqs. 16 and 17). On logits; samples beyond the margin move the discriminator no more.
struct Hinge {
  static constexpr const char* name = "hinge";

  template <std::floating_point S>
  Variable<S> discriminator(const Variable<S>& real, const Variable<S>& fake) const {
    return mean(relu(1 - real)) + mean(relu(1 + fake));
  }

  template <std::floating_point S>
  Variable<S> generator(const Variable<S>&, const Variable<S>& fake) const {
    return -mean(fake);
  }
};

}  // namespace eigan::inline EIGAN_ABI::loss
