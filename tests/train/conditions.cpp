// Conditional training: whose labels reach which network, what is refused, and that a resume keeps every bit.
#include <cmath>
#include <filesystem>
#include <vector>

#include "setup.hpp"

using namespace test;

namespace {

constexpr Index kinds = 4;

/// Points around as many centres as there are classes.
data::PointSet labelled(Index count = 256) {
  data::PointSet set{RandomStream(3, "points").normal<float>({count, 2}, 0, 0.1), Labels(Shape{count})};
  for (Index i = 0; i < count; ++i) {
    const auto label = static_cast<std::int32_t>(i % kinds);
    set.labels.mutable_data()[i] = label;
    set.points.mutable_data()[2 * i] += static_cast<float>(label);
  }
  return set;
}

nn::Sequential<> conditional_generator(const nn::ConditionOptions& condition = {.classes = kinds}) {
  return nn::Sequential{nn::ConcatCondition<>(condition),
                        nn::Linear(4 + condition.classes + condition.values, 16),
                        nn::ConditionalBatchNorm<>(16, condition),
                        nn::ReLU(),
                        nn::Dropout(0.1),
                        nn::Linear(16, 2)};
}
nn::Sequential<> projection_critic(const nn::ConditionOptions& condition = {.classes = kinds}) {
  return nn::Sequential{nn::Linear(2, 16), nn::LeakyReLU(0.2), nn::Projection(16, condition)};
}
nn::Classifying<> classifying_critic(Index classes, bool twin = false) {
  return nn::Classifying(nn::Sequential{nn::Linear(2, 16), nn::LeakyReLU(0.2)},
                         {.features = 16, .classes = classes, .twin = twin});
}

template <class Output = Variable<float>>
train::AdversarialOptions<float, Output> options_with(loss::AnyLoss<float, Output> loss) {
  return {.latent = {4}, .loss = std::move(loss), .average = 0.9, .batch = 32, .seed = 5};
}

/// The checkpoint of 6 steps, and that of 3, a resume by new networks, and 3 more.
template <class Make, class Set>
void check_resume(const Make& make, const Set& set) {
  const Directory directory("conditions");
  const auto run = [&](const char* name, Index until, bool resumes, int threads) {
    set_threads(threads);
    auto [generator, critic, options] = make();
    train::AdversarialTrainer trainer{generator, critic, std::move(options)};
    if (resumes) trainer.resume(directory / name);
    trainer.train(set, until);
    trainer.save(directory / name);
  };
  run("through", 6, false, 1);
  run("two", 6, false, 2);
  run("stopped", 3, false, 2);
  run("stopped", 6, true, 1);
  set_threads(0);
  CHECK(bytes_of(directory / "through") == bytes_of(directory / "two"));
  CHECK(bytes_of(directory / "through") == bytes_of(directory / "stopped"));
}

template <class Generator, class Critic, class Options>
struct Networks {
  Generator generator;
  Critic critic;
  Options options;
};
template <class G, class C, class O>
Networks(G, C, O) -> Networks<G, C, O>;

/// Remembers which labels the networks saw, beside which samples.
struct Witness {
  static constexpr bool is_per_sample = true;
  static constexpr bool depends_on_condition = true;
  struct Seen {
    std::vector<float> first;
    std::vector<std::int32_t> labels;
  };
  std::vector<Seen>* log;

  Variable<float> forward(const Variable<float>& x, const nn::Pass<float>& pass) const {
    Seen seen;
    const Labels& labels = pass.condition().labels();
    for (Index n = 0; n < x.extent(0); ++n) {
      seen.first.push_back(x.data()[n * x.size() / x.extent(0)]);
      seen.labels.push_back(labels.data()[n]);
    }
    log->push_back(seen);
    return x;
  }
};

}  // namespace

