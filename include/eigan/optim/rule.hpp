#pragma once

#include <array>
#include <concepts>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../kernels/update.hpp"
#include "../ops/elementwise.hpp"

namespace eigan::inline EIGAN_ABI::optim {

/// The names of what an optimizer keeps for each parameter, each a tensor of the parameter's shape that starts as
/// zeros.
using SlotNames = std::vector<std::string_view>;

/// What an optimizer is: hyper-parameters, and one formula for how a parameter moves.
///   - `learning_rate`, a double, that schedules multiply with a factor;
///   - `slots()` names what is kept for each parameter;
///   - `differentiable_step(parameter, gradient, state, t, factor)` returns the new parameter and replaces the state,
///   one
///     Variable for each slot. t is 1 at the first step. All in differentiable ops.
/// It may also have
///   - `step(tensors, t, factor, gradient_scale)`, the same over a span of kernels::StepTensor in one pass over memory
///     (without it, the formula is run on one after the other); each gradient is multiplied with gradient_scale first;
///   - `name` and `settings(field)` for the checkpoint, `check()` that throws ConfigError.
template <class O, class S>
concept OptimizerRule = std::copy_constructible<O> &&
    requires(const O& rule, const Variable<S>& x, std::span<Variable<S>> state, Index t, double factor) {
  { rule.learning_rate } -> std::convertible_to<double>;
  { rule.slots() } -> std::convertible_to<SlotNames>;
  { rule.differentiable_step(x, x, state, t, factor) } -> std::convertible_to<Variable<S>>;
};

/// A rule that has a step over all tensors at once beside its formula.
template <class O, class S>
concept FusedRule = OptimizerRule<O, S> &&
    requires(const O& rule, std::span<const kernels::StepTensor<S>> tensors, Index t, double factor) {
  rule.step(tensors, t, factor, factor);
};

namespace detail {

/// Throws ConfigError for a hyper-parameter outside of [low, high).
inline void check_range(const char* rule, const char* name, double value, double low, double high) {
  if (!(value >= low && value < high))
    throw ConfigError(std::string(rule) + ": expected ." + name + " of at least " + std::to_string(low) +
                      (high < std::numeric_limits<double>::max() ? " and below " + std::to_string(high) : "") +
                      ", got " + std::to_string(value));
}
inline void check_positive(const char* rule, const char* name, double value) {
  check_range(rule, name, value, 0, std::numeric_limits<double>::max());
}

/// sqrt(x) with derivative 0, not infinite, at x = 0: a moment that is still zero moves nothing.
template <std::floating_point S>
Variable<S> root(const Variable<S>& x) {
  return sqrt(clamp(x, std::numeric_limits<S>::min(), std::numeric_limits<S>::max()));
}

/// Weight decay as an L2 term: gradient + decay * parameter.
template <std::floating_point S>
Variable<S> decayed(const Variable<S>& gradient, const Variable<S>& parameter, double decay) {
  return decay == 0 ? gradient : gradient + decay * parameter;
}

/// The next moving average: keep * average + (1 - keep) * value.
template <std::floating_point S>
Variable<S> averaged(const Variable<S>& average, const Variable<S>& value, double keep) {
  return keep * average + (1 - keep) * value;
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::optim
