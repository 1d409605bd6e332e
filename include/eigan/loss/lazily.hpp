#pragma once

#include <concepts>
#include <string>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/settings.hpp"
#include "../ops/arithmetic.hpp"
#include "penalty.hpp"
#include "penalty_context.hpp"
#include "wrapped_penalty.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// Another penalty in one step of `every` alone, multiplied with `every` there, which keeps its weight per step (lazy
/// regularisation, Karras et al. 2020, section 3.1). It applies in step 0 first: `loss::Lazily(16, loss::R1(10))`.
template <class P>
class Lazily : public detail::WrappedPenalty<P> {
  using Wrapped = detail::WrappedPenalty<P>;

 public:
  /// Throws ConfigError unless every >= 1.
  Lazily(Index every, P penalty) : Wrapped(std::move(penalty)), every_(every) {
    if (every < 1)
      throw ConfigError("Lazily: expected a penalty in every 1 or more steps, got " + std::to_string(every));
  }

  template <std::floating_point S>
  requires Penalty<P, S> Variable<S>
  operator()(const PenaltyContext<S>& here) {
    if (here.step % every_ != 0) return {};
    const Variable<S> penalty = detail::penalise(Wrapped::penalty_, here);
    return penalty.defined() && every_ > 1 ? static_cast<double>(every_) * penalty : penalty;
  }

  void settings(auto&& field) const {
    field("every", static_cast<double>(every_));
    show_settings(Wrapped::penalty_, field);
  }

 private:
  Index every_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
