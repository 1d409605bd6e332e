#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <eigan/eigan.hpp>

/// The networks that are measured, the same as in peers/torch_models.py and harness/cases.py.
namespace support {

using namespace eigan;

struct Networks {
  nn::Sequential<> generator, discriminator;
  Shape sample;
  Index latent = 100;
};

inline nn::ConvTranspose2d<> up(Index in, Index out, nn::Bias bias = nn::Bias::no) {
  return nn::ConvTranspose2d({.in = in, .out = out, .kernel = 4, .stride = 2, .padding = 1, .bias = bias});
}
inline nn::Conv2d<> down(Index in, Index out, nn::Bias bias = nn::Bias::no) {
  return nn::Conv2d({.in = in, .out = out, .kernel = 4, .stride = 2, .padding = 1, .bias = bias});
}

inline Networks mlp_mnist() {
  return {nn::Sequential{nn::Linear(100, 256), nn::LeakyReLU(0.2), nn::Linear(256, 512), nn::BatchNorm(512),
                         nn::LeakyReLU(0.2), nn::Linear(512, 1024), nn::BatchNorm(1024), nn::LeakyReLU(0.2),
                         nn::Linear(1024, 784), nn::Tanh()},
          nn::Sequential{nn::Linear(784, 512), nn::LeakyReLU(0.2), nn::Linear(512, 256), nn::LeakyReLU(0.2),
                         nn::Linear(256, 1)},
          {784}};
}

inline Networks dcgan_mnist() {
  return {nn::Sequential{nn::Linear(100, 7 * 7 * 128, nn::Bias::no), nn::Reshape({7, 7, 128}), nn::BatchNorm(128),
                         nn::ReLU(), up(128, 64), nn::BatchNorm(64), nn::ReLU(), up(64, 1, nn::Bias::yes), nn::Tanh()},
          nn::Sequential{down(1, 64, nn::Bias::yes), nn::LeakyReLU(0.2), down(64, 128), nn::BatchNorm(128),
                         nn::LeakyReLU(0.2), nn::Flatten(), nn::Linear(7 * 7 * 128, 1)},
          {28, 28, 1}};
}

inline nn::Sequential<> cifar_generator() {
  return nn::Sequential{nn::Linear(100, 4 * 4 * 256, nn::Bias::no),
                        nn::Reshape({4, 4, 256}),
                        nn::BatchNorm(256),
                        nn::ReLU(),
                        up(256, 128),
                        nn::BatchNorm(128),
                        nn::ReLU(),
                        up(128, 64),
                        nn::BatchNorm(64),
                        nn::ReLU(),
                        up(64, 3, nn::Bias::yes),
                        nn::Tanh()};
}

inline Networks dcgan_cifar() {
  return {cifar_generator(),
          nn::Sequential{down(3, 64, nn::Bias::yes), nn::LeakyReLU(0.2), down(64, 128), nn::BatchNorm(128),
                         nn::LeakyReLU(0.2), down(128, 256), nn::BatchNorm(256), nn::LeakyReLU(0.2), nn::Flatten(),
                         nn::Linear(4 * 4 * 256, 1)},
          {32, 32, 3}};
}

inline Networks dcgan_64() {
  const auto outer = [](Index in, Index out) {
    return nn::Conv2d({.in = in, .out = out, .kernel = 4, .bias = nn::Bias::no});
  };
  nn::Sequential<> generator{nn::Reshape({1, 1, 100}),
                             nn::ConvTranspose2d({.in = 100, .out = 512, .kernel = 4, .bias = nn::Bias::no}),
                             nn::BatchNorm(512),
                             nn::ReLU(),
                             up(512, 256),
                             nn::BatchNorm(256),
                             nn::ReLU(),
                             up(256, 128),
                             nn::BatchNorm(128),
                             nn::ReLU(),
                             up(128, 64),
                             nn::BatchNorm(64),
                             nn::ReLU(),
                             up(64, 3),
                             nn::Tanh()};
  nn::Sequential<> discriminator{down(3, 64),        nn::LeakyReLU(0.2), down(64, 128),      nn::BatchNorm(128),
                                 nn::LeakyReLU(0.2), down(128, 256),     nn::BatchNorm(256), nn::LeakyReLU(0.2),
                                 down(256, 512),     nn::BatchNorm(512), nn::LeakyReLU(0.2), outer(512, 1),
                                 nn::Flatten()};
  return {std::move(generator), std::move(discriminator), {64, 64, 3}};
}

inline Networks wgangp_cifar() {
  return {
      cifar_generator(),
      nn::Sequential{down(3, 64, nn::Bias::yes), nn::LeakyReLU(0.2), down(64, 128, nn::Bias::yes), nn::LeakyReLU(0.2),
                     down(128, 256, nn::Bias::yes), nn::LeakyReLU(0.2), nn::Flatten(), nn::Linear(4 * 4 * 256, 1)},
      {32, 32, 3}};
}

/// Miyato et al. 2018, tables 3 and 4.
inline Networks sngan_cifar() {
  nn::Sequential<> generator{nn::Linear(128, 4 * 4 * 512, nn::Bias::no),
                             nn::Reshape({4, 4, 512}),
                             nn::BatchNorm(512),
                             nn::ReLU(),
                             up(512, 256),
                             nn::BatchNorm(256),
                             nn::ReLU(),
                             up(256, 128),
                             nn::BatchNorm(128),
                             nn::ReLU(),
                             up(128, 64),
                             nn::BatchNorm(64),
                             nn::ReLU(),
                             nn::Conv2d({.in = 64, .out = 3, .kernel = 3, .padding = 1}),
                             nn::Tanh()};
  nn::Sequential<> discriminator;
  const auto add = [&](Index in, Index out, Index kernel) {
    discriminator.add(nn::SpectralNorm(
        nn::Conv2d({.in = in, .out = out, .kernel = kernel, .stride = kernel == 4 ? 2 : 1, .padding = 1})));
    discriminator.add(nn::LeakyReLU(0.1));
  };
  add(3, 64, 3);
  for (const Index width : {64, 128, 256}) {
    add(width, width, 4);
    add(width, 2 * width, 3);
  }
  discriminator.add(nn::Flatten()).add(nn::SpectralNorm(nn::Linear(4 * 4 * 512, 1)));
  return {std::move(generator), std::move(discriminator), {32, 32, 3}, 128};
}

/// What the networks play.
enum class Game { non_saturating, wasserstein, hinge, r3gan };

/// Does one training step, or makes one batch of samples, each time it is called.
using Work = std::function<void()>;

/// How that is trained: an update of each network, in the Wasserstein game, with its gradient penalty, five of the
/// critic and one of the generator.
inline train::AdversarialOptions<float> options_of(Game game, Index latent) {
  const optim::Adam adam{.learning_rate = 2e-4, .beta1 = 0.5};
  train::AdversarialOptions<float> options{.latent = {latent},
                                           .loss = loss::NonSaturating(),
                                           .generator_optimizer = adam,
                                           .discriminator_optimizer = adam,
                                           .seed = 1};
  if (game == Game::wasserstein) {
    options.loss = loss::Wasserstein();
    options.penalties = {loss::GradientPenalty(10)};
    options.critic_steps = 5;
  }
  if (game == Game::hinge) options.loss = loss::Hinge();
  if (game == Game::r3gan) {
    options.loss = loss::RelativisticPaired();
    options.penalties = {loss::R1R2(0.05)};
  }
  return options;
}

/// Networks and their trainer, with a batch that is already there.
struct Training {
  Networks networks;
  train::AdversarialTrainer<nn::Sequential<>, nn::Sequential<>> trainer;
  Tensor<float> real;

