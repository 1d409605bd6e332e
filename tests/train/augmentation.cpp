// Augmentations in training: their state is the trainer's own, follows a resume, and is told in reports.
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "setup.hpp"

using namespace test;

namespace {

constexpr Index size = 6;

data::ImageSet pictures() {
  data::ImageSet set{Tensor<std::uint8_t>(Shape{64, size, size, 3}), Labels(Shape{64})};
  RandomStream stream(2, "pictures");
  for (Index i = 0; i < set.images.size(); ++i)
    set.images.mutable_data()[i] = static_cast<std::uint8_t>(stream.below(256));
  for (Index i = 0; i < 64; ++i) set.labels.mutable_data()[i] = static_cast<std::int32_t>(i % 4);
  return set;
}

/// Two small networks, conditional, with everything on that a checkpoint has to remember.
struct ImageGan {
  explicit ImageGan(std::vector<augment::AnyAugmentation<>> augmentations,
                    const loss::AnyLoss<>& loss = loss::NonSaturating())
      : trainer(generator, critic,
                {.latent = {4},
                 .loss = loss,
                 .penalties = {loss::R1(1)},
                 .augmentations = std::move(augmentations),
                 .critic_steps = 2,
                 .average = 0.9,
                 .batch = 8,
                 .seed = 3}) {}
  nn::Sequential<> generator{nn::ConcatCondition<>({.classes = 4}), nn::Linear(8, size* size * 3), nn::Tanh(),
                             nn::Reshape({size, size, 3})};
  nn::Sequential<> critic{nn::Conv2d({.in = 3, .out = 8, .kernel = 3, .stride = 2, .padding = 1}), nn::LeakyReLU(0.2),
                          nn::Flatten(), nn::Projection(72, {.classes = 4})};
  train::AdversarialTrainer<nn::Sequential<>, nn::Sequential<>> trainer;
};

augment::AdaptiveAugment adaptive(double strength = 0.2) {
  return augment::AdaptiveAugment({.target = 0, .strength = strength, .adapt_over = 500, .every = 3});
}

/// Does nothing but remember what it is told.
struct Listener {
  template <std::floating_point S>
  Variable<S> operator()(const Variable<S>& x, const augment::AugmentationContext&) const {
    return x;
  }
  void observe(const Variable<float>& outputs) { heard->assign(outputs.data(), outputs.data() + outputs.size()); }

  std::shared_ptr<std::vector<float>> heard = std::make_shared<std::vector<float>>();
};

}  // namespace

TEST_CASE("an augmentation is told real outputs, less the mean generated one where only differences count",
          "[train][augment]") {
  // What the first update hears from a critic whose last bias is moved by so much.
  const auto heard = [](const loss::AnyLoss<>& loss, float moved) {
    const Listener listener;
    ImageGan gan({listener}, loss);
    nn::for_each_parameter(gan.critic, [&](const std::string& name, Parameter<>& parameter) {
      if (name.ends_with("head.bias")) parameter.assign(Tensor<float>::full(parameter.value().shape(), moved));
    });
    train::AdversarialTrainer trainer(gan.generator, gan.critic,
                                      {.latent = {4}, .loss = loss, .augmentations = {listener}, .batch = 64});
    trainer.train(pictures(), 1);
    return *listener.heard;
  };
  for (const loss::AnyLoss<>& loss : {loss::AnyLoss<>(loss::NonSaturating()), loss::AnyLoss<>(loss::Hinge()),
                                      loss::AnyLoss<>(loss::LeastSquares())}) {
    const auto low = heard(loss, 0), high = heard(loss, 8);
    REQUIRE(low.size() == 64);
    for (std::size_t i = 0; i < 64; ++i) CHECK(high[i] - low[i] == Approx(8).margin(1e-4));
  }
  for (const loss::AnyLoss<>& loss :
       {loss::AnyLoss<>(loss::RelativisticPaired()), loss::AnyLoss<>(loss::RelativisticAverage()),
        loss::AnyLoss<>(loss::Wasserstein())}) {
    const auto low = heard(loss, 0), high = heard(loss, 8), absolute = heard(loss::NonSaturating(), 0);
    REQUIRE(low.size() == 64);
    const float mean_fake = absolute[0] - low[0];
    CHECK(std::abs(mean_fake) > 1e-4f);
    for (std::size_t i = 0; i < 64; ++i) {
      CHECK(high[i] == Approx(low[i]).margin(1e-4));
      CHECK(absolute[i] - low[i] == Approx(mean_fake).margin(1e-4));
    }
  }
}