TEST_CASE("each network sees a sample beside its label, penalties included", "[train][condition]") {
  std::vector<Witness::Seen> of_critic;
  nn::Sequential generator = conditional_generator();
  nn::Sequential critic{Witness{&of_critic}, nn::Linear(2, 16), nn::LeakyReLU(0.2),
                        nn::Projection(16, {.classes = kinds})};
  auto options = options_with(loss::AnyLoss<float>(loss::Wasserstein()));
  options.penalties = {loss::GradientPenalty(10)};
  options.critic_steps = 2;
  train::AdversarialTrainer trainer{generator, critic, options};
  trainer.train(labelled(), 3);
  // A step: twice real and generated as one batch and the penalty's points between, then the generator's batch.
  REQUIRE(of_critic.size() == 3 * (2 * 2 + 1));
  for (std::size_t call = 0; call < of_critic.size(); ++call) {
    const auto& [first, labels] = of_critic[call];
    const bool joined = call % 5 == 0 || call % 5 == 2;
    REQUIRE(labels.size() == (joined ? 64 : 32));
    if (!joined) continue;
    for (std::size_t n = 0; n < 32; ++n) {
      CHECK(std::abs(first[n] - static_cast<float>(labels[n])) < 0.5);  // a real point lies around its class's centre
      CHECK(labels[32 + n] == labels[n]);                               // and a generated one was asked to be the same
    }
    const auto& between = of_critic[call + 1];
    CHECK(between.labels == std::vector<std::int32_t>(labels.begin(), labels.begin() + 32));
  }
}

TEST_CASE("a conditional generator learns where each class lies", "[train][condition]") {
  nn::Sequential generator{nn::ConcatCondition<>({.classes = kinds}), nn::Linear(4 + kinds, 32), nn::ReLU(),
                           nn::Linear(32, 2)};
  nn::Sequential critic = projection_critic();
  auto options = options_with(loss::AnyLoss<float>(loss::NonSaturating()));
  options.penalties = {loss::R1(0.1)};
  options.generator_optimizer = options.discriminator_optimizer = optim::Adam{.learning_rate = 5e-3, .beta1 = 0.5};
  train::AdversarialTrainer trainer{generator, critic, options};
  trainer.train(labelled(1024), 600);
  for (std::int32_t label = 0; label < kinds; ++label) {
    const Tensor<float> samples = trainer.sample(64, label);
    double mean = 0;
    for (Index i = 0; i < 64; ++i) mean += samples.data()[2 * i] / 64;
    CHECK(std::abs(mean - label) < 0.4);
  }
}

TEST_CASE("forgetting what is asked for is refused with a sentence", "[train][condition]") {
  nn::Sequential generator = conditional_generator();
  nn::Sequential critic = projection_critic();
  train::AdversarialTrainer trainer{generator, critic, options_with(loss::AnyLoss<float>(loss::Hinge()))};
  CHECK_THROWS_WITH(trainer.train(circle(), 1), Catch::Contains("expected a set with labels or conditions"));
  CHECK_THROWS_WITH(trainer.sample(4), Catch::Contains("trainer.sample(count, condition)"));
  CHECK_THROWS_WITH(trainer.step(Tensor<float>::zeros({8, 2})),
                    Catch::Contains("expected a condition for each sample"));
  CHECK_THROWS_AS(trainer.step(Tensor<float>::zeros({8, 2}), Labels::zeros({4})), ConfigError);
  CHECK_THROWS_WITH(trainer.step(Tensor<float>::zeros({8, 2}), Labels::full({8}, 9)), Catch::Contains("got 9"));
  CHECK(trainer.step() == 0);
  trainer.step(Tensor<float>::zeros({8, 2}), Labels::zeros({8}));
  CHECK(trainer.step() == 1);
  CHECK(trainer.sample(4, 1).shape() == Shape{4, 2});
  CHECK_THROWS_AS(trainer.sample(4, kinds), ShapeError);
}

TEST_CASE("a conditional run goes on from a checkpoint bit for bit", "[train][condition]") {
  check_resume(
      [] {
        return Networks{conditional_generator(), projection_critic(),
                        options_with(loss::AnyLoss<float>(loss::Hinge()))};
      },
      labelled());
}

