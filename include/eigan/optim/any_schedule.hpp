#pragma once

#include <concepts>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../core/config.hpp"
#include "../core/settings.hpp"
#include "schedule.hpp"

namespace eigan::inline EIGAN_ABI::optim {

class AnySchedule;

namespace detail {

template <class F>
concept ErasableSchedule = !std::same_as<F, AnySchedule> && std::is_invocable_r_v<double, const F&, Index>;

}  // namespace detail

/// Any schedule behind one type: one of schedule.hpp, or any function of the step, counted from 0. Constant by default.
class AnySchedule {
 public:
  AnySchedule() : AnySchedule(ConstantSchedule{}) {}

  /// Throws ConfigError for a schedule that lacks its horizon.
  template <detail::ErasableSchedule F>
  AnySchedule(F schedule) : settings_(settings_of(schedule)) {
    if constexpr (requires { std::string_view(F::name); }) name_ = F::name;
    if constexpr (requires(const F& checked) { checked.check(); }) schedule.check();
    factor_ = std::move(schedule);
  }

  /// The factor on the learning rate at a step.
  double operator()(Index step) const { return factor_(step); }

  /// "custom" for a function of the user's.
  std::string_view name() const { return name_; }
  /// Its numbers by name, such as {"steps", 20000}.
  const Settings& settings() const { return settings_; }

 private:
  std::string_view name_ = "custom";
  Settings settings_;
  std::function<double(Index)> factor_;
};

}  // namespace eigan::inline EIGAN_ABI::optim
