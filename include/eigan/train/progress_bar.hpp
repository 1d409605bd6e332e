#pragma once

#include <chrono>
#include <cstdio>
#include <string>

#include "../core/config.hpp"
#include "../core/terminal.hpp"
#include "step_report.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// One line on standard error that says how far training is, at which rate, and how long it will take still; no such
/// line where standard error is not a terminal. Warnings get a line each, terminal or not.
class ProgressBar {
 public:
  template <class AnySession>
  void start(AnySession& session) {
    first_step_ = session.step();
    start_ = shown_ = Clock::now();
    images_ = 0;
  }

  void operator()(const StepReport& report) {
    images_ += report.images;
    if (!visible_ || Clock::now() - shown_ < std::chrono::milliseconds(100)) return;
    show(report);
  }

  template <class AnySession>
  void finish(const StepReport& report, AnySession&) {
    if (!visible_ || report.step == first_step_) return;
    show(report);
    std::fputc('\n', stderr);
  }

  void warning(const std::string& text) const {
    std::fprintf(stderr, "%seigan: %s\n", visible_ ? "\r\033[K" : "", text.c_str());
  }

 private:
  using Clock = std::chrono::steady_clock;

  [[gnu::cold]] void show(const StepReport& report) {
    shown_ = Clock::now();
    const double seconds = std::chrono::duration<double>(shown_ - start_).count();
    const auto done = static_cast<double>(report.step - first_step_);
    const auto left = static_cast<long>(static_cast<double>(report.last_step - report.step) * seconds / done + 0.5);
    const long total = report.last_step > 0 ? static_cast<long>(report.last_step) : static_cast<long>(report.step);
    std::fprintf(stderr, "\r\033[Kstep %ld/%ld  %3ld%%  D %.4f  G %.4f  %.0f images/s  %ld:%02ld:%02ld left",
                 static_cast<long>(report.step), total, 100 * static_cast<long>(report.step) / total,
                 report.discriminator_loss, report.generator_loss, static_cast<double>(images_) / seconds, left / 3600,
                 left / 60 % 60, left % 60);
    std::fflush(stderr);
  }

  bool visible_ = error_stream_is_terminal();
  Index first_step_ = 0, images_ = 0;
  Clock::time_point start_ = Clock::now(), shown_ = start_;
};

}  // namespace eigan::inline EIGAN_ABI::train
