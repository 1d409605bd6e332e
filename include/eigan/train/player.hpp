#pragma once

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../autograd/grad.hpp"
#include "../autograd/parameter.hpp"
#include "../autograd/recording.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../nn/condition.hpp"
#include "../nn/fields.hpp"
#include "../nn/initialize.hpp"
#include "../nn/inspect.hpp"
#include "../nn/leaves.hpp"
#include "../nn/pass.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/rows.hpp"
#include "../optim/any_schedule.hpp"
#include "../optim/clipping.hpp"
#include "../optim/non_finite.hpp"
#include "../optim/optimizer.hpp"
#include "frozen.hpp"
#include "outputs.hpp"

namespace eigan::inline EIGAN_ABI::train::detail {

/// One of the two networks in training: the caller's model, its optimizer, and room for its gradients.
template <class Model>
class Player {
 public:
  using S = nn::ScalarOf<Model>;
  using Output = OutputOf<Model>;

  /// Fills the parameters that hold nothing yet, each from a stream named after "<role>.<its name>", by
  /// `initialization` or as its layer would. Those that `frozen` names by their whole names are left as they are by
  /// every update.
  [[gnu::cold]] Player(std::string role, Model& model, optim::AnyOptimizer<S> rule, optim::AnySchedule schedule,
                       const std::vector<std::string>& frozen, std::uint64_t seed,
                       const std::optional<nn::init::Scheme>& initialization = {})
      : role_(std::move(role)), model_(model), schedule_(std::move(schedule)) {
    if (initialization) nn::initialize_empty(model_, seed, *initialization, role_);
    nn::initialize(model_, seed, role_);
    std::vector<std::string> names;
    nn::for_each_leaf(model_, [&](const std::string& name, auto& field) {
      if constexpr (std::same_as<std::remove_cvref_t<decltype(field)>, Parameter<S>>) {
        if (is_frozen(frozen, role_ + "." + name)) return;
        names.push_back(name);
        parameters_.push_back(&field);
        handles_.push_back(field);
      } else {
        buffers_.push_back(&field);
      }
    });
    gradients_.resize(handles_.size());
    good_buffers_.resize(buffers_.size());
    is_per_sample_ = nn::is_per_sample(model_);
    optimizer_.emplace(std::move(rule), std::move(names), parameters_);
  }

  const std::string& role() const { return role_; }
  Model& model() { return model_; }
  const Model& model() const { return model_; }
  optim::Optimizer<S>& optimizer() { return *optimizer_; }
  const optim::Optimizer<S>& optimizer() const { return *optimizer_; }
  const optim::AnySchedule& schedule() const { return schedule_; }
  /// The parameters that updates change, and handles on them, in the order of optimizer().names().
  std::span<Parameter<S>* const> parameters() const { return parameters_; }
  std::span<const Variable<S>> handles() const { return handles_; }

  /// A ShapeError or ConfigError from inside says which of the two networks threw.
  /// A condition of fewer samples is that of each of several such batches in x, one after the other.
  [[gnu::cold]] Output forward(const Variable<S>& x, const nn::Pass<S>& pass) const {
    try {
      if (pass.has_condition() && pass.condition().size() != x.extent(0)) {
        const nn::Condition<S> repeated = pass.condition().repeated_for(x.extent(0));
        return detail::forward(model_, x, pass.with_condition(repeated));
      }
      return detail::forward(model_, x, pass);
    } catch (const ShapeError& error) {
      throw ShapeError(role_ + " " + error.what());
    } catch (const ConfigError& error) {
      throw ConfigError(role_ + " " + error.what());
    }
  }

  /// What the network returns for two batches: of one pass over both where it treats each sample by itself, since a
  /// larger batch is the quicker one and the weights' gradients are then one sum.
  [[gnu::cold]] std::pair<Output, Output> forward(const Variable<S>& x, const Variable<S>& y,
                                                  const nn::Pass<S>& pass) const {
    if constexpr (is_mappable<Output>) {
      Shape as_x = y.shape();
      if (as_x.rank() > 0 && x.rank() > 0) as_x[0] = x.extent(0);
      if (is_per_sample_ && as_x.rank() > 0 && as_x == x.shape()) {
        const Output both = forward(append_rows(x, y), pass);
        const auto part = [&](Index first, Index count) {
          return map_output(both, [&](const Variable<S>& out) { return rows(out, first, count); });
        };
        return {part(0, x.extent(0)), part(x.extent(0), y.extent(0))};
      }
    }
    return {forward(x, pass), forward(y, pass.with_frozen_power_iteration())};
  }

  /// Adds `share` of the loss's gradients in the parameters to what the next step() takes. `step` counts from 0.
  /// Throws DivergenceError, before anything is written, if the loss or a gradient is not finite.
  [[gnu::cold]] void backward(Variable<S> loss, Index step, double share = 1) {
    if (optim::find_non_finite(std::span<const Variable<S>>(&loss, 1)) >= 0)
      throw DivergenceError(at(step) + "expected a finite loss of the " + role_ + ", got " +
                            std::to_string(loss.item()));
    if (handles_.empty()) return;  // all of it is frozen
    if (share != 1) loss = share * loss;
    const bool is_first = !gradients_[0].defined();
    std::vector<Variable<S>>& gradients = is_first ? gradients_ : further_;
    gradients.resize(handles_.size());
    grad(std::move(loss), std::span<const Variable<S>>(handles_), std::span<Variable<S>>(gradients),
         {.unreached = Unreached::zeros});
    if (const Index bad = optim::find_non_finite(gradients); bad >= 0)
      throw DivergenceError(at(step) + "expected finite gradients, got one that is not: that of " + role_ + "." +
                            optimizer_->names()[static_cast<std::size_t>(bad)]);
    if (is_first) return;
    const NoGrad values_only;
    for (std::size_t i = 0; i < gradients_.size(); ++i) gradients_[i] = gradients_[i] + std::exchange(further_[i], {});
  }

  /// Takes one optimizer step with the gradients that backward() left.
  [[gnu::cold]] void step(Index step, double largest_norm) {
    if (handles_.empty()) return;
    const double scale = largest_norm > 0 ? optim::clip_scale(gradients_, largest_norm) : 1;
    optimizer_->step(parameters_, gradients_, schedule_(step), scale);
    drop_gradients();
  }

  /// Remembers the running statistics, to go back to them if the step fails.
  [[gnu::cold]] void keep_buffers() {
    for (std::size_t i = 0; i < buffers_.size(); ++i) good_buffers_[i] = buffers_[i]->value;
  }
  [[gnu::cold]] void restore_buffers() {
    for (std::size_t i = 0; i < buffers_.size(); ++i) buffers_[i]->value = good_buffers_[i];
    drop_gradients();
  }

 private:
  void drop_gradients() {
    for (auto* gradients : {&gradients_, &further_})
      for (Variable<S>& gradient : *gradients) gradient = {};
  }

  static std::string at(Index step) { return "step " + std::to_string(step + 1) + ": "; }

  std::string role_;
  Model& model_;
  optim::AnySchedule schedule_;
  bool is_per_sample_ = false;
  std::vector<Parameter<S>*> parameters_;
  std::vector<Variable<S>> handles_, gradients_, further_;
  std::vector<Buffer<S>*> buffers_;
  std::vector<Tensor<S>> good_buffers_;
  std::optional<optim::Optimizer<S>> optimizer_;
};

}  // namespace eigan::inline EIGAN_ABI::train::detail
