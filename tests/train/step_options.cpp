// What a step may do beyond one update of each network from one batch.
#include <algorithm>
#include <cmath>
#include <vector>

#include "setup.hpp"

using namespace test;

namespace {

template <class Change>
train::AdversarialOptions<> changed(Change change) {
  train::AdversarialOptions<> options{.latent = {4}, .loss = loss::NonSaturating(), .batch = 32, .seed = 5};
  change(options);
  return options;
}

std::vector<float> values_of(const nn::Sequential<>& model) {
  std::vector<float> values;
  for (const auto& parameter : nn::parameters(model))
    values.insert(values.end(), parameter.data(), parameter.data() + parameter.size());
  return values;
}

/// Networks that draw nothing and treat each sample by itself.
struct PlainGan {
  explicit PlainGan(train::AdversarialOptions<> options) : trainer(generator, critic, std::move(options)) {}
  nn::Sequential<> generator{nn::Linear(4, 16), nn::ReLU(), nn::Linear(16, 2)};
  nn::Sequential<> critic{nn::Linear(2, 16), nn::LeakyReLU(0.2), nn::Linear(16, 1)};
  train::AdversarialTrainer<nn::Sequential<>, nn::Sequential<>> trainer;
};

template <class Change>
void check_resumes(Change change) {
  const Directory directory("step_options");
  PlainGan through(changed(change)), first(changed(change)), second(changed(change));
  through.trainer.train(circle(), 9);
  through.trainer.save(directory / "through");
  first.trainer.train(circle(), 4);
  first.trainer.save(directory / "first");
  second.trainer.resume(directory / "first");
  second.trainer.train(circle(), 9);
  second.trainer.save(directory / "second");
  CHECK(bytes_of(directory / "second") == bytes_of(directory / "through"));
}

/// Shows what it found on its way besides its verdict.
struct FeatureCritic {
  using Scalar = float;
  static constexpr bool is_per_sample = true;
  nn::Sequential<> body{nn::Linear(2, 16), nn::LeakyReLU(0.2)};
  nn::Linear<> head{16, 1};

  loss::LogitsAndFeatures<float> forward(const Variable<float>& x, const nn::Pass<float>& pass) const {
    const Variable<float> features = body.forward(x, pass);
    return {head.forward(features, pass), features};
  }
  void visit(auto&& field) {
    field("body", body);
    field("head", head);
  }
};

/// Pulls one weight towards zero.
struct Weight {
  static constexpr const char* name = "weight";
  double factor = 1;
  Variable<float> operator()(const loss::PenaltyContext<float>& here) const {
    REQUIRE(here.side == loss::Side::generator);
    REQUIRE(here.parameters.size() == 4);
    REQUIRE(here.parameter_names[0] == "0.weight");
    return factor * sum(square(here.parameters[0]));
  }
};

}  // namespace

TEST_CASE("an initialisation is for what has no values yet", "[train]") {
  const auto constant = [](auto& options) { options.initialization = nn::init::Scheme(nn::init::constant(0.25)); };
  PlainGan fresh(changed(constant));
  CHECK(nn::parameters(fresh.generator)[0].data()[0] == 0.25f);
  CHECK(nn::parameters(fresh.critic)[0].data()[0] == 0.25f);
  nn::Sequential<> generator{nn::Linear(4, 2)}, critic{nn::Linear(2, 1)};
  nn::initialize(generator, 1);
  const std::vector<float> before = values_of(generator);
  const train::AdversarialTrainer trainer{generator, critic, changed(constant)};
  CHECK(values_of(generator) == before);
  CHECK(nn::parameters(critic)[0].data()[0] == 0.25f);
}

TEST_CASE("gradients accumulated over four batches are those of one batch of four times the size", "[train]") {
  const auto sgd = optim::SGD{.learning_rate = 0.1};
  PlainGan whole(changed([&](auto& o) { o.batch = 32, o.generator_optimizer = o.discriminator_optimizer = sgd; }));
  PlainGan parts(changed(
      [&](auto& o) { o.batch = 8, o.accumulate = 4, o.generator_optimizer = o.discriminator_optimizer = sgd; }));
  whole.trainer.train(circle(), 1);
  const auto report = std::make_shared<train::StepReport>();
  parts.trainer.add([report](const train::StepReport& told) { *report = told; });
  parts.trainer.train(circle(), 1);
  CHECK(report->images == 32);
  const auto a = values_of(whole.critic), b = values_of(parts.critic);
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == Approx(b[i]).epsilon(1e-5).margin(1e-7));
  check_resumes([](auto& o) { o.accumulate = 3; });
}

