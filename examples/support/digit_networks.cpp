#include "digit_networks.hpp"

#include <utility>

#include <eigan/nn/nn.hpp>

namespace examples {

using namespace eigan;

namespace {

/// A layer with weights, spectrally normalised where the recipe wants that.
template <class Layer>
nn::AnyLayer<> weighted(Layer layer, const recipes::Networks& wanted) {
  if (wanted.spectral_norm) return nn::SpectralNorm(std::move(layer));
  return layer;
}

/// A discriminator that judges an image by how well it can code it in 64 numbers.
nn::Sequential<> make_autoencoder(const std::string& model) {
  if (model == "mlp")
    return nn::Sequential{nn::ReconstructionError(nn::Sequential{nn::Flatten(), nn::Linear(784, 512), nn::ELU(),
                                                                 nn::Linear(512, 64), nn::Linear(64, 512), nn::ELU(),
                                                                 nn::Linear(512, 784), nn::Reshape({28, 28, 1})})};
  return nn::Sequential{nn::ReconstructionError(
      nn::Sequential{nn::Conv2d({.in = 1, .out = 64, .kernel = 4, .stride = 2, .padding = 1}), nn::ELU(),
                     nn::Conv2d({.in = 64, .out = 128, .kernel = 4, .stride = 2, .padding = 1}), nn::ELU(),
                     nn::Flatten(), nn::Linear(7 * 7 * 128, 64), nn::Linear(64, 7 * 7 * 128), nn::Reshape({7, 7, 128}),
                     nn::ConvTranspose2d({.in = 128, .out = 64, .kernel = 4, .stride = 2, .padding = 1}), nn::ELU(),
                     nn::ConvTranspose2d({.in = 64, .out = 1, .kernel = 4, .stride = 2, .padding = 1})})};
}

}  // namespace

bool is_special(const recipes::Networks& wanted) {
  return wanted.spectral_norm || wanted.autoencoder || wanted.packing > 1;
}

nn::Sequential<> make_special_discriminator(const std::string& model, const recipes::Networks& wanted) {
  if (wanted.autoencoder) return make_autoencoder(model);
  nn::Sequential<> discriminator;
  if (wanted.packing > 1) discriminator.add(nn::Packing(wanted.packing));
  if (model == "mlp") {
    discriminator.add(nn::Flatten());
    discriminator.add(weighted(nn::Linear(784 * wanted.packing, 512), wanted)).add(nn::LeakyReLU(0.2));
    discriminator.add(weighted(nn::Linear(512, 256), wanted)).add(nn::LeakyReLU(0.2));
    return discriminator.add(weighted(nn::Linear(256, 1), wanted));
  }
  const auto convolution = [&](Index in, Index out, nn::Bias bias) {
    return weighted(nn::Conv2d({.in = in, .out = out, .kernel = 4, .stride = 2, .padding = 1, .bias = bias}), wanted);
  };
  discriminator.add(convolution(wanted.packing, 64, nn::Bias::yes)).add(nn::LeakyReLU(0.2));
  discriminator.add(convolution(64, 128, wanted.batch_norm ? nn::Bias::no : nn::Bias::yes));
  if (wanted.batch_norm) discriminator.add(nn::BatchNorm(128));
  discriminator.add(nn::LeakyReLU(0.2)).add(nn::Flatten());
  return discriminator.add(weighted(nn::Linear(7 * 7 * 128, 1), wanted));
}

}  // namespace examples
