// Losses, penalties and networks that do not go together.
#include <string>
#include <vector>

#include "setup.hpp"

using namespace test;

namespace {

nn::Sequential<> critic_with_batch_norm() {
  return nn::Sequential{nn::Linear(2, 16), nn::Sequential{nn::BatchNorm(16), nn::LeakyReLU(0.2)}, nn::Linear(16, 1)};
}

std::vector<std::string> warnings_of(const train::AdversarialOptions<>& options,
                                     nn::Sequential<> critic = make_critic()) {
  nn::Sequential<> generator = make_generator();
  return train::AdversarialTrainer{generator, critic, options}.warnings();
}

}  // namespace

TEST_CASE("a per-sample penalty with a batch-normed critic is refused, with the layer and what to do", "[train]") {
  nn::Sequential<> generator = make_generator(), critic = critic_with_batch_norm();
  const auto construct = [&] { train::AdversarialTrainer trainer{generator, critic, wgan_gp()}; };
  CHECK_THROWS_AS(construct(), ConfigError);
  CHECK_THROWS_WITH(construct(), Catch::Contains("gradient_penalty") && Catch::Contains("layer 1.0 (BatchNorm)") &&
                                     Catch::Contains("LayerNorm"));
  nn::for_each_parameter(critic, [](const std::string&, auto& parameter) { CHECK_FALSE(parameter.is_filled()); });
  auto without = wgan_gp();
  without.penalties.clear();
  CHECK_NOTHROW(train::AdversarialTrainer{generator, critic, without});
}

TEST_CASE("what the papers advise against is a warning", "[train][warnings]") {
  auto options = wgan_gp();
  CHECK(warnings_of(options).empty());
  options.penalties.clear();
  REQUIRE(warnings_of(options).size() == 1);
  CHECK_THAT(warnings_of(options)[0], Catch::Contains("bounded slope"));
  options.weight_clipping = 0.01;
  REQUIRE(warnings_of(options).size() == 1);  // Adam's beta1 is 0.9
  CHECK_THAT(warnings_of(options)[0], Catch::Contains("momentum"));
  options.discriminator_optimizer = optim::RMSProp{.learning_rate = 5e-5};
  CHECK(warnings_of(options).empty());
  options.penalties = {loss::GradientPenalty(10)};
  REQUIRE(warnings_of(options).size() == 1);
  CHECK_THAT(warnings_of(options)[0], Catch::Contains("clipp"));

  struct Unknown {
    Variable<float> forward(const Variable<float>& x) const { return x; }
  };
  const auto doubts = warnings_of(wgan_gp(), nn::Sequential{nn::Linear(2, 4), Unknown(), nn::Linear(4, 1)});
  REQUIRE(doubts.size() == 1);
  CHECK_THAT(doubts[0], Catch::Contains("layer 1") && Catch::Contains("is_per_sample"));
}
