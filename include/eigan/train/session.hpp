#pragma once

#include <concepts>
#include <filesystem>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "../core/config.hpp"
#include "../core/tensor.hpp"
#include "step_report.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// What a callback may ask of a running trainer. Nothing here changes a bit of the training.
template <std::floating_point S = float>
class Session {
 public:
  virtual ~Session() = default;

  /// The steps taken so far.
  virtual Index step() const = 0;
  /// Samples of the averaged generator if there is one, else of the generator, in evaluation, always from the same
  /// latents.
  virtual Tensor<S> sample(Index count) const = 0;
  /// Writes a checkpoint, whole or not at all.
  virtual void save(const std::filesystem::path& path) const = 0;
  /// Ends train() after the step that is running. May be called from another thread or a signal handler.
  virtual void request_stop() = 0;
};

namespace detail {

/// A callback behind one type. What it is called with after a step is (report) or (report, session); before the first
/// step of train() start(session) is called if it has one, and at its end finish(report, session).
template <std::floating_point S>
class AnyCallback {
 public:
  template <class C>
  requires(!std::same_as<std::remove_cvref_t<C>, AnyCallback>) explicit AnyCallback(C callback) {
    static_assert(std::invocable<C&, const StepReport&, Session<S>&> || std::invocable<C&, const StepReport&>,
                  "eigan: a callback is called with (const StepReport&) or (const StepReport&, Session<Scalar>&)");
    auto shared = std::make_shared<C>(std::move(callback));
    if constexpr (std::invocable<C&, const StepReport&, Session<S>&>)
      after_step = [shared](const StepReport& report, Session<S>& session) { (*shared)(report, session); };
    else if constexpr (std::invocable<C&, const StepReport&>)
      after_step = [shared](const StepReport& report, Session<S>&) { (*shared)(report); };
    if constexpr (requires(C & c, Session<S> & session) { c.start(session); })
      start = [shared](Session<S>& session) { shared->start(session); };
    if constexpr (requires(C & c, const StepReport& report, Session<S>& session) { c.finish(report, session); })
      finish = [shared](const StepReport& report, Session<S>& session) { shared->finish(report, session); };
  }

  std::function<void(Session<S>&)> start = [](Session<S>&) {};
  std::function<void(const StepReport&, Session<S>&)> after_step, finish = [](const StepReport&, Session<S>&) {};
};

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::train
