#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/pool.hpp"
#include "../core/settings.hpp"
#include "../kernels/map.hpp"
#include "../kernels/update.hpp"
#include "../ops/arithmetic.hpp"
#include "rule.hpp"

namespace eigan::inline EIGAN_ABI::optim {

template <std::floating_point S>
class AnyOptimizer;

namespace detail {

template <class O, class S>
concept ErasableRule = !std::same_as<O, AnyOptimizer<S>> && OptimizerRule<O, S>;

/// A fused step for a rule that has none: its formula, tensor by tensor.
template <class O, std::floating_point S>
void step_by_formula(const O& rule, std::span<const kernels::StepTensor<S>> tensors, Index t, double factor,
                     double gradient_scale) {
  const NoGrad values_only;
  PooledVector<Variable<S>> state;
  for (const kernels::StepTensor<S>& tensor : tensors) {
    const Shape shape{tensor.size};
    const auto borrowed = [&](const S* values) { return Variable<S>(Tensor<S>::borrow(values, shape)); };
    const auto overwrite = [&](S* values, const Variable<S>& by) {
      kernels::map(kernels::op::Copy{}, tensor.size, values, by.data());
    };
    state.clear();
    for (const S* slot : tensor.slots) state.push_back(borrowed(slot));
    const Variable<S> gradient =
        gradient_scale == 1 ? borrowed(tensor.gradient) : borrowed(tensor.gradient) * gradient_scale;
    const Variable<S> moved =
        rule.differentiable_step(borrowed(tensor.parameter), gradient, std::span<Variable<S>>(state), t, factor);
    overwrite(tensor.parameter, moved);
    for (std::size_t slot = 0; slot < state.size(); ++slot) overwrite(tensor.slots[slot], state[slot]);
  }
}

}  // namespace detail

/// Any optimizer's hyper-parameters and formula behind one type, without state: that is Optimizer's.
template <std::floating_point S = float>
class AnyOptimizer {
 public:
  /// Throws ConfigError if a hyper-parameter is out of range.
  template <detail::ErasableRule<S> O>
  AnyOptimizer(O rule) {
    if constexpr (requires(const O& checked) { checked.check(); }) rule.check();
    self_ = std::make_shared<const Model<O>>(std::move(rule));
  }

  /// "custom" for a rule of the user's without a name.
  std::string_view name() const { return self_->name(); }
  double learning_rate() const { return self_->learning_rate(); }
  SlotNames slots() const { return self_->slots(); }
  /// The hyper-parameters by name, such as {"beta1", 0.9}.
  Settings settings() const { return self_->settings(); }

  /// Moves all parameters, and their slots, by their gradients. t is 1 at the first step; the learning rate is
  /// multiplied with `factor`, each gradient with `gradient_scale`.
  void step(std::span<const kernels::StepTensor<S>> tensors, Index t, double factor = 1,
            double gradient_scale = 1) const {
    self_->step(tensors, t, factor, gradient_scale);
  }

  /// The same for one parameter as differentiable ops: returns the new parameter, and replaces the state, one Variable
  /// for each of slots(), by the new one.
  Variable<S> differentiable_step(const Variable<S>& parameter, const Variable<S>& gradient,
                                  std::span<Variable<S>> state, Index t, double factor = 1) const {
    return self_->differentiable_step(parameter, gradient, state, t, factor);
  }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual std::string_view name() const = 0;
    virtual double learning_rate() const = 0;
    virtual SlotNames slots() const = 0;
    virtual Settings settings() const = 0;
    virtual void step(std::span<const kernels::StepTensor<S>> tensors, Index t, double factor,
                      double gradient_scale) const = 0;
    virtual Variable<S> differentiable_step(const Variable<S>& parameter, const Variable<S>& gradient,
                                            std::span<Variable<S>> state, Index t, double factor) const = 0;
  };

  template <class O>
  struct Model final : Base {
    explicit Model(O erased) : rule(std::move(erased)) {}
    std::string_view name() const override {
      if constexpr (requires { std::string_view(O::name); })
        return O::name;
      else
        return "custom";
    }
    double learning_rate() const override { return rule.learning_rate; }
    SlotNames slots() const override { return rule.slots(); }
    [[gnu::cold]] Settings settings() const override { return settings_of(rule); }
    void step(std::span<const kernels::StepTensor<S>> tensors, Index t, double factor,
              double gradient_scale) const override {
      if constexpr (FusedRule<O, S>)
        rule.step(tensors, t, factor, gradient_scale);
      else
        detail::step_by_formula(rule, tensors, t, factor, gradient_scale);
    }
    Variable<S> differentiable_step(const Variable<S>& parameter, const Variable<S>& gradient,
                                    std::span<Variable<S>> state, Index t, double factor) const override {
      return rule.differentiable_step(parameter, gradient, state, t, factor);
    }

    O rule;
  };

  std::shared_ptr<const Base> self_;
};

}  // namespace eigan::inline EIGAN_ABI::optim
