#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "batch_norm.hpp"
#include "condition.hpp"
#include "condition_features.hpp"
#include "init.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// BatchNorm whose gain and bias depend on the pass's condition (de Vries et al. 2017; Dumoulin et al. 2017):
/// normalised * (1 + gain) + shift, both linear in the condition: one of each for every class. They start at 0.
/// weight: [2 channels, features], embedding: [classes, options.embedding] if that is not 0, running_mean, running_var:
/// [channels]. x: [N, ..., channels], the same out. Throws as BatchNorm and ConcatCondition do.
template <std::floating_point S = float>
class ConditionalBatchNorm {
 public:
  using Scalar = S;
  static constexpr const char* name = "ConditionalBatchNorm";
  static constexpr bool is_per_sample = false;
  static constexpr bool depends_on_mode = true;
  static constexpr bool depends_on_condition = true;
  static constexpr bool normalizes_over_batch = true;

  ConditionalBatchNorm(Index channels, const ConditionOptions& condition, const BatchNormOptions& options = {})
      : norm_(channels, {.epsilon = options.epsilon, .momentum = options.momentum, .affine = false}),
        modulation_(name, channels, condition, init::zeros()) {}

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    return modulation_.forward(norm_.forward(x, pass), pass);
  }

  void visit(auto&& field) {
    modulation_.visit(field);
    norm_.visit(field);
  }

 private:
  BatchNorm<S> norm_;
  detail::Modulation<S> modulation_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
