#include "setup.hpp"

using namespace test;

TEST_CASE("the same seed gives the same checkpoint at 1, 2 and 3 threads", "[train]") {
  const Directory directory("threads");
  std::vector<std::string> files;
  for (const int threads : {1, 2, 3}) {
    set_threads(threads);
    Gan gan;
    gan.trainer.train(circle(), 20);
    gan.trainer.save(directory / "checkpoint");
    files.push_back(bytes_of(directory / "checkpoint"));
  }
  set_threads(0);
  CHECK(files[0] == files[1]);
  CHECK(files[0] == files[2]);
  auto other = wgan_gp();
  other.seed = 6;
  Gan gan(other);
  gan.trainer.train(circle(), 20);
  gan.trainer.save(directory / "checkpoint");
  CHECK(bytes_of(directory / "checkpoint") != files[0]);
}

TEST_CASE("a run that stops and resumes gives the same checkpoint as one that goes through", "[train]") {
  const Directory directory("resume");
  Gan through;
  through.trainer.train(circle(), 25);
  through.trainer.save(directory / "through");

  Gan first;
  CHECK(first.trainer.train(circle(), 11) == 11);
  first.trainer.save(directory / "first");
  auto second = std::make_unique<Gan>();
  CHECK(second->trainer.resume_if_present(directory / "first"));
  CHECK(second->trainer.step() == 11);
  CHECK(second->trainer.train(circle(), 25) == 25);
  second->trainer.save(directory / "second");
  CHECK(bytes_of(directory / "second") == bytes_of(directory / "through"));

  CHECK(first.trainer.train(circle(), 25) == 25);
  first.trainer.save(directory / "first");
  CHECK(bytes_of(directory / "first") == bytes_of(directory / "through"));
}

TEST_CASE("resuming where there is nothing starts anew", "[train]") {
  Gan gan;
  CHECK_FALSE(gan.trainer.resume_if_present("/nonexistent/checkpoint"));
  CHECK_THROWS_AS(gan.trainer.resume("/nonexistent/checkpoint"), DataError);
}

TEST_CASE("callbacks and samples do not change the bits", "[train]") {
  const Directory directory("callbacks");
  Gan plain, watched;
  watched.trainer.add([](const train::StepReport&, auto& session) { (void)session.sample(10); });
  watched.trainer.add(train::LossLog{.path = directory / "losses.csv"});
  watched.trainer.add(train::Checkpoints{.every = 3, .path = directory / "checkpoint"});
  plain.trainer.train(circle(), 10);
  watched.trainer.train(circle(), 10);
  plain.trainer.save(directory / "plain");
  CHECK(bytes_of(directory / "checkpoint") == bytes_of(directory / "plain"));
}

TEST_CASE("samples come from fixed latents and do not depend on how many there are", "[train]") {
  Gan gan;
  gan.trainer.train(circle(), 5);
  const Tensor<float> few = gan.trainer.sample(8), again = gan.trainer.sample(8), many = gan.trainer.sample(64);
  CHECK(many.shape() == Shape{64, 2});
  for (Index i = 0; i < few.size(); ++i) {
    CHECK(few.data()[i] == again.data()[i]);
    CHECK(few.data()[i] == Approx(many.data()[i]).epsilon(1e-5));
  }
}

TEST_CASE("a callback can stop the run, and the next call goes on", "[train]") {
  Gan gan;
  Index calls = 0;
  gan.trainer.add([&](const train::StepReport& report, auto& session) {
    ++calls;
    CHECK(report.last_step == 20);
    CHECK(report.images == 3 * 32);
    if (report.step == 4) session.request_stop();
  });
  CHECK(gan.trainer.train(circle(), 20) == 4);
  CHECK(gan.trainer.train(circle(), 20) == 20);
  CHECK(calls == 20);
}

