// What digits a generator makes that is asked for none, as a classifier sees 10,000 samples of one checkpoint: the
// share of each, which shows what a collapse has left out, and their score: the Inception score (Salimans et al. 2016,
// section 4) by this classifier, e^(mean KL(p(digit | sample) || p(digit))), from 1 to 10. Writes <out>/<name>.json.

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

#include <eigan/eigan.hpp>

#include "../../examples/support/command_line.hpp"
#include "../../examples/support/sampler.hpp"
#include "../support/digit_judge.hpp"

using namespace eigan;

constexpr Index digits = 10;

struct Verdict {
  std::array<double, digits> shares{};  ///< of the samples that look most like each digit
  double score = 0;
};

/// probabilities: [N, 10]
Verdict judge_samples(const Tensor<float>& probabilities) {
  const Index count = probabilities.extent(0);
  std::array<Index, digits> likeliest{};
  std::array<double, digits> mean{};
  for (Index n = 0; n < count; ++n) {
    const float* const row = probabilities.data() + n * digits;
    ++likeliest[static_cast<std::size_t>(std::max_element(row, row + digits) - row)];
    for (std::size_t digit = 0; digit < digits; ++digit) mean[digit] += row[digit] / static_cast<double>(count);
  }
  double divergence = 0;
  for (Index n = 0; n < count; ++n)
    for (std::size_t digit = 0; digit < digits; ++digit) {
      const double p = probabilities.data()[n * digits + static_cast<Index>(digit)];
      if (p > 0) divergence += p * std::log(p / mean[digit]) / static_cast<double>(count);
    }
  Verdict verdict{.score = std::exp(divergence)};
  for (std::size_t digit = 0; digit < digits; ++digit)
    verdict.shares[digit] = static_cast<double>(likeliest[digit]) / static_cast<double>(count);
  return verdict;
}

int run(const std::string& data, const std::filesystem::path& checkpoint, const std::filesystem::path& out,
        const std::string& name) {
  const data::ImageSet train = data.empty() ? data::make_digits(20'000, 0) : data::load_mnist(data);
  const data::ImageSet test = data.empty() ? data::make_digits(5'000, 1) : data::load_mnist(data, data::Split::test);
  const benchmarks::DigitJudge judge(train, out);
  const examples::Sampler sampler(io::load_safetensors(checkpoint));
  RandomStream stream(1, "sample");
  const Tensor<float> samples = sampler(sampler.latents(10'000, stream), {});
  const Verdict made = judge_samples(judge.probabilities_of(samples));
  const Verdict real = judge_samples(judge.probabilities_of(benchmarks::images_of(test)));
  const nlohmann::ordered_json result = {
      {"name", name},        {"samples", samples.extent(0)},       {"judge_accuracy", judge.accuracy(test)},
      {"score", made.score}, {"score_of_test_digits", real.score}, {"shares", made.shares}};
  io::write_durably(out / (name + ".json"), result.dump(2) + "\n");
  const auto [least, most] = std::minmax_element(made.shares.begin(), made.shares.end());
  std::cout << name << ": score " << made.score << " (test digits " << real.score << "), the rarest digit "
            << least - made.shares.begin() << " " << 100 * *least << " %, the most frequent "
            << most - made.shares.begin() << " " << 100 * *most << " %\n";
  return 0;
}

int main(int argc, char** argv) {
  std::string data, name = "digits";
  std::filesystem::path checkpoint, out = "runs/studies";
  examples::CommandLine line("Judges the samples of a generator of digits.");
  line.path("checkpoint", checkpoint, "what mnist has left");
  line.require("checkpoint");
  line.text("--data", data, "directory with MNIST's IDX files; without: eigan's own digits", "EIGAN_DATA");
  line.path("--out", out, "directory for the result and the judge");
  line.text("--name", name, "of the result");
  if (const auto status = line.parse(argc, argv)) return *status;
  return examples::report_errors("study_digits", [&] { return run(data, checkpoint, out, name); });
}
