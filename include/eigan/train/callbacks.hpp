#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/config.hpp"
#include "session.hpp"
#include "step_report.hpp"

namespace eigan::inline EIGAN_ABI::train::detail {

/// A callback behind one type. What it is called with after a step is (report) or (report, session). If it has them,
/// start(session) is called before the first step of train(), finish(report, session) at its end, and warning(text) for
/// each warning.
template <std::floating_point S>
class AnyCallback {
 public:
  template <class C>
  requires(!std::same_as<std::remove_cvref_t<C>, AnyCallback>) explicit AnyCallback(C callback)
      : self_(std::make_unique<Model<C>>(std::move(callback))) {}

  void start(Session<S>& session) { self_->start(session); }
  void after_step(const StepReport& report, Session<S>& session) { self_->after_step(report, session); }
  void finish(const StepReport& report, Session<S>& session) { self_->finish(report, session); }
  void warning(const std::string& text) { self_->warning(text); }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual void start(Session<S>&) {}
    virtual void after_step(const StepReport& report, Session<S>& session) = 0;
    virtual void finish(const StepReport&, Session<S>&) {}
    virtual void warning(const std::string&) {}
  };

  template <class C>
  struct Model final : Base {
    static_assert(std::invocable<C&, const StepReport&, Session<S>&> || std::invocable<C&, const StepReport&>,
                  "eigan: a callback is called with (const StepReport&) or (const StepReport&, Session<Scalar>&)");
    explicit Model(C erased) : callback(std::move(erased)) {}
    void start(Session<S>& session) override {
      if constexpr (requires { callback.start(session); }) callback.start(session);
    }
    void after_step(const StepReport& report, Session<S>& session) override {
      if constexpr (std::invocable<C&, const StepReport&, Session<S>&>)
        callback(report, session);
      else if constexpr (std::invocable<C&, const StepReport&>)
        callback(report);
    }
    void finish(const StepReport& report, Session<S>& session) override {
      if constexpr (requires { callback.finish(report, session); }) callback.finish(report, session);
    }
    void warning(const std::string& text) override {
      if constexpr (requires { callback.warning(text); }) callback.warning(text);
    }

    C callback;
  };

  std::unique_ptr<Base> self_;
};

/// A trainer's callbacks, in the order in which they were added, and the warnings that each of them gets once.
template <std::floating_point S>
class Callbacks {
 public:
  void add(AnyCallback<S> callback) { callbacks_.push_back(std::move(callback)); }

  /// A stretch of steps: while it lives, warnings are told at once. It begins with those that wait.
  class Run {
   public:
    explicit Run(Callbacks& callbacks) : callbacks_(callbacks), before_(callbacks.running_) {
      callbacks_.tell_warnings();
      callbacks_.running_ = true;
    }
    ~Run() { callbacks_.running_ = before_; }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

   private:
    Callbacks& callbacks_;
    bool before_;
  };

  void start(Session<S>& session) {
    for (auto& callback : callbacks_) callback.start(session);
  }
  void after_step(const StepReport& report, Session<S>& session) {
    for (auto& callback : callbacks_) callback.after_step(report, session);
  }
  void finish(const StepReport& report, Session<S>& session) {
    for (auto& callback : callbacks_) callback.finish(report, session);
  }

  void warn(const std::string& text) {
    warnings_.push_back(text);
    if (running_) tell_warnings();
  }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  void tell_warnings() {
    while (told_ < warnings_.size()) {
      const std::string text = warnings_[told_++];  // a copy: a callback may warn in turn
      for (auto& callback : callbacks_) callback.warning(text);
    }
  }

  std::vector<AnyCallback<S>> callbacks_;
  std::vector<std::string> warnings_;
  std::size_t told_ = 0;
  bool running_ = false;
};

}  // namespace eigan::inline EIGAN_ABI::train::detail
