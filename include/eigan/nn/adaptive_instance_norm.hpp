#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "condition.hpp"
#include "condition_features.hpp"
#include "init.hpp"
#include "instance_norm.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// InstanceNorm whose gain and bias are linear in the pass's condition, a class or a style (Huang and Belongie 2017,
/// eq. 8; Karras et al. 2019, eq. 1): normalised * (1 + gain) + shift. weight: [2 channels, features], drawn as
/// Linear's; embedding: [classes, options.embedding] if that is not 0.
/// x: [N, spatial..., channels], the same out. Throws as InstanceNorm and ConcatCondition do.
template <std::floating_point S = float>
class AdaptiveInstanceNorm {
 public:
  using Scalar = S;
  static constexpr const char* name = "AdaptiveInstanceNorm";
  static constexpr bool is_per_sample = true;
  static constexpr bool depends_on_condition = true;

  AdaptiveInstanceNorm(Index channels, const ConditionOptions& condition, double epsilon = 1e-5)
      : norm_(channels, {.epsilon = epsilon}),
        modulation_(name, channels, condition, init::within_fan_in(fan_in(condition))) {}

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    return modulation_.forward(norm_.forward(x, pass), pass);
  }

  void visit(auto&& field) { modulation_.visit(field); }

 private:
  static double fan_in(const ConditionOptions& condition) {
    return static_cast<double>(detail::ConditionFeatures<S>(name, condition).size());
  }

  InstanceNorm<S> norm_;
  detail::Modulation<S> modulation_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
