// What the examples write about a run: how long it took, how fast it was, how it ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include <eigan/train/step_report.hpp>

namespace examples {

/// The flags that a summary repeats.
struct RunSettings {
  std::uint64_t seed;
  std::string data, model, loss;
};

class RunReport {
 public:
  /// `first_step`: the steps taken before this process began.
  explicit RunReport(eigan::Index first_step) { last_.step = first_step; }

  /// Called after every step.
  void operator()(const eigan::train::StepReport& report) {
    images_ += report.images;
    last_ = report;
  }

  /// Writes summary.json: what was measured, and the settings.
  void write(const std::filesystem::path& path, const RunSettings& settings) const;

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  eigan::train::StepReport last_;
  eigan::Index images_ = 0;
};

}  // namespace examples
