// Programs that judge one checkpoint's digits: what is the same in all of them.
#pragma once

#include <filesystem>
#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

#include <eigan/eigan.hpp>

#include "../../examples/support/command_line.hpp"
#include "../../examples/support/sampler.hpp"
#include "digit_judge.hpp"

namespace benchmarks {

/// What a checkpoint is judged with.
struct JudgedCheckpoint {
  const examples::Sampler& sampler;
  const DigitJudge& judge;
  const eigan::data::ImageSet& test;
};

/// Reads the command line, judges by `verdict(const JudgedCheckpoint&)`, which returns a JSON object, writes that with
/// the name and the judge's accuracy to <out>/<name>.json, and prints it. Gives the program's exit status.
template <class Verdict>
int judge_checkpoint(int argc, char** argv, const char* program, const char* purpose, const char* origin,
                     const Verdict& verdict) {
  using namespace eigan;
  std::string data, name = "judged";
  std::filesystem::path checkpoint, out = "runs/studies";
  examples::CommandLine line(purpose);
  line.path("checkpoint", checkpoint, origin);
  line.require("checkpoint");
  line.text("--data", data, "directory with MNIST's IDX files; without: eigan's own digits", "EIGAN_DATA");
  line.path("--out", out, "directory for the result and the judge");
  line.text("--name", name, "of the result");
  if (const auto status = line.parse(argc, argv)) return *status;
  return examples::report_errors(program, [&] {
    const data::ImageSet train = data.empty() ? data::make_digits(20'000, 0) : data::load_mnist(data);
    const data::ImageSet test = data.empty() ? data::make_digits(5'000, 1) : data::load_mnist(data, data::Split::test);
    const DigitJudge judge(train, out);
    const examples::Sampler sampler(io::load_safetensors(checkpoint));
    nlohmann::ordered_json result = {{"name", name}, {"judge_accuracy", judge.accuracy(test)}};
    result.update(verdict(JudgedCheckpoint{sampler, judge, test}));
    io::write_durably(out / (name + ".json"), result.dump(2) + "\n");
    std::cout << result.dump() << "\n";
    return 0;
  });
}

}  // namespace benchmarks