  Training(Networks given, Index batch, const train::AdversarialOptions<float>& options)
      : networks(std::move(given)), trainer(networks.generator, networks.discriminator, options) {
    Shape shape{batch};
    for (const Index extent : networks.sample) shape.push_back(extent);
    real = RandomStream(1, "real").uniform<float>(shape, -1, 1);
  }
};

/// One step on that batch, noise drawn anew.
inline Work training(Networks networks, Index batch, Game game) {
  const auto options = options_of(game, networks.latent);
  const auto state = std::make_shared<Training>(std::move(networks), batch, options);
  return [state] { state->trainer.step(state->real); };
}

/// One batch of samples from noise that is drawn anew.
inline Work sampling(nn::Sequential<> generator, Index batch) {
  nn::initialize(generator, 1);
  struct State {
    nn::Sequential<> generator;
    RandomStream noise{1, "noise"};
    Tensor<float> samples;
  };
  const auto state = std::make_shared<State>();
  state->generator = std::move(generator);
  return [state, batch] { state->samples = state->generator(state->noise.normal<float>(Shape{batch, 100})); };
}

/// The work of that name; empty if there is none.
inline Work work_of(const std::string& name, Index batch) {
  if (name == "mlp_mnist") return training(mlp_mnist(), batch, Game::non_saturating);
  if (name == "dcgan_mnist") return training(dcgan_mnist(), batch, Game::non_saturating);
  if (name == "dcgan_cifar") return training(dcgan_cifar(), batch, Game::non_saturating);
  if (name == "dcgan_64") return training(dcgan_64(), batch, Game::non_saturating);
  if (name == "wgangp_cifar") return training(wgangp_cifar(), batch, Game::wasserstein);
  if (name == "sngan_cifar") return training(sngan_cifar(), batch, Game::hinge);
  if (name == "r3gan_cifar") return training(wgangp_cifar(), batch, Game::r3gan);
  if (name == "sample_cifar") return sampling(cifar_generator(), batch);
  return {};
}

}  // namespace support
