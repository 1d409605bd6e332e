// A training run on coloured or grey pictures, as cifar10 and images share it: compiled once for both.
#pragma once

#include <string>

#include <eigan/data/image_folder.hpp>
#include <eigan/data/image_set.hpp>

#include "command_line.hpp"
#include "run.hpp"

namespace examples {

/// The flags of a run, with their defaults.
struct ImageRun : RunFlags {
  std::string recipe = "r3gan", model, augment = "none";
  bool conditional = false, flip = false;
  double rates = 1;               ///< what the recipe's learning rates are multiplied with
  eigan::Index critic_steps = 0;  ///< updates of the discriminator a step; 0: as the recipe has them
};

void add_flags(CommandLine& line, ImageRun& run);

/// Trains networks of the set's size, channels and classes, and writes pictures, losses, a checkpoint and a summary,
/// which calls the data `name`. Returns the program's exit status.
int train(const ImageRun& run, const eigan::data::ImageSet& images, const std::string& name);
/// The same from files that are read when they are needed.
int train(const ImageRun& run, const eigan::data::ImageFolder& images, const std::string& name);

}  // namespace examples
