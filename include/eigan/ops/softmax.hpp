#pragma once

#include <concepts>

#include "../core/config.hpp"
#include "elementwise.hpp"
#include "max_along.hpp"
#include "reduce.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

/// log(sum(exp(x))) over the last axis, which stays with extent 1; without overflow.
template <std::floating_point S>
Variable<S> logsumexp(const Variable<S>& x) {
  const Variable<S> largest = detach(max_along(detach(x), -1));  // any shift gives the same result and gradient
  return add(log(sum(exp(sub(x, largest)), -1)), largest);
}

/// x - logsumexp(x) over the last axis.
template <std::floating_point S>
Variable<S> log_softmax(const Variable<S>& x) {
  return sub(x, logsumexp(x));
}

/// exp(x) / sum(exp(x)) over the last axis.
template <std::floating_point S>
Variable<S> softmax(const Variable<S>& x) {
  return exp(log_softmax(x));
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
