// What the training examples have in common: the flags of a run, and what it leaves in its directory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iostream>

#include <eigan/train/train.hpp>

#include "command_line.hpp"
#include "run_report.hpp"

namespace examples {

struct RunFlags {
  std::filesystem::path out;
  eigan::Index steps = 5000, batch = 64, every = 500;
  std::uint64_t seed = 1;
  int threads = 0;
  bool resume = false;
};

/// Adds --steps, --batch, --seed, --threads, --out, --every and --resume.
void add_flags(CommandLine& line, RunFlags& flags);

/// Trains on the set and leaves pictures, losses.csv, a checkpoint and summary.json in flags.out, which has to exist:
/// pictures of `count` samples, whose rows are the classes if there are any.
template <class Trainer, class Set>
void train(Trainer& trainer, const Set& set, const RunFlags& flags, eigan::Index count, eigan::Index classes,
           const RunSettings& settings) {
  using namespace eigan;
  const std::filesystem::path checkpoint = flags.out / "checkpoint.safetensors";
  if (flags.resume && !trainer.resume_if_present(checkpoint))
    std::cout << "nothing to resume in " << flags.out.string() << ": starting anew\n";

  RunReport report(trainer.step());
  trainer.add(train::ProgressBar());
  trainer.add(std::ref(report));
  trainer.add(train::LossLog{.path = flags.out / "losses.csv"});
  trainer.add(
      train::SampleGrid{.every = flags.every, .path = flags.out / "samples", .count = count, .classes = classes});
  trainer.add(train::Checkpoints{.every = flags.every, .path = checkpoint});

  const train::StopOnSignal stop(trainer);  // Ctrl-C still writes the checkpoint
  trainer.train(set, flags.steps);

  report.write(flags.out / "summary.json", settings);
  std::cout << "step " << trainer.step() << "; pictures, losses and checkpoint are in " << flags.out.string() << "\n";
}

}  // namespace examples
