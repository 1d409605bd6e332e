#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"
#include "label_smoothing.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// The two-player game as first written, min over G, max over D: E[log D(x)] + E[log(1 - D(G(z)))] (Goodfellow et al.
/// 2014, eq. 1), on logits t with D = sigmoid(t), so that log D = -softplus(-t) and log(1 - D) = -softplus(t). The
/// generator's half saturates where the discriminator is sure; NonSaturating is the remedy.
struct Minimax {
  static constexpr const char* name = "minimax";

  double real_target = 1;  ///< what D(x) shall be; 0.9 keeps it from being too sure (one-sided label smoothing,
                           ///< Salimans et al. 2016, section 3.4)

  template <std::floating_point S>
  Variable<S> discriminator(const Variable<S>& real, const Variable<S>& fake) const {
    return detail::smoothed_log_loss(real, real_target) + mean(softplus(fake));
  }

  template <std::floating_point S>
  Variable<S> generator(const Variable<S>&, const Variable<S>& fake) const {
    return -mean(softplus(fake));
  }

  void settings(auto&& field) const { field("real_target", real_target); }
  /// Throws ConfigError for a target outside of [0.5, 1].
  void check() const { detail::check_real_target("Minimax", real_target); }
};

}  // namespace eigan::inline EIGAN_ABI::loss
