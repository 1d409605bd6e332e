#pragma once

#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "adversarial_loss.hpp"
#include "penalty.hpp"

namespace eigan::inline EIGAN_ABI::loss::detail {

/// What a penalty that applies another one in its own way hands on unchanged: its name, its needs and its state.
template <class P>
class WrappedPenalty {
 public:
  explicit WrappedPenalty(P penalty) : penalty_(std::move(penalty)) {}

  std::string_view name() const { return name_of(penalty_); }
  bool needs_per_sample_critic() const { return detail::needs_per_sample_critic(penalty_); }

  template <std::floating_point S>
  void prepare(std::span<const Variable<S>> parameters, std::span<const std::string> names) {
    detail::prepare(penalty_, parameters, names);
  }
  void visit(auto&& field) {
    if constexpr (requires { penalty_.visit(field); }) penalty_.visit(field);
  }

 protected:
  P penalty_;
};

}  // namespace eigan::inline EIGAN_ABI::loss::detail
