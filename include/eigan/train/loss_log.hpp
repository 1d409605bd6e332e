#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "../core/config.hpp"
#include "../io/csv.hpp"
#include "step_report.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// A CSV file with a row for every step: losses, penalties, the strength of the augmentation. A run that resumes first
/// cuts off the rows after its checkpoint.
struct LossLog {
  std::filesystem::path path = "losses.csv";
  std::shared_ptr<io::CsvWriter> writer = {};  ///< opened when training starts

  template <class AnySession>
  void start(AnySession& session) {
    open(session.step());
  }

  void operator()(const StepReport& report) {
    if (!writer) open(report.step - 1);  // a loop of one's own has no start
    writer->row(report.step, report.discriminator_loss, report.generator_loss, report.penalty, report.augmentation);
    writer->flush();  // a run that is killed has lost no row that belongs to its checkpoint
  }

 private:
  [[gnu::cold]] void open(Index step) {
    io::truncate_after(path, "step", step);
    writer = std::make_shared<io::CsvWriter>(
        path, std::vector<std::string>{"step", "discriminator_loss", "generator_loss", "penalty", "augmentation"});
  }
};

}  // namespace eigan::inline EIGAN_ABI::train
