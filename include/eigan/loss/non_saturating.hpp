#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"
#include "label_smoothing.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// Minimax's discriminator; the generator maximises E[log D(G(z))] instead (Goodfellow et al. 2014, section 3), whose
/// gradient is strong where the discriminator is sure. On logits t, D = sigmoid(t), log D = -softplus(-t).
struct NonSaturating {
  static constexpr const char* name = "nonsaturating";

  double real_target = 1;  ///< what D(x) shall be; 0.9 keeps it from being too sure (one-sided label smoothing,
                           ///< Salimans et al. 2016, section 3.4)

  template <std::floating_point S>
  Variable<S> discriminator(const Variable<S>& real, const Variable<S>& fake) const {
    return detail::smoothed_log_loss(real, real_target) + mean(softplus(fake));
  }

  template <std::floating_point S>
  Variable<S> generator(const Variable<S>&, const Variable<S>& fake) const {
    return mean(softplus(-fake));
  }

  void settings(auto&& field) const { field("real_target", real_target); }
  /// Throws ConfigError for a target outside of [0.5, 1].
  void check() const { detail::check_real_target("NonSaturating", real_target); }
};

/// What StyleGAN's papers call it (Karras et al. 2019).
using Logistic = NonSaturating;

}  // namespace eigan::inline EIGAN_ABI::loss
