// What digits a generator makes that is asked for none, as a classifier sees 10,000 samples of one checkpoint: the
// share of each, which shows what a collapse has left out, and their score: the Inception score (Salimans et al. 2016,
// section 4) by this classifier, e^(mean KL(p(digit | sample) || p(digit))), from 1 to 10. Writes <out>/<name>.json.

#include <algorithm>
#include <array>
#include <cmath>

#include "../support/images_of.hpp"
#include "../support/judged_checkpoint.hpp"

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

int main(int argc, char** argv) {
  return benchmarks::judge_checkpoint(
      argc, argv, "study_digits", "Judges the samples of a generator of digits.", "what mnist has left",
      [](const benchmarks::JudgedCheckpoint& given) -> nlohmann::ordered_json {
        RandomStream stream(1, "sample");
        const Tensor<float> samples = given.sampler(given.sampler.latents(10'000, stream), {});
        const Verdict made = judge_samples(given.judge.probabilities_of(samples));
        const Verdict real = judge_samples(given.judge.probabilities_of(benchmarks::images_of(given.test)));
        return {{"samples", samples.extent(0)},
                {"score", made.score},
                {"score_of_test_digits", real.score},
                {"shares", made.shares}};
      });
}
