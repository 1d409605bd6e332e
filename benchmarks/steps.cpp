// Whole training steps: one discriminator and one generator update on a batch that is already there, noise drawn anew.

#include <benchmark/benchmark.h>

#include <eigan/eigan.hpp>

using namespace eigan;

namespace {

nn::ConvTranspose2d<> up(Index in, Index out, nn::Bias bias = nn::Bias::no) {
  return nn::ConvTranspose2d({.in = in, .out = out, .kernel = 4, .stride = 2, .padding = 1, .bias = bias});
}
nn::Conv2d<> down(Index in, Index out, nn::Bias bias = nn::Bias::no) {
  return nn::Conv2d({.in = in, .out = out, .kernel = 4, .stride = 2, .padding = 1, .bias = bias});
}

void run(benchmark::State& state, nn::Sequential<> generator, nn::Sequential<> discriminator, const Shape& sample) {
  const optim::Adam adam{.learning_rate = 2e-4, .beta1 = 0.5};
  Shape shape{state.range(0)};
  for (const Index extent : sample) shape.push_back(extent);
  train::AdversarialTrainer trainer{generator,
                                    discriminator,
                                    {.latent = {100},
                                     .loss = loss::NonSaturating(),
                                     .generator_optimizer = adam,
                                     .discriminator_optimizer = adam,
                                     .seed = 1}};
  const Tensor<float> real = RandomStream(1, "real").uniform<float>(shape, -1, 1);
  for (int warm = 0; warm < 3; ++warm) trainer.step(real);
  for (auto _ : state) benchmark::DoNotOptimize(trainer.step(real));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void mlp_mnist(benchmark::State& state) {
  run(state,
      nn::Sequential{nn::Linear(100, 256), nn::LeakyReLU(0.2), nn::Linear(256, 512), nn::BatchNorm(512),
                     nn::LeakyReLU(0.2), nn::Linear(512, 1024), nn::BatchNorm(1024), nn::LeakyReLU(0.2),
                     nn::Linear(1024, 784), nn::Tanh()},
      nn::Sequential{nn::Linear(784, 512), nn::LeakyReLU(0.2), nn::Linear(512, 256), nn::LeakyReLU(0.2),
                     nn::Linear(256, 1)},
      {784});
}

void dcgan_mnist(benchmark::State& state) {
  run(state,
      nn::Sequential{nn::Linear(100, 7 * 7 * 128, nn::Bias::no), nn::Reshape({7, 7, 128}), nn::BatchNorm(128),
                     nn::ReLU(), up(128, 64), nn::BatchNorm(64), nn::ReLU(), up(64, 1, nn::Bias::yes), nn::Tanh()},
      nn::Sequential{down(1, 64, nn::Bias::yes), nn::LeakyReLU(0.2), down(64, 128), nn::BatchNorm(128),
                     nn::LeakyReLU(0.2), nn::Flatten(), nn::Linear(7 * 7 * 128, 1)},
      {28, 28, 1});
}

}  // namespace

BENCHMARK(mlp_mnist)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(dcgan_mnist)->Arg(64)->Unit(benchmark::kMillisecond)->UseRealTime();

BENCHMARK_MAIN();
