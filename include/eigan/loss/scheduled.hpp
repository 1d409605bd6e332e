#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/settings.hpp"
#include "../ops/arithmetic.hpp"
#include "penalty.hpp"
#include "penalty_context.hpp"
#include "wrapped_penalty.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// Another penalty times a factor that changes over the run, a schedule's or any function of the step, counted from 0:
/// strong while the generator still looks for the data, weak later, when what a penalty costs in sharpness shows (Huang
/// et al. 2024, appendix). `loss::Scheduled(optim::CosineSchedule{.to = 0.1, .steps = 20'000}, loss::R1R2(0.5))`
template <class Schedule, class P>
requires std::is_invocable_r_v<double, const Schedule&, Index>
class Scheduled : public detail::WrappedPenalty<P> {
  using Wrapped = detail::WrappedPenalty<P>;

 public:
  /// Throws ConfigError for a schedule that lacks its horizon.
  Scheduled(Schedule schedule, P penalty) : Wrapped(std::move(penalty)), schedule_(std::move(schedule)) {
    if constexpr (requires { schedule_.check(); }) schedule_.check();
  }

  template <std::floating_point S>
  requires Penalty<P, S> Variable<S>
  operator()(const PenaltyContext<S>& here) {
    const Variable<S> penalty = detail::penalise(Wrapped::penalty_, here);
    return penalty.defined() ? schedule_(here.step) * penalty : penalty;
  }

  void settings(auto&& field) const {
    show_settings(schedule_,
                  [&](std::string_view name, double value) { field("schedule." + std::string(name), value); });
    show_settings(Wrapped::penalty_, field);
  }

 private:
  Schedule schedule_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
