// The generator that a run of the examples has left in its checkpoint.
#pragma once

#include <eigan/io/safetensors_file.hpp>
#include <eigan/models/networks.hpp>
#include <eigan/nn/condition.hpp>
#include <eigan/train/latent_distribution.hpp>

#include "networks.hpp"

namespace examples {

/// Rebuilt from what the checkpoint says of itself, with averaged weights where there are some.
class Sampler {
 public:
  /// Throws CheckpointError if it is no checkpoint of the examples.
  explicit Sampler(const eigan::io::SafetensorsFile& checkpoint);

  const NetworkSettings& settings() const { return settings_; }
  eigan::Index latent_size() const { return networks_.latent; }

  /// Latents [count, latent_size()] as the run drew them.
  eigan::Tensor<float> latents(eigan::Index count, eigan::RandomStream& stream) const;

  /// The samples of these latents.
  eigan::Tensor<float> operator()(const eigan::Tensor<float>& z, const eigan::nn::Condition<float>& condition) const;

 private:
  NetworkSettings settings_;
  eigan::models::Networks<> networks_;
  eigan::train::LatentDistribution distribution_;
};

}  // namespace examples
