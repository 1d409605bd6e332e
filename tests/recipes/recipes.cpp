// Every recipe on tiny networks: it trains, and a run that stops and goes on gives the same bits, at 1 and 2 threads.
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "../train/setup.hpp"

using namespace test;

namespace {

nn::AnyLayer<> weighted(nn::Linear<> layer, const recipes::Networks& wanted) {
  if (wanted.spectral_norm) return nn::SpectralNorm(std::move(layer));
  return layer;
}

nn::Sequential<> discriminator_for(const recipes::Networks& wanted) {
  if (wanted.autoencoder)
    return nn::Sequential{
        nn::ReconstructionError(nn::Sequential{nn::Linear(2, 16), nn::ELU(), nn::Linear(16, 1), nn::Linear(1, 2)})};
  nn::Sequential<> discriminator;
  if (wanted.packing > 1) discriminator.add(nn::Packing(wanted.packing));
  discriminator.add(weighted(nn::Linear(2 * wanted.packing, 16), wanted));
  if (wanted.batch_norm) discriminator.add(nn::BatchNorm(16));
  return discriminator.add(nn::LeakyReLU(0.2)).add(weighted(nn::Linear(16, 1), wanted));
}

/// A checkpoint after `last` steps of the recipe, of a run that goes on from `before` where that is given.
std::string trained(const recipes::Recipe& recipe, int threads, Index last, const std::string& before = {}) {
  const Directory directory("recipes");
  set_threads(threads);
  nn::Sequential<> generator = make_generator(), discriminator = discriminator_for(recipe.networks);
  train::AdversarialOptions<> options = recipes::by_name(recipe.name, 20);
  options.latent = {4};
  options.batch = 32;
  options.seed = 3;
  train::AdversarialTrainer trainer{generator, discriminator, options};
  if (!before.empty()) {
    std::ofstream(directory / "before", std::ios::binary) << before;
    trainer.resume(directory / "before");
  }
  trainer.add([](const train::StepReport& report) {
    CHECK(std::isfinite(report.discriminator_loss + report.generator_loss + report.penalty));
  });
  CHECK(trainer.warnings().empty());
  trainer.train(circle(), last);
  trainer.save(directory / "after");
  set_threads(0);
  return bytes_of(directory / "after");
}

}  // namespace

TEST_CASE("every recipe gives the same bits at 1 and 2 threads and over a resume", "[recipes]") {
  std::set<std::string> results;
  for (const recipes::Recipe& recipe : recipes::list()) {
    INFO(recipe.name);
    const std::string through = trained(recipe, 1, 20);
    CHECK((through == trained(recipe, 2, 20)));
    CHECK((through == trained(recipe, 1, 20, trained(recipe, 2, 9))));
    results.insert(through);
  }
  CHECK(results.size() == recipes::list().size());
}

TEST_CASE("a recipe that does not exist is refused with those that do", "[recipes]") {
  CHECK_THROWS_WITH(recipes::by_name("wgan-gp"), Catch::Contains("'wgan-gp'") && Catch::Contains("wgan_gp, dragan"));
  for (const recipes::Recipe& recipe : recipes::list()) CHECK(recipes::find(recipe.name).paper == recipe.paper);
}

TEST_CASE("recipes hold what their papers say", "[recipes]") {
  const auto wgan = recipes::wgan();
  CHECK(wgan.loss.name() == "wasserstein");
  CHECK(wgan.weight_clipping == 0.01);
  CHECK(wgan.critic_steps == 5);
  CHECK(wgan.discriminator_optimizer.name() == "rmsprop");
  const auto wgan_gp = recipes::wgan_gp();
  REQUIRE(wgan_gp.penalties.size() == 1);
  CHECK(wgan_gp.penalties[0].settings()[0] == std::pair<std::string, double>("weight", 10));
  const auto r3gan = recipes::r3gan<double>(100, 0.5, 1e-3);
  REQUIRE(r3gan.penalties.size() == 1);
  CHECK(r3gan.penalties[0].name() == "r1r2");
  CHECK(r3gan.generator_optimizer.learning_rate() == 1e-3);
  CHECK(r3gan.generator_schedule(50) == 1);
  CHECK(r3gan.generator_schedule(75) == Approx(0.5));
  CHECK(r3gan.generator_schedule(100) == 0);
  CHECK(r3gan.penalties[0].settings() == Settings{{"schedule.to", 0.1}, {"schedule.steps", 100}, {"weight", 0.5}});
  CHECK(recipes::r3gan().generator_schedule(1'000'000) == 1);
  CHECK(recipes::r3gan().penalties[0].settings() == Settings{{"weight", 0.05}});
  const auto unrolled = recipes::unrolled();
  CHECK(unrolled.unrolled_steps == 5);
  CHECK(unrolled.generator_optimizer.learning_rate() == 1e-3);
  CHECK(unrolled.discriminator_optimizer.learning_rate() == 1e-4);
  const auto dcgan = recipes::dcgan();
  CHECK(dcgan.batch == 128);
  REQUIRE(dcgan.initialization.has_value());
  CHECK_FALSE(recipes::gan().initialization.has_value());
}
