#pragma once

#include <concepts>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/activation.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/reduce.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// The discriminator gives each sample an energy of 0 or more, low for real ones, such as the error of an autoencoder:
/// it minimises E[D(x)] + E[max(0, margin - D(G(z)))], the generator E[D(G(z))] (Zhao et al. 2017, eqs. 1 and 2).
/// The outputs are energies [N, 1].
struct EnergyBased {
  static constexpr const char* name = "energy_based";

  double margin = 10;  ///< up to which generated samples are pushed; it depends on how large energies are

  template <std::floating_point S>
  Variable<S> discriminator(const Variable<S>& real, const Variable<S>& fake) const {
    return mean(real) + mean(relu(margin - fake));
  }

  template <std::floating_point S>
  Variable<S> generator(const Variable<S>&, const Variable<S>& fake) const {
    return mean(fake);
  }

  void settings(auto&& field) const { field("margin", margin); }
  /// Throws ConfigError unless margin > 0.
  void check() const {
    if (!(margin > 0)) throw ConfigError("loss::EnergyBased: expected .margin above 0, got " + std::to_string(margin));
  }
};

}  // namespace eigan::inline EIGAN_ABI::loss
