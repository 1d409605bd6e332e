// Whether a conditional generator of digits makes what it is asked for, as a classifier sees it: 10,000 samples of one
// checkpoint. Where classes are asked for, the share that carries them; where codes are fed, the purity of the
// categorical one: the share of samples whose digit is their category's most frequent. Writes <out>/<name>.json.

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

#include <eigan/eigan.hpp>

#include "../../examples/support/command_line.hpp"
#include "../../examples/support/sampler.hpp"
#include "../support/digit_judge.hpp"

using namespace eigan;

constexpr Index classes = 10, each = 1000;

/// `each` samples for each class or category.
Tensor<float> make_samples(const examples::Sampler& sampler) {
  RandomStream stream(1, "sample");
  const Index codes = sampler.settings().categories + sampler.settings().continuous;
  nn::Condition<float> condition = nn::Condition<float>::of_all_classes(classes, each);
  if (codes > 0) {
    Tensor<float> values = Tensor<float>::zeros(Shape{classes * each, codes});
    for (Index n = 0; n < classes * each; ++n) {
      values.mutable_data()[n * codes + n / each] = 1;
      for (Index i = sampler.settings().categories; i < codes; ++i)
        values.mutable_data()[n * codes + i] = static_cast<float>(2 * stream.uniform() - 1);
    }
    condition = {values};
  }
  return sampler(sampler.latents(classes * each, stream), condition);
}

int run(const std::string& data, const std::filesystem::path& checkpoint, const std::filesystem::path& out,
        const std::string& name) {
  const data::ImageSet train = data.empty() ? data::make_digits(20'000, 0) : data::load_mnist(data);
  const data::ImageSet test = data.empty() ? data::make_digits(5'000, 1) : data::load_mnist(data, data::Split::test);
  const benchmarks::DigitJudge judge(train, out);
  const examples::Sampler sampler(io::load_safetensors(checkpoint));
  const bool has_codes = sampler.settings().categories == classes;
  if (sampler.settings().classes != classes && !has_codes)
    throw ConfigError("expected a generator of ten classes or categories, got one of " +
                      std::to_string(sampler.settings().classes) + " and " +
                      std::to_string(sampler.settings().categories));
  const std::vector<std::int32_t> seen = judge.classes_of(make_samples(sampler));
  std::array<std::array<Index, classes>, classes> counts{};  // [asked][seen]
  for (Index n = 0; n < classes * each; ++n)
    ++counts[static_cast<std::size_t>(n / each)][static_cast<std::size_t>(seen[static_cast<std::size_t>(n)])];
  std::vector<double> right;
  double total = 0;
  for (std::size_t asked = 0; asked < classes; ++asked) {
    const auto& row = counts[asked];
    const Index count = has_codes ? *std::max_element(row.begin(), row.end()) : row[asked];
    right.push_back(static_cast<double>(count) / each);
    total += right.back() / classes;
  }
  const nlohmann::ordered_json result = {{"name", name},
                                         {"samples", classes * each},
                                         {"judge_accuracy", judge.accuracy(test)},
                                         {has_codes ? "purity" : "as_asked", total},
                                         {"by_class", right},
                                         {"seen", counts}};
  io::write_durably(out / (name + ".json"), result.dump(2) + "\n");
  std::cout << name << ": judge " << judge.accuracy(test) << ", " << (has_codes ? "purity " : "as asked ") << total
            << "\n";
  return 0;
}

int main(int argc, char** argv) {
  std::string data, name = "conditions";
  std::filesystem::path checkpoint, out = "runs/studies";
  examples::CommandLine line("Judges the samples of a conditional generator of digits.");
  line.path("checkpoint", checkpoint, "what mnist --conditional or classifying has left");
  line.require("checkpoint");
  line.text("--data", data, "directory with MNIST's IDX files; without: eigan's own digits", "EIGAN_DATA");
  line.path("--out", out, "directory for the result and the judge");
  line.text("--name", name, "of the result");
  if (const auto status = line.parse(argc, argv)) return *status;
  return examples::report_errors("study_conditions", [&] { return run(data, checkpoint, out, name); });
}
