#pragma once

#include <concepts>
#include <filesystem>
#include <string>
#include <vector>

#include "../core/config.hpp"
#include "../core/tensor.hpp"
#include "../nn/condition.hpp"
#include "step_report.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// What a callback may ask of a running trainer. Nothing here changes a bit of the training.
template <std::floating_point S = float>
class Session {
 public:
  using Scalar = S;
  virtual ~Session() = default;

  /// The steps taken so far.
  virtual Index step() const = 0;
  /// Samples of the averaged generator if there is one, else of the generator, in evaluation, always from the same
  /// latents.
  virtual Tensor<S> sample(Index count) const = 0;
  /// The same of a conditional generator: samples of what is asked for.
  virtual Tensor<S> sample(Index count, const nn::Condition<S>& condition) const = 0;
  /// Writes a checkpoint, whole or not at all.
  virtual void save(const std::filesystem::path& path) const = 0;
  /// Ends train() after the step that is running. May be called from another thread or a signal handler.
  virtual void request_stop() = 0;
  /// Tells callbacks of something that is no error: at once while train() or step() runs, else before the next step.
  virtual void warn(const std::string& text) = 0;
  /// Every warning so far.
  virtual const std::vector<std::string>& warnings() const = 0;
};

}  // namespace eigan::inline EIGAN_ABI::train