TEST_CASE("a run with a classifier goes on from a checkpoint bit for bit", "[train][condition]") {
  using Verdict = nn::Verdict<float>;
  const auto with = [&](auto loss, Index classes, bool twin) {
    check_resume(
        [&] {
          return Networks{conditional_generator(), classifying_critic(classes, twin),
                          options_with<Verdict>(loss::AnyLoss<float, Verdict>(loss))};
        },
        labelled());
  };
  with(loss::AuxiliaryClassifier(), kinds, false);
  with(loss::AuxiliaryClassifier(1, loss::Hinge()), kinds, true);
  with(loss::MultiHinge(), kinds + 1, false);
}

TEST_CASE("InfoGAN's codes are drawn, found out, and go on from a checkpoint bit for bit", "[train][condition]") {
  using Verdict = nn::Verdict<float>;
  const train::LatentCodes codes{.categories = {3}, .continuous = 2};
  const auto make = [&] {
    auto options = options_with<Verdict>(loss::AnyLoss<float, Verdict>(loss::InfoGAN({3})));
    options.codes = codes;
    return Networks{conditional_generator({.values = 5}), classifying_critic(5), options};
  };
  check_resume(make, circle());
  auto [generator, critic, options] = make();
  train::AdversarialTrainer trainer{generator, critic, options};
  CHECK(trainer.sample(6).shape() == Shape{6, 2});  // codes that never change
  CHECK(trainer.sample(6, Tensor<float>::zeros({6, 5})).shape() == Shape{6, 2});
  RandomStream stream(1, "codes");
  const Tensor<float> drawn = codes.draw<float>(200, stream).values();
  for (Index n = 0; n < 200; ++n) {
    const float* const row = drawn.data() + 5 * n;
    CHECK(row[0] + row[1] + row[2] == 1);
    CHECK((std::abs(row[3]) <= 1 && std::abs(row[4]) <= 1));
  }
  options.codes = {.categories = {1}};
  CHECK_THROWS_AS((train::AdversarialTrainer{generator, critic, options}), ConfigError);
}

TEST_CASE("a set may ask for numbers instead of classes", "[train][condition]") {
  const nn::ConditionOptions two{.values = 2};
  const data::WithConditions set{circle(), circle().points};
  check_resume(
      [&] {
        return Networks{conditional_generator(two), projection_critic(two),
                        options_with(loss::AnyLoss<float>(loss::LeastSquares()))};
      },
      set);
  CHECK_THROWS_AS((data::WithConditions{circle(), Tensor<float>::zeros({3, 2})}), ShapeError);
}

TEST_CASE("unrolled, accumulated and top-k steps keep samples beside their labels", "[train][condition]") {
  nn::Sequential generator = conditional_generator();
  nn::Sequential critic = projection_critic();
  auto options = options_with(loss::AnyLoss<float>(loss::RelativisticPaired()));
  options.unrolled_steps = 2;
  options.accumulate = 2;
  options.top_k = {.smallest = 0.5};
  options.penalties = {loss::R1R2(0.1)};
  train::AdversarialTrainer trainer{generator, critic, options};
  trainer.train(labelled(), 3);
  CHECK(trainer.step() == 3);
}

TEST_CASE("a grid of a conditional generator has a row for each class", "[train][condition]") {
  const Directory directory("conditional-grid");
  nn::Sequential generator{nn::ConcatCondition<>({.classes = kinds}), nn::Linear(4 + kinds, 16),
                           nn::Reshape({4, 4, 1})};
  nn::Sequential critic{nn::Flatten(), nn::Linear(16, 8), nn::Projection(8, {.classes = kinds})};
  train::AdversarialTrainer trainer{generator, critic, options_with(loss::AnyLoss<float>(loss::Hinge()))};
  trainer.add(train::SampleGrid{.every = 1, .path = directory / "samples", .count = 12, .classes = kinds});
  data::ImageSet set{Tensor<std::uint8_t>::zeros({64, 4, 4, 1}), Labels::zeros({64})};
  trainer.train(set, 1);
  const Tensor<std::uint8_t> grid = io::load_image(directory / "samples/step-000001.png");
  const Tensor<std::uint8_t> rows =
      io::image_grid(io::to_image_bytes(trainer.sample(12, nn::Condition<>::of_all_classes(kinds, 3)), -1, 1), 3);
  CHECK(grid.shape() == rows.shape());
  CHECK(std::equal(grid.data(), grid.data() + grid.size(), rows.data()));
}
