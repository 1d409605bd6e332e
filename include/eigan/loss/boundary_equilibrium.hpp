#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/reduce.hpp"

namespace eigan::inline EIGAN_ABI::loss {

struct BoundaryEquilibriumOptions {
  double gamma = 0.5;    ///< E[L(G(z))] / E[L(x)] aimed at: the lower, the less diverse the samples
  double lambda = 1e-3;  ///< how fast k follows
};

/// BEGAN: the discriminator is an autoencoder and returns each sample's error L [N, 1]. It minimises L(x) - k L(G(z)),
/// the generator L(G(z)); after each of the generator's updates k moves by lambda (gamma L(x) - L(G(z))), within [0, 1]
/// (Berthelot et al. 2017, section 3.4), where L(x) is that of the discriminator's last update.
class BoundaryEquilibrium {
 public:
  static constexpr const char* name = "boundary_equilibrium";

  explicit BoundaryEquilibrium(const BoundaryEquilibriumOptions& options = {}) : options_(options) {}

  template <std::floating_point S>
  Variable<S> discriminator(const Variable<S>& real, const Variable<S>& fake) {
    const Variable<S> error = mean(real);
    real_error_ = static_cast<double>(error.item());
    return error - k_ * mean(fake);
  }

  template <std::floating_point S>
  Variable<S> generator(const Variable<S>&, const Variable<S>& fake) {
    Variable<S> error = mean(fake);
    const double balance = options_.gamma * real_error_ - static_cast<double>(error.item());
    convergence_ = real_error_ + std::abs(balance);
    k_ = std::clamp(k_ + options_.lambda * balance, 0.0, 1.0);
    return error;
  }

  /// How much the discriminator dwells on generated samples, 0 at first.
  double k() const { return k_; }
  /// M = L(x) + |gamma L(x) - L(G(z))|, which falls as training converges. Behind an AnyLoss, visit() shows it as
  /// "convergence".
  double convergence() const { return convergence_; }

  void settings(auto&& field) const {
    field("gamma", options_.gamma);
    field("lambda", options_.lambda);
  }
  void visit(auto&& field) {
    field("k", k_);
    field("real_error", real_error_);
    field("convergence", convergence_);
  }
  /// Throws ConfigError for a gamma or lambda below 0.
  void check() const {
    if (!(options_.gamma >= 0) || !(options_.lambda >= 0))
      throw ConfigError("loss::BoundaryEquilibrium: expected .gamma and .lambda of 0 or more, got " +
                        std::to_string(options_.gamma) + " and " + std::to_string(options_.lambda));
  }

 private:
  BoundaryEquilibriumOptions options_;
  double k_ = 0, real_error_ = 0, convergence_ = 0;
};

}  // namespace eigan::inline EIGAN_ABI::loss
