// A user's small program, the same in every way of adding eigan to a project: trains for three steps, then samples.
#include <cstdio>

#include <eigan/eigan.hpp>

int main() {
  using namespace eigan;
  nn::Sequential generator{nn::Linear(8, 16), nn::BatchNorm(16), nn::ReLU(), nn::Linear(16, 2)};
  nn::Sequential critic{nn::Linear(2, 16), nn::LeakyReLU(0.2), nn::Linear(16, 1)};
  train::AdversarialTrainer trainer{
      generator, critic, {.latent = {8}, .loss = loss::NonSaturating(), .batch = 16, .seed = 1}};
  trainer.train(data::ring(256, 1), 3);
  const Tensor<float> samples = trainer.sample(4);
  std::printf("eigan %s: samples %s\n", EIGAN_VERSION, to_string(samples.shape()).c_str());
  return samples.shape() == Shape{4, 2} ? 0 : 1;
}