TEST_CASE("a loop of one's own takes steps with batches of one's own", "[train]") {
  Gan gan;
  const Tensor<float> batch = circle(32).points;
  const train::StepReport report = gan.trainer.step(batch);
  CHECK(report.step == 1);
  CHECK(std::isfinite(report.generator_loss));
  CHECK(gan.trainer.step() == 1);
}

TEST_CASE("losses.csv has a row for each step, and none too many after a resume", "[train]") {
  const Directory directory("log");
  const auto with_log = [&](Gan& gan) { gan.trainer.add(train::LossLog{.path = directory / "losses.csv"}); };
  Gan first;
  with_log(first);
  first.trainer.train(circle(), 6);
  first.trainer.save(directory / "checkpoint");
  first.trainer.train(circle(), 9);  // beyond the checkpoint: these rows belong to a future that did not happen
  Gan second;
  with_log(second);
  second.trainer.resume(directory / "checkpoint");
  second.trainer.train(circle(), 8);
  const std::string text = bytes_of(directory / "losses.csv");
  CHECK(std::count(text.begin(), text.end(), '\n') == 9);
  CHECK(text.starts_with("step,discriminator_loss,generator_loss,penalty,augmentation\n1,"));
  CHECK_THAT(text, Catch::Contains("\n8,"));
  CHECK_THAT(text, !Catch::Contains("\n9,"));
}

TEST_CASE("a checkpoint of another run is refused by the option's name, and changes nothing", "[train]") {
  const Directory directory("mismatch");
  Gan saved;
  saved.trainer.train(circle(), 3);
  saved.trainer.save(directory / "checkpoint");
  const auto refused = [&](auto change, const std::string& message) {
    auto options = wgan_gp();
    change(options);
    Gan gan(options);
    gan.trainer.save(directory / "before");
    CHECK_THROWS_WITH(gan.trainer.resume(directory / "checkpoint"), Catch::Contains(message));
    CHECK_THROWS_AS(gan.trainer.resume(directory / "checkpoint"), CheckpointError);
    gan.trainer.save(directory / "after");
    CHECK(bytes_of(directory / "before") == bytes_of(directory / "after"));
  };
  refused([](auto& options) { options.batch = 16; }, "batch = 32, this run has batch = 16");
  refused([](auto& options) { options.seed = 1; }, "seed = 5");
  refused([](auto& options) { options.loss = loss::NonSaturating(); }, "loss = wasserstein");
  refused([](auto& options) { options.penalties = {loss::GradientPenalty(1)}; }, "penalty.0.weight = 10");
  refused([](auto& options) { options.generator_optimizer = optim::Adam{.learning_rate = 1}; },
          "generator_optimizer.learning_rate");
  refused([](auto& options) { options.description = {{"model", "dcgan"}}; }, "config.model");

  nn::Sequential generator{nn::Linear(4, 8), nn::BatchNorm(8), nn::ReLU(), nn::Dropout(0.1), nn::Linear(8, 2)};
  nn::Sequential critic = make_critic();
  train::AdversarialTrainer other{generator, critic, wgan_gp()};
  CHECK_THROWS_WITH(other.resume(directory / "checkpoint"),
                    Catch::Contains("generator.0.weight") && Catch::Contains("[8, 4]") && Catch::Contains("[16, 4]"));
  nn::save(generator, directory / "weights");
  CHECK_THROWS_WITH(saved.trainer.resume(directory / "weights"), Catch::Contains("expected a checkpoint"));
}

TEST_CASE("divergence stops training with the step and the culprit's name, and leaves finite models", "[train]") {
  auto options = wgan_gp();
  options.penalties.clear();
  options.discriminator_optimizer = optim::SGD{.learning_rate = 1e30};
  Gan gan(options);
  CHECK_THROWS_WITH(gan.trainer.train(circle(), 100), Catch::Contains("step ") && Catch::Contains("finite"));
  nn::for_each_leaf(gan.generator, [](const std::string&, auto& field) {
    const Tensor<float>* values = nullptr;
    if constexpr (requires { field.value.data(); })
      values = &field.value;
    else
      values = &field.value();
    for (Index i = 0; i < values->size(); ++i) REQUIRE(std::isfinite(values->data()[i]));
  });
}

