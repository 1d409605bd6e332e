#pragma once

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../io/image_grid.hpp"
#include "step_report.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// Every so many steps, and at the end, a grid of samples from latents that never change: <path>/step-000500.png.
struct SampleGrid {
  Index every = 1000;
  std::filesystem::path path = "samples";  ///< a directory, made if it is not there
  Index count = 64;

  template <class AnySession>
  void operator()(const StepReport& report, AnySession& session) const {
    if (every > 0 && report.step % every == 0) write(session);
  }

  template <class AnySession>
  void finish(const StepReport& report, AnySession& session) const {
    if (every <= 0 || report.step % every != 0) write(session);
  }

 private:
  template <class AnySession>
  [[gnu::cold]] void write(AnySession& session) const {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) throw DataError(path.string(), "expected a directory that can be made: " + error.message());
    char name[32];
    std::snprintf(name, sizeof name, "step-%06ld.png", static_cast<long>(session.step()));
    io::save_image_grid(path / name, session.sample(count));
  }
};

}  // namespace eigan::inline EIGAN_ABI::train
