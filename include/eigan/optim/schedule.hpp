#pragma once

#include <cmath>
#include <numbers>
#include <string>
#include <string_view>

#include "../core/config.hpp"
#include "../core/error.hpp"

// A schedule is a function of the step, counted from 0, that gives a factor on the learning rate. Its horizon is
// configuration: it does not depend on where a run stops. check() throws ConfigError for one without.

namespace eigan::inline EIGAN_ABI::optim {

namespace detail {

/// Throws ConfigError unless a schedule has a horizon.
inline void expect_horizon(const char* schedule, Index steps) {
  if (steps <= 0) throw ConfigError(std::string(schedule) + ": expected .steps above 0, got " + std::to_string(steps));
}

/// How much of a horizon of `steps` lies behind at `step`: 0 to 1.
inline double progress(Index step, Index steps) {
  return step >= steps ? 1 : static_cast<double>(step) / static_cast<double>(steps);
}

}  // namespace detail

/// Always the same factor.
struct ConstantSchedule {
  static constexpr const char* name = "constant";
  double factor = 1;

  double operator()(Index) const { return factor; }
  void settings(auto&& field) const { field("factor", factor); }
};

/// From one factor to another in a straight line over `steps`, and there it stays.
struct LinearSchedule {
  static constexpr const char* name = "linear";
  double from = 1;
  double to = 0;
  Index steps = 0;  ///< required
  Index hold = 0;   ///< steps at `from` before the line begins

  double operator()(Index step) const {
    const double done = step < hold ? 0 : detail::progress(step - hold, steps);
    return (1 - done) * from + done * to;
  }
  /// Throws ConfigError without a horizon, or for a negative .hold.
  void check() const {
    detail::expect_horizon("LinearSchedule", steps);
    if (hold < 0) throw ConfigError("LinearSchedule: expected .hold of 0 or more, got " + std::to_string(hold));
  }
  void settings(auto&& field) const {
    field("from", from);
    field("to", to);
    field("steps", static_cast<double>(steps));
    field("hold", static_cast<double>(hold));
  }
};

/// From 1 down to `to` along half a cosine over `steps`, and there it stays (Loshchilov and Hutter 2017, eq. 5, without
/// restarts).
struct CosineSchedule {
  static constexpr const char* name = "cosine";
  double to = 0;
  Index steps = 0;  ///< required

  double operator()(Index step) const {
    const double done = detail::progress(step, steps);
    return to + (1 - to) * (1 + std::cos(std::numbers::pi * done)) / 2;
  }
  void check() const { detail::expect_horizon("CosineSchedule", steps); }
  void settings(auto&& field) const {
    field("to", to);
    field("steps", static_cast<double>(steps));
  }
};

/// Steps 0 to steps - 1 climb to 1 as (step + 1) / steps; then another schedule starts, at its own step 0.
template <class Then = ConstantSchedule>
struct WarmUpSchedule {
  static constexpr const char* name = "warm_up";
  Index steps = 0;  ///< required
  Then then = {};

  double operator()(Index step) const {
    return step < steps ? static_cast<double>(step + 1) / static_cast<double>(steps) : then(step - steps);
  }
  void check() const {
    detail::expect_horizon("WarmUpSchedule", steps);
    if constexpr (requires { then.check(); }) then.check();
  }
  void settings(auto&& field) const {
    field("steps", static_cast<double>(steps));
    const auto inner = [&](std::string_view setting, double value) { field("then." + std::string(setting), value); };
    if constexpr (requires { then.settings(inner); }) then.settings(inner);
  }
};

/// Climbs to 1 over `steps`, then goes on as `then` does from its start:
/// `warm_up(500, CosineSchedule{.steps = 20'000})`
template <class Then = ConstantSchedule>
WarmUpSchedule<Then> warm_up(Index steps, Then then = {}) {
  return {.steps = steps, .then = then};
}

}  // namespace eigan::inline EIGAN_ABI::optim
