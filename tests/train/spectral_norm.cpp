// Power iterations advance once per discriminator update, whatever else asks the discriminator.
#include <vector>

#include "setup.hpp"

using namespace test;

namespace {

nn::Sequential<> spectral_critic(bool mixes_samples) {
  nn::Sequential<> critic{nn::SpectralNorm(nn::Linear(2, 16)), nn::LeakyReLU(0.2)};
  if (mixes_samples) critic.add(nn::BatchNorm(16));
  return critic.add(nn::SpectralNorm(nn::Linear(16, 1)));
}

std::vector<float> singular_vectors(const nn::Sequential<>& critic) {
  std::vector<float> values;
  nn::for_each_buffer(critic, [&](const std::string& name, const auto& buffer) {
    if (name.ends_with("weight_u") || name.ends_with("weight_v"))
      values.insert(values.end(), buffer.value.data(), buffer.value.data() + buffer.value.size());
  });
  return values;
}

/// What is left after the step of a trainer, and after `forwards` forwards of the same critic.
void check_one_iteration_per_update(bool mixes_samples, const train::AdversarialOptions<>& options, int forwards) {
  nn::Sequential<> generator{nn::Linear(4, 2)}, trained = spectral_critic(mixes_samples),
                                                asked = spectral_critic(mixes_samples);
  nn::initialize(asked, options.seed, "discriminator");
  const std::vector<float> at_first = singular_vectors(asked);
  train::AdversarialTrainer trainer{generator, trained, options};
  const Tensor<float> real = circle(32).points;
  trainer.step(real);
  RandomStream dropout(1, "dropout");
  for (int i = 0; i < forwards; ++i) (void)asked.forward(Variable<float>(real), nn::Pass<float>::training(dropout));
  CHECK(singular_vectors(asked) != at_first);
  CHECK(singular_vectors(trained) == singular_vectors(asked));
}

}  // namespace

TEST_CASE("power iterations advance once per discriminator update", "[train]") {
  // A rate of 0 leaves the weights alone, so that one critic's iterations can be told from another's.
  const optim::SGD still{.learning_rate = 0};
  train::AdversarialOptions<> options{.latent = {4},
                                      .loss = loss::RelativisticPaired(),
                                      .generator_steps = 2,
                                      .generator_optimizer = still,
                                      .discriminator_optimizer = still,
                                      .batch = 32,
                                      .seed = 7};
  SECTION("of real and generated samples as one batch") { check_one_iteration_per_update(false, options, 1); }
  SECTION("of one batch after the other") { check_one_iteration_per_update(true, options, 1); }
  SECTION("with penalties that ask again") {
    options.penalties = {loss::GradientPenalty(10), loss::R1(1)};
    check_one_iteration_per_update(false, options, 1);
  }
  SECTION("of several batches") {
    options.accumulate = 3;
    check_one_iteration_per_update(false, options, 1);
  }
  SECTION("and again in the next update") {
    options.critic_steps = 3;
    check_one_iteration_per_update(false, options, 3);
  }
}
