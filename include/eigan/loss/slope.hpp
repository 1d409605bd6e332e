#pragma once

#include <concepts>
#include <type_traits>

#include "../autograd/grad.hpp"
#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../ops/reduce.hpp"
#include "critic_function.hpp"

namespace eigan::inline EIGAN_ABI::loss {

namespace detail {

/// grad_x D(x) for each sample of x [N, ...], in x's shape, where the sum of what the critic returns is differentiated.
/// It can be differentiated in the critic's parameters, not in x, where operations are recorded.
template <std::floating_point S>
Variable<S> slope(const CriticFunction<S>& critic, const Variable<S>& x) {
  const Variable<S> here(x.value());
  const bool differentiable = is_recording();
  const RecordingGuard recording(true);  // the slope is a gradient, even where only its value is wanted
  return grad(sum(critic(here)), here, {.create_graph = differentiable});
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::loss