TEST_CASE("a run with augmentation, conditions and a penalty resumes to the same bits at any thread count",
          "[train][augment]") {
  const Directory directory("augmentation");
  const auto run = [&](const char* name, Index until, bool resumes, int threads) {
    set_threads(threads);
    ImageGan gan({adaptive(), augment::DiffAugment()});
    if (resumes) gan.trainer.resume(directory / name);
    gan.trainer.train(pictures(), until);
    gan.trainer.save(directory / name);
  };
  run("through", 10, false, 1);
  run("two", 10, false, 2);
  run("stopped", 5, false, 2);
  run("stopped", 10, true, 1);
  set_threads(0);
  CHECK(bytes_of(directory / "through") == bytes_of(directory / "two"));
  CHECK(bytes_of(directory / "through") == bytes_of(directory / "stopped"));

  ImageGan other({adaptive(0.3), augment::DiffAugment()});
  CHECK_THROWS_WITH(other.trainer.resume(directory / "through"), Catch::Contains("augmentation.0.strength"));
  ImageGan fewer({adaptive()});
  CHECK_THROWS_WITH(fewer.trainer.resume(directory / "through"), Catch::Contains("augmentations = 2"));
}

TEST_CASE("the strength moves once in so many updates, is reported and logged, and is one trainer's own",
          "[train][augment]") {
  const Directory directory("strength");
  const std::vector<augment::AnyAugmentation<>> chosen{adaptive()};
  ImageGan first(chosen), second(chosen), none({});
  std::vector<double> strengths;
  first.trainer.add([&](const train::StepReport& report) { strengths.push_back(report.augmentation); });
  first.trainer.add(train::LossLog{.path = directory / "losses.csv"});
  first.trainer.train(pictures(), 6);
  // Two updates a step, an adjustment after three: by 24 of 500 samples up or down.
  REQUIRE(strengths.size() == 6);
  CHECK(strengths[0] == 0.2);
  CHECK(std::abs(strengths[1] - 0.2) == Approx(24.0 / 500));
  CHECK(strengths[3] == strengths[2]);
  CHECK(std::abs(strengths[4] - strengths[3]) == Approx(24.0 / 500));
  CHECK(
      bytes_of(directory / "losses.csv").starts_with("step,discriminator_loss,generator_loss,penalty,augmentation\n"));
  const auto report_of = [](ImageGan& gan) {
    double strength = -1;
    gan.trainer.add([&](const train::StepReport& report) { strength = report.augmentation; });
    gan.trainer.train(pictures(), 1);
    return strength;
  };
  CHECK(report_of(second) == 0.2);
  CHECK(report_of(none) == 0);
}

TEST_CASE("what a diverging step taught an augmentation is undone", "[train][augment]") {
  ImageGan gan({augment::AdaptiveAugment({.target = -0.99, .strength = 0.2, .adapt_over = 100, .every = 1})});
  std::vector<double> strengths;
  gan.trainer.add([&](const train::StepReport& report) { strengths.push_back(report.augmentation); });
  const nn::Condition<float> asked = nn::Condition<float>::of_class(1, 8);
  const auto batch = [](float value) { return Tensor<float>::full({8, size, size, 3}, value); };
  gan.trainer.step(batch(0.5f), asked);
  CHECK_THROWS_AS(gan.trainer.step(batch(std::numeric_limits<float>::infinity()), asked), DivergenceError);
  gan.trainer.step(batch(0.5f), asked);
  REQUIRE(strengths.size() == 2);
  CHECK(strengths[1] - strengths[0] == Approx(strengths[0] - 0.2).margin(1e-9));
}