TEST_CASE("top-k training keeps the samples with the largest verdicts", "[train]") {
  const train::TopK top{.smallest = 0.5, .steps = 10};
  CHECK(top.kept(64, 0) == 64);
  CHECK(top.kept(64, 5) == 48);
  CHECK(top.kept(64, 10) == 32);
  CHECK(top.kept(64, 1000) == 32);
  CHECK((train::TopK{.smallest = 0.01, .steps = 1}.kept(3, 9)) == 1);

  const Variable<float> verdicts(Tensor<float>::from(std::vector<float>{1, 5, -2, 5, 3}, Shape{5, 1}));
  const auto kept = train::detail::positions_of_largest(verdicts, 3);
  CHECK(std::vector<std::int64_t>(kept.data(), kept.data() + 3) == std::vector<std::int64_t>{1, 3, 4});

  // With one sample kept of a batch, the generator learns from that one alone.
  PlainGan gan(changed([](auto& o) {
    o.top_k = {.smallest = 1e-6, .steps = 1};
    o.batch = 8;
    o.loss = loss::Custom<>{.discriminator = [](auto& real, auto& fake) { return mean(fake) - mean(real); },
                            .generator =
                                [](auto&, auto& fake) {
                                  REQUIRE((fake.extent(0) == 8 || fake.extent(0) == 1));
                                  return -mean(fake);
                                }};
  }));
  gan.trainer.train(circle(), 3);
  check_resumes([](auto& o) { o.top_k = {.smallest = 0.25, .steps = 6}; });
}

TEST_CASE("frozen layers stay as they are and the others move, also after a resume", "[train]") {
  const auto freeze = [](auto& o) { o.frozen = {"discriminator.0", "generator.2.bias"}; };
  PlainGan gan(changed(freeze));
  const nn::Sequential<> generator = gan.generator, critic = gan.critic;
  gan.trainer.train(circle(), 3);
  const auto moved = [](const nn::Sequential<>& before, const nn::Sequential<>& after) {
    std::vector<bool> list;
    const auto a = nn::parameters(before), b = nn::parameters(after);
    for (std::size_t k = 0; k < a.size(); ++k)
      list.push_back(!std::equal(a[k].data(), a[k].data() + a[k].size(), b[k].data()));
    return list;
  };
  CHECK(moved(critic, gan.critic) == std::vector<bool>{false, false, true, true});
  CHECK(moved(generator, gan.generator) == std::vector<bool>{true, true, true, false});
  check_resumes(freeze);
  check_resumes([](auto& o) { o.frozen = {"discriminator"}; });
  CHECK_THROWS_WITH(PlainGan(changed([](auto& o) { o.frozen = {"discriminator.1"}; })),
                    Catch::Contains("'discriminator.1'") && Catch::Contains("discriminator.0.weight"));
}

TEST_CASE("latents come from the distribution that was asked for", "[train]") {
  RandomStream stream(1, "latents");
  const auto extremes = [&](const train::LatentDistribution& distribution) {
    const Tensor<float> z = distribution.draw<float>(Shape{1000, 10}, stream);
    const auto [low, high] = std::minmax_element(z.data(), z.data() + z.size());
    return std::pair(*low, *high);
  };
  const auto normal = extremes(train::LatentDistribution::normal());
  CHECK((normal.first < -3 && normal.second > 3));
  const auto uniform = extremes(train::LatentDistribution::uniform());
  CHECK((uniform.first >= -1 && uniform.first < -0.99 && uniform.second < 1 && uniform.second > 0.99));
  const auto truncated = extremes(train::LatentDistribution::truncated(0.5));
  CHECK((truncated.first >= -0.5 && truncated.first < -0.49 && truncated.second <= 0.5 && truncated.second > 0.49));
  CHECK_THROWS_AS(train::LatentDistribution::truncated(0), ConfigError);
  check_resumes([](auto& o) { o.latent_distribution = train::LatentDistribution::truncated(1); });

  const Directory directory("latents");
  PlainGan one(changed([](auto&) {}));
  one.trainer.save(directory / "checkpoint");
  PlainGan other(changed([](auto& o) { o.latent_distribution = train::LatentDistribution::uniform(); }));
  CHECK_THROWS_WITH(other.trainer.resume(directory / "checkpoint"), Catch::Contains("latent_distribution"));
}

