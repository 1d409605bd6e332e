// The networks of the examples by name, and how a checkpoint remembers them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <eigan/io/safetensors_file.hpp>
#include <eigan/models/networks.hpp>
#include <eigan/recipes/recipe.hpp>

namespace examples {

/// What the networks of a run are.
struct NetworkSettings {
  std::string model = "dcgan";  ///< one of model_choices()
  std::string recipe = "gan";   ///< which may ask for a special discriminator
  eigan::Index size = 32;       ///< height and width of the images
  eigan::Index channels = 3;
  eigan::Index classes = 0;     ///< that may be asked for; 0: none
  eigan::Index categories = 0;  ///< of InfoGAN's categorical code; 0: no such code
  eigan::Index continuous = 0;  ///< of its other codes
};

std::vector<std::string> model_choices();

/// The family that the recipe's paper trains, or one near to it that fits two processors.
std::string model_for(const std::string& recipe);

/// Both networks. Throws ConfigError for what the two of model and recipe cannot be.
eigan::models::Networks<> make_networks(const NetworkSettings& settings);

/// Whether the recipe wants spectral normalisation, an autoencoder, or samples judged together.
bool is_special(const eigan::recipes::Networks& wanted);

/// For the options' .description.
std::vector<std::pair<std::string, std::string>> describe(const NetworkSettings& settings);

/// What describe() has left in a checkpoint. Throws CheckpointError if it is none of the examples'.
NetworkSettings settings_of(const eigan::io::SafetensorsFile& checkpoint);

}  // namespace examples
