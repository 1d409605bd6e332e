#include "sampler.hpp"

#include <algorithm>

#include <eigan/nn/nn.hpp>

#include "recipe_list.hpp"

namespace examples {

using namespace eigan;

Sampler::Sampler(const io::SafetensorsFile& checkpoint)
    : settings_(settings_of(checkpoint)),
      networks_(make_networks(settings_)),
      distribution_(recipe_options(settings_.recipe, 0).latent_distribution) {
  const auto& entries = checkpoint.entries();
  const bool has_average = std::any_of(entries.begin(), entries.end(),
                                       [](const auto& entry) { return entry.first.starts_with("average."); });
  nn::load(networks_.generator, checkpoint, has_average ? "average" : "generator");
}

Tensor<float> Sampler::latents(Index count, RandomStream& stream) const {
  return distribution_.draw<float>({count, latent_size()}, stream);
}

Tensor<float> Sampler::operator()(const Tensor<float>& z, const nn::Condition<float>& condition) const {
  const NoGrad values_only;
  return networks_.generator(Variable<>(z), nn::Pass<>().with_condition(condition)).value();
}

}  // namespace examples
