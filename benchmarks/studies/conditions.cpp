// Whether a conditional generator of digits makes what it is asked for, as a classifier sees it: 10,000 samples of one
// checkpoint. Where classes are asked for, the share that carries them; where codes are fed, the purity of the
// categorical one: the share of samples whose digit is their category's most frequent. Writes <out>/<name>.json.

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "../support/judged_checkpoint.hpp"

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

nlohmann::ordered_json judge_conditions(const benchmarks::JudgedCheckpoint& given) {
  const examples::Sampler& sampler = given.sampler;
  const bool has_codes = sampler.settings().categories == classes;
  if (sampler.settings().classes != classes && !has_codes)
    throw ConfigError("expected a generator of ten classes or categories, got one of " +
                      std::to_string(sampler.settings().classes) + " and " +
                      std::to_string(sampler.settings().categories));
  const std::vector<std::int32_t> seen = given.judge.classes_of(make_samples(sampler));
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
  return {
      {"samples", classes * each}, {has_codes ? "purity" : "as_asked", total}, {"by_class", right}, {"seen", counts}};
}

int main(int argc, char** argv) {
  return benchmarks::judge_checkpoint(argc, argv, "study_conditions",
                                      "Judges the samples of a conditional generator of digits.",
                                      "what mnist --conditional or classifying has left", judge_conditions);
}