TEST_CASE("a gradient that is not finite is named before anything is written", "[train]") {
  Gan gan;
  gan.trainer.train(circle(), 2);
  data::PointSet poisoned = circle();
  for (Index i = 0; i < poisoned.points.size(); ++i) poisoned.points.mutable_data()[i] = std::nanf("");
  const auto weight_before = nn::parameters(gan.critic).front().value().clone();
  CHECK_THROWS_AS(gan.trainer.train(poisoned, 3), DivergenceError);
  CHECK(gan.trainer.step() == 2);
  for (Index i = 0; i < weight_before.size(); ++i)
    CHECK(nn::parameters(gan.critic).front().data()[i] == weight_before.data()[i]);
}

TEST_CASE("weight clipping keeps the critic's weights within bounds", "[train]") {
  auto options = wgan_gp();
  options.penalties.clear();
  options.weight_clipping = 0.01;
  Gan gan(options);
  gan.trainer.train(circle(), 5);
  for (const auto& weight : nn::parameters(gan.critic))
    for (Index i = 0; i < weight.size(); ++i) REQUIRE(std::abs(weight.data()[i]) <= 0.01f);
}

TEST_CASE("gradient clipping bounds how far a step of SGD moves a network", "[train]") {
  auto options = wgan_gp();
  options.critic_steps = 1;
  options.gradient_clipping = 1e-3;
  options.generator_optimizer = options.discriminator_optimizer = optim::SGD{.learning_rate = 1};
  Gan gan(options);
  const nn::Sequential<> before = gan.critic;
  gan.trainer.train(circle(), 1);
  const auto from = nn::parameters(before), to = nn::parameters(gan.critic);
  double moved = 0;
  for (std::size_t k = 0; k < from.size(); ++k)
    for (Index i = 0; i < from[k].size(); ++i)
      moved += std::pow(static_cast<double>(to[k].data()[i]) - static_cast<double>(from[k].data()[i]), 2);
  CHECK(std::sqrt(moved) == Approx(1e-3).epsilon(0.02));
}

TEST_CASE("options out of range are refused", "[train]") {
  const auto refused = [](auto change) {
    CHECK_THROWS_AS(
        [&] {
          auto options = wgan_gp();
          change(options);
          Gan gan(options);
        }(),
        ConfigError);
  };
  refused([](auto& options) { options.batch = 0; });
  refused([](auto& options) { options.critic_steps = 0; });
  refused([](auto& options) { options.average = 1; });
  refused([](auto& options) { options.weight_clipping = -1; });
  refused([](auto& options) { options.generator_optimizer = optim::Adam{.learning_rate = -1}; });
}

TEST_CASE("a shape that does not fit is said with the network, the layer and what was expected", "[train]") {
  Gan gan;
  CHECK_THROWS_WITH(gan.trainer.step(Tensor<float>::zeros({8, 3})),
                    "discriminator layer 0 (Linear): expected input [N, 2], got [8, 3]");
  auto options = wgan_gp();
  options.latent = {5};
  Gan other(options);
  CHECK_THROWS_WITH(other.trainer.train(circle(), 1), Catch::Contains("generator layer 0 (Linear)"));
}

TEST_CASE("training works in double too", "[train]") {
  nn::Sequential generator{nn::Linear<double>(2, 8), nn::Tanh(), nn::Linear<double>(8, 2)};
  nn::Sequential critic{nn::Linear<double>(2, 8), nn::LeakyReLU(0.2), nn::Linear<double>(8, 1)};
  train::AdversarialTrainer trainer{
      generator,
      critic,
      {.latent = {2}, .loss = loss::NonSaturating(), .penalties = {loss::GradientPenalty(1)}, .batch = 16}};
  CHECK(trainer.train(circle(), 5) == 5);
  static_assert(std::same_as<decltype(trainer.sample(1)), Tensor<double>>);
}
