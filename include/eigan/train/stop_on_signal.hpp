#pragma once

#include <csignal>

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// While it lives, SIGINT (Ctrl-C) and SIGTERM end the trainer's train() after the running step, so that callbacks
/// finish and a last checkpoint is written, instead of ending the process. One at a time. A second signal has its usual
/// effect.
template <class Trainer>
class StopOnSignal {
 public:
  explicit StopOnSignal(Trainer& trainer) {
    trainer_ = &trainer;
    interrupt_before_ = std::signal(SIGINT, handle);
    terminate_before_ = std::signal(SIGTERM, handle);
  }
  ~StopOnSignal() {
    std::signal(SIGINT, interrupt_before_);
    std::signal(SIGTERM, terminate_before_);
    trainer_ = nullptr;
  }
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

 private:
  static void handle(int signal) {
    std::signal(signal, SIG_DFL);
    trainer_->request_stop();
  }

  static inline Trainer* volatile trainer_ = nullptr;
  void (*interrupt_before_)(int);
  void (*terminate_before_)(int);
};

}  // namespace eigan::inline EIGAN_ABI::train
