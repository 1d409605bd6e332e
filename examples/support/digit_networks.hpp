// Discriminators of digits for the recipes that ask for more than plain layers.
#pragma once

#include <string>

#include <eigan/nn/sequential.hpp>
#include <eigan/recipes/recipe.hpp>

namespace examples {

/// Whether the recipe wants spectral normalisation, an autoencoder, or samples judged together.
bool is_special(const eigan::recipes::Networks& wanted);

/// A discriminator of 28x28 images as the recipe wants it, of the sizes of the plain "mlp" or "dcgan".
eigan::nn::Sequential<> make_special_discriminator(const std::string& model, const eigan::recipes::Networks& wanted);

}  // namespace examples
