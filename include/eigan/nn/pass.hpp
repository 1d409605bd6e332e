#pragma once

#include <concepts>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "bindings.hpp"
#include "condition.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Is told what the layers of a container return, one after another.
class Observer {
 public:
  virtual void returned(const void* layer, const Shape& output) = 0;

 protected:
  ~Observer() = default;
};

/// What a forward pass depends on besides its input: training or evaluation, where random numbers come from, what
/// stands in for the parameters. Evaluation unless said otherwise. It refers to streams, bindings and the
/// condition, which must outlive it.
///
///   generator.forward(z, nn::Pass<>::training(stream))
///   critic.forward(x, nn::Pass<>::training(stream).with_frozen_statistics())
///   critic.forward(x, nn::Pass<>().with_bindings(updated))
///   const nn::Condition asked(labels);  // outlives the pass
///   generator.forward(z, nn::Pass<>().with_condition(asked))
template <std::floating_point S = float>
class Pass {
 public:
  /// Evaluation: running statistics are used, nothing is drawn, nothing is written.
  Pass() = default;
  static Pass evaluation() { return {}; }

  /// Training: batch statistics are used, and update the running ones. Layers that draw (dropout) take from `stream`.
  static Pass training(RandomStream& stream) {
    Pass pass = training();
    pass.stream_ = &stream;
    return pass;
  }
  /// Training of a model that draws nothing.
  static Pass training() {
    Pass pass;
    pass.is_training_ = pass.updates_statistics_ = pass.advances_power_iteration_ = true;
    return pass;
  }

  /// The same, but a forward changes nothing that a layer keeps: running statistics, power iterations.
  Pass with_frozen_statistics() const {
    Pass pass = with_frozen_power_iteration();
    pass.updates_statistics_ = false;
    return pass;
  }
  /// The same, but spectral norms keep the singular vectors that they have. Of all the forwards of one update, the
  /// first alone is to advance them: the others then divide by the same singular value.
  Pass with_frozen_power_iteration() const {
    Pass pass = *this;
    pass.advances_power_iteration_ = false;
    return pass;
  }
  /// The same, with a stream for layers that draw, as in an evaluation with noise.
  Pass with_stream(RandomStream& stream) const {
    Pass pass = *this;
    pass.stream_ = &stream;
    return pass;
  }
  /// The same, with other values for some parameters.
  Pass with_bindings(const Bindings<S>& bindings) const {
    Pass pass = *this;
    pass.bindings_ = bindings.empty() ? nullptr : &bindings;
    return pass;
  }
  Pass with_bindings(Bindings<S>&&) const = delete;  // it would be gone before the pass is used
  /// The same, with what is asked of each sample, for conditional layers. It refers to the condition.
  Pass with_condition(const Condition<S>& condition) const {
    Pass pass = *this;
    pass.condition_ = condition.empty() ? nullptr : &condition;
    return pass;
  }
  Pass with_condition(Condition<S>&&) const = delete;  // it would be gone before the pass is used
  Pass with_observer(Observer& observer) const {
    Pass pass = *this;
    pass.observer_ = &observer;
    return pass;
  }

  bool is_training() const { return is_training_; }
  bool updates_statistics() const { return updates_statistics_; }
  bool advances_power_iteration() const { return advances_power_iteration_; }
  bool has_stream() const { return stream_ != nullptr; }
  bool has_bindings() const { return bindings_ != nullptr; }
  /// What stands in for parameters during this pass, to bind more to.
  Bindings<S> bindings() const { return bindings_ ? *bindings_ : Bindings<S>(); }
  bool has_condition() const { return condition_ != nullptr; }
  /// What is asked of each sample. Throws ConfigError if nothing is.
  const Condition<S>& condition() const {
    if (!condition_)
      throw ConfigError("expected a condition, got a pass without one; use Pass::with_condition(condition)");
    return *condition_;
  }
  Observer* observer() const { return observer_; }

  /// Where random numbers come from. Throws ConfigError if nobody gave a stream.
  RandomStream& stream() const {
    if (!stream_)
      throw ConfigError(
          "expected a random stream to draw from, got a training pass without one; use "
          "Pass::training(stream)");
    return *stream_;
  }

  /// The parameter, or what it is bound to during this pass.
  const Variable<S>& operator()(const Parameter<S>& parameter) const {
    return bindings_ && parameter.exists() ? (*bindings_)(parameter) : parameter;
  }

 private:
  bool is_training_ = false;
  bool updates_statistics_ = false;
  bool advances_power_iteration_ = false;
  RandomStream* stream_ = nullptr;
  const Bindings<S>* bindings_ = nullptr;
  const Condition<S>* condition_ = nullptr;
  Observer* observer_ = nullptr;
};

}  // namespace eigan::inline EIGAN_ABI::nn
