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

namespace detail {

/// The mean of -(t log D + (1 - t) log(1 - D)) over logits x, D = sigmoid(x): softplus(-x) + (1 - t) x. The target t is
/// the probability that the discriminator shall name, 1 for sure; less than that smooths the label.
template <std::floating_point S>
Variable<S> smoothed_log_loss(const Variable<S>& logits, double target) {
  const Variable<S> sure = mean(softplus(-logits));
  return target == 1 ? sure : sure + (1 - target) * mean(logits);
}

inline void check_real_target(const char* loss, double target) {
  if (!(target >= 0.5 && target <= 1))
    throw ConfigError(std::string("loss::") + loss + ": expected .real_target in [0.5, 1], got " +
                      std::to_string(target));
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::loss