TEST_CASE("the averaged generator copies the generator while it warms up", "[train]") {
  PlainGan gan(changed([](auto& o) { o.average = 0.999, o.average_warm_up = 4; }));
  gan.trainer.train(circle(), 4);
  CHECK(values_of(gan.trainer.sampler()) == values_of(gan.generator));
  gan.trainer.train(circle(), 5);
  CHECK(values_of(gan.trainer.sampler()) != values_of(gan.generator));
}

TEST_CASE("penalties of the generator's own are part of its loss and of its report", "[train]") {
  const auto weight_after = [](double factor) {
    PlainGan gan(changed([&](auto& o) {
      o.generator_penalties = {Weight{factor}};
      o.generator_optimizer = optim::SGD{.learning_rate = 0.1};
    }));
    double told = 0;
    gan.trainer.add([&](const train::StepReport& report) { told = report.generator_penalty; });
    gan.trainer.train(circle(), 20);
    CHECK((told > 0) == (factor > 0));
    return sum(square(nn::parameters(gan.generator)[0])).item();
  };
  CHECK(weight_after(1) < 0.01 * weight_after(0));
}

TEST_CASE("a discriminator may return a struct of logits and features, for a loss that reads both", "[train]") {
  nn::Sequential<> generator{nn::Linear(4, 16), nn::ReLU(), nn::Linear(16, 2)};
  FeatureCritic critic;
  train::AdversarialTrainer trainer{
      generator,
      critic,
      {.latent = {4}, .loss = loss::FeatureMatching(), .penalties = {loss::GradientPenalty(1)}, .batch = 32}};
  static_assert(std::same_as<train::OutputOf<FeatureCritic>, loss::LogitsAndFeatures<float>>);
  double first = 0, last = 0;
  trainer.add([&](const train::StepReport& report) {
    (report.step == 1 ? first : last) = report.generator_loss;
    CHECK(report.penalty > 0);
  });
  trainer.train(circle(), 200);
  CHECK(last < 0.5 * first);
}

TEST_CASE("a step that diverges leaves the state of its loss as it was", "[train]") {
  PlainGan gan(changed([](auto& o) {
    o.loss = loss::BoundaryEquilibrium({.gamma = 0.5, .lambda = 0.1});
    o.penalties = {loss::LeCam()};
  }));
  gan.trainer.train(circle(), 3);
  const Directory directory("diverged");
  gan.trainer.save(directory / "before");
  CHECK_THROWS_AS(gan.trainer.step(Tensor<float>::full({32, 2}, std::nanf(""))), DivergenceError);
  gan.trainer.save(directory / "after");
  const auto before = io::load_safetensors(directory / "before"), after = io::load_safetensors(directory / "after");
  Index compared = 0;
  for (const std::string& name : before.names())
    if (name.starts_with("loss.") || name.starts_with("penalty.")) {
      INFO(name);
      CHECK(std::get<Tensor<double>>(before.at(name)).item() == std::get<Tensor<double>>(after.at(name)).item());
      ++compared;
    }
  CHECK(compared >= 4);
}

TEST_CASE("a network starts from another run's checkpoint, its first layer frozen", "[train]") {
  const Directory directory("transfer");
  PlainGan source(changed([](auto&) {}));
  source.trainer.train(circle(), 3);
  source.trainer.save(directory / "source");
  nn::Sequential<> generator = source.generator, critic{nn::Linear(2, 16), nn::LeakyReLU(0.2), nn::Linear(16, 1)};
  nn::load(critic, directory / "source", "discriminator");
  const std::vector<float> loaded = values_of(critic);
  CHECK(loaded == values_of(source.critic));
  train::AdversarialTrainer trainer{generator, critic, changed([](auto& o) { o.frozen = {"discriminator.0"}; })};
  trainer.train(circle(), 3);
  const std::vector<float> moved = values_of(critic);
  CHECK(std::equal(loaded.begin(), loaded.begin() + 48, moved.begin()));
  CHECK_FALSE(std::equal(loaded.begin() + 48, loaded.end(), moved.begin() + 48));
}
