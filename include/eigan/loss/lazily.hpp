#pragma once

#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/settings.hpp"
#include "../ops/arithmetic.hpp"
#include "adversarial_loss.hpp"
#include "penalty.hpp"
#include "penalty_context.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// Another penalty in one step of `every` alone, multiplied with `every` there, which keeps its weight per step (lazy
/// regularisation, Karras et al. 2020, section 3.1). It applies in step 0 first: `loss::Lazily(16, loss::R1(10))`.
template <class P>
class Lazily {
 public:
  /// Throws ConfigError unless every >= 1.
  Lazily(Index every, P penalty) : every_(every), penalty_(std::move(penalty)) {
    if (every < 1)
      throw ConfigError("Lazily: expected a penalty in every 1 or more steps, got " + std::to_string(every));
  }

  template <std::floating_point S>
  requires Penalty<P, S> Variable<S>
  operator()(const PenaltyContext<S>& here) {
    if (here.step % every_ != 0) return {};
    const Variable<S> penalty = detail::penalise(penalty_, here);
    return penalty.defined() && every_ > 1 ? static_cast<double>(every_) * penalty : penalty;
  }

  std::string_view name() const { return detail::name_of(penalty_); }
  bool needs_per_sample_critic() const { return detail::needs_per_sample_critic(penalty_); }

  void settings(auto&& field) const {
    field("every", static_cast<double>(every_));
    show_settings(penalty_, field);
  }
  template <std::floating_point S>
  void prepare(std::span<const Variable<S>> parameters, std::span<const std::string> names) {
    detail::prepare(penalty_, parameters, names);
  }
  void visit(auto&& field) {
    if constexpr (requires { penalty_.visit(field); }) penalty_.visit(field);
  }

 private:
  Index every_;
  P penalty_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
