#pragma once

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../io/image_grid.hpp"
#include "../nn/condition.hpp"
#include "step_report.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// Every so many steps, and at the end, a grid of samples from latents that never change: <path>/step-000500.png.
struct SampleGrid {
  Index every = 1000;
  std::filesystem::path path = "samples";  ///< a directory, made if it is not there
  Index count = 64;
  Index classes = 0;  ///< of a conditional generator: one row of `count` / classes samples for each; 0: no classes

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
    if (classes == 0) return io::save_image_grid(path / name, session.sample(count));
    const Index each = std::max<Index>(1, count / classes);
    using Condition = nn::Condition<typename AnySession::Scalar>;
    io::save_image_grid(path / name, session.sample(classes * each, Condition::of_all_classes(classes, each)), each);
  }
};

}  // namespace eigan::inline EIGAN_ABI::train
