// A short training run, for units that are compiled with different flags.
#pragma once

#include <eigan/eigan.hpp>

namespace {

/// Convolutions, a transposed convolution, batch norm and a gradient penalty: three steps on procedural digits.
inline double train_a_little(const char* checkpoint = nullptr) {
  using namespace eigan;
  const auto digits = data::make_digits(64, 1);
  nn::Sequential generator{nn::Linear(16, 7 * 7 * 8),
                           nn::Reshape({7, 7, 8}),
                           nn::BatchNorm(8),
                           nn::ReLU(),
                           nn::ConvTranspose2d({.in = 8, .out = 4, .kernel = 4, .stride = 2, .padding = 1}),
                           nn::BatchNorm(4),
                           nn::ReLU(),
                           nn::ConvTranspose2d({.in = 4, .out = 1, .kernel = 4, .stride = 2, .padding = 1}),
                           nn::Tanh()};
  nn::Sequential critic{nn::Conv2d({.in = 1, .out = 4, .kernel = 4, .stride = 2, .padding = 1}),
                        nn::LeakyReLU(0.2),
                        nn::Conv2d({.in = 4, .out = 8, .kernel = 4, .stride = 2, .padding = 1}),
                        nn::LeakyReLU(0.2),
                        nn::Flatten(),
                        nn::Linear(8 * 7 * 7, 1)};
  train::AdversarialTrainer trainer{
      generator,
      critic,
      {.latent = {16}, .loss = loss::Wasserstein(), .penalties = {loss::GradientPenalty(10)}, .batch = 16, .seed = 5}};
  trainer.train(digits, 3);
  if (checkpoint) trainer.save(checkpoint);
  const Tensor<float> samples = trainer.sample(4);
  double total = 0;
  for (Index i = 0; i < samples.size(); ++i) total += samples.data()[i];
  return total;
}

}  // namespace
