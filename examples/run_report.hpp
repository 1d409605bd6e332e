// What the examples write about a run: how long it took, how fast it was, how it ended.
#pragma once

#include <chrono>
#include <filesystem>
#include <sys/resource.h>

#include <nlohmann/json.hpp>

#include <eigan/core/parallel.hpp>
#include <eigan/io/durable_write.hpp>
#include <eigan/train/step_report.hpp>

namespace examples {

class RunReport {
 public:
  /// `first_step`: the steps taken before this process began.
  explicit RunReport(eigan::Index first_step) { last_.step = first_step; }

  /// Called after every step.
  void operator()(const eigan::train::StepReport& report) {
    images_ += report.images;
    last_ = report;
  }

  /// Writes summary.json with what was measured and the given settings.
  void write(const std::filesystem::path& path, nlohmann::json settings) const {
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    nlohmann::json summary = {{"steps", last_.step},
                                      {"seconds", seconds},
                                      {"images_per_second", static_cast<double>(images_) / seconds},
                                      {"peak_rss_mib", static_cast<double>(usage.ru_maxrss) / 1024},
                                      {"threads", eigan::threads()}};
    summary.update(settings);
    summary["discriminator_loss"] = last_.discriminator_loss;
    summary["generator_loss"] = last_.generator_loss;
    eigan::io::write_durably(path, summary.dump(2) + "\n");
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  eigan::train::StepReport last_;
  eigan::Index images_ = 0;
};

}  // namespace examples
