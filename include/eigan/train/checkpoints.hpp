#pragma once

#include <filesystem>

#include "../core/config.hpp"
#include "step_report.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// Every so many steps, and at the end, a checkpoint that replaces the one before. Add it after the callbacks that log:
/// then a run that is killed resumes with nothing missing from their files.
struct Checkpoints {
  Index every = 1000;
  std::filesystem::path path = "checkpoint.safetensors";

  template <class AnySession>
  void operator()(const StepReport& report, AnySession& session) const {
    if (every > 0 && report.step % every == 0) session.save(path);
  }

  template <class AnySession>
  void finish(const StepReport& report, AnySession& session) const {
    if (every <= 0 || report.step % every != 0) session.save(path);
  }
};

}  // namespace eigan::inline EIGAN_ABI::train
