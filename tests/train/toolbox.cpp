// The losses and penalties in training: each takes part, and what it keeps goes through a checkpoint.
#include <string>
#include <utility>
#include <vector>

#include "setup.hpp"

using namespace test;

namespace {

train::AdversarialOptions<> options_with(loss::AnyLoss<> loss, std::vector<loss::AnyPenalty<>> penalties = {},
                                         std::vector<loss::AnyPenalty<>> generator_penalties = {}) {
  return {.latent = {4},
          .loss = std::move(loss),
          .penalties = std::move(penalties),
          .generator_penalties = std::move(generator_penalties),
          .batch = 16,
          .seed = 5};
}

/// The checkpoint after six steps, of one run or of two with a checkpoint after three.
std::string six_steps(const train::AdversarialOptions<>& options, const Directory& directory, bool interrupted) {
  const data::PointSet points = circle();
  const auto part = directory / "part.safetensors", whole = directory / "whole.safetensors";
  if (interrupted) {
    Gan first(options);
    first.trainer.train(points, 3);
    first.trainer.save(part);
  }
  Gan gan(options);
  if (interrupted) gan.trainer.resume(part);
  gan.trainer.train(points, 6);
  gan.trainer.save(whole);
  return bytes_of(whole);
}

/// A discriminator that shows what its hidden layer found.
struct Judge {
  using Scalar = float;
  nn::Linear<> hidden{2, 8}, last{8, 1};
  loss::LogitsAndFeatures<> forward(const Variable<>& x, const nn::Pass<>& pass) const {
    const Variable<> features = tanh(hidden.forward(x, pass));
    return {last.forward(features, pass), features};
  }
  void visit(auto&& field) {
    field("hidden", hidden);
    field("last", last);
  }
};

}  // namespace

TEST_CASE("a run with any loss or penalty goes on from a checkpoint bit for bit", "[train][loss][penalty]") {
  const Directory directory("toolbox");
  const loss::NonSaturating plain;
  const std::vector<std::pair<const char*, train::AdversarialOptions<>>> runs = {
      {"least squares", options_with(loss::LeastSquares())},
      {"hinge", options_with(loss::Hinge())},
      {"relativistic average", options_with(loss::RelativisticAverage())},
      {"relativistic paired", options_with(loss::RelativisticPaired{.base = loss::RelativisticBase::hinge})},
      {"energy based", options_with(loss::EnergyBased{.margin = 2})},
      {"boundary equilibrium", options_with(loss::BoundaryEquilibrium({.gamma = 2, .lambda = 0.1}))},
      {"boundary seeking", options_with(loss::BoundarySeeking())},
      {"smoothed", options_with(loss::NonSaturating{.real_target = 0.9})},
      {"lazy R1", options_with(plain, {loss::Lazily(2, loss::R1(1))})},
      {"R1 and R2", options_with(plain, {loss::R1R2(1)})},
      {"fading R1", options_with(plain, {loss::Scheduled(optim::CosineSchedule{.to = 0.1, .steps = 6}, loss::R1(1))})},
      {"DRAGAN", options_with(plain, {loss::Dragan()})},
      {"latent consistency", options_with(plain, {loss::LatentConsistency(5)}, {loss::LatentConsistency(0.5)})},
      {"LeCam", options_with(plain, {loss::LeCam(0.3, {.decay = 0.9, .start = 1})})},
      {"orthogonal", options_with(plain, {loss::Orthogonal(0.1)}, {loss::Orthogonal(0.1)})},
      {"historical averaging",
       options_with(plain, {loss::HistoricalAveraging(0.1)}, {loss::HistoricalAveraging(0.1)})}};
  const std::string without = six_steps(options_with(plain), directory, false);
  for (const auto& [name, options] : runs) {
    INFO(name);
    const std::string straight = six_steps(options, directory, false);
    CHECK(straight == six_steps(options, directory, true));
    CHECK(straight != without);
  }
}

TEST_CASE("a loss's and a penalty's numbers belong to the configuration that a checkpoint was made with",
          "[train][loss]") {
  const Directory directory("toolbox");
  Gan smoothed(options_with(loss::NonSaturating{.real_target = 0.9})), sure(options_with(loss::NonSaturating()));
  smoothed.trainer.save(directory / "smoothed.safetensors");
  CHECK_THROWS_WITH(sure.trainer.resume(directory / "smoothed.safetensors"), Catch::Contains("loss.real_target"));
  const auto fading = [](Index steps) {
    return options_with(loss::NonSaturating(), {loss::Scheduled(optim::CosineSchedule{.steps = steps}, loss::R1(1))});
  };
  Gan soon(fading(6)), late(fading(9));
  soon.trainer.save(directory / "soon.safetensors");
  CHECK_THROWS_WITH(late.trainer.resume(directory / "soon.safetensors"), Catch::Contains("schedule.steps"));
}

TEST_CASE("feature matching trains a generator through a discriminator's inner layer", "[train][loss]") {
  nn::Sequential<> generator = make_generator();
  Judge judge;
  train::AdversarialTrainer<nn::Sequential<>, Judge> trainer(generator, judge,
                                                             {.latent = {4},
                                                              .loss = loss::FeatureMatching(),
                                                              .generator_optimizer = optim::Adam{.learning_rate = 2e-3},
                                                              .batch = 64,
                                                              .seed = 5});
  std::vector<double> distances;
  trainer.add([&](const train::StepReport& report) { distances.push_back(report.generator_loss); });
  trainer.train(circle(), 60);
  const auto mean_of = [&](std::size_t first, std::size_t last) {
    double total = 0;
    for (std::size_t i = first; i < last; ++i) total += distances[i];
    return total / static_cast<double>(last - first);
  };
  CHECK(mean_of(0, 10) > 0);
  CHECK(mean_of(50, 60) < 0.5 * mean_of(0, 10));
}
