#pragma once

#include <concepts>
#include <string>

#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"
#include "penalty_context.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// Latents that lie close together, z and z + dz with dz ~ N(0, deviation^2). Among the discriminator's penalties:
/// weight * E[(D(G(z)) - D(G(z + dz)))^2], it shall not tell them apart. Among the generator's:
/// -weight * mean((G(z) - G(z + dz))^2), the samples shall differ all the same (zCR, Zhao et al. 2021, alg. 2, there
/// with weights of 5 and 0.5). The generated batch of the update serves as G(z).
class LatentConsistency {
 public:
  static constexpr const char* name = "latent_consistency";

  /// Throws ConfigError unless weight >= 0 and deviation > 0.
  explicit LatentConsistency(double weight, double deviation = 0.03) : weight_(weight), deviation_(deviation) {
    if (!(weight >= 0) || !(deviation > 0))
      throw ConfigError("LatentConsistency: expected a weight of 0 or more and a deviation above 0, got " +
                        std::to_string(weight) + " and " + std::to_string(deviation));
  }

  template <std::floating_point S>
  Variable<S> operator()(const PenaltyContext<S>& here) const {
    const Variable<S>& z = here.latents();
    const bool differentiable = here.side == Side::generator && is_recording();
    Variable<S> nearby;
    {
      const RecordingGuard recording(differentiable);
      nearby = here.generate(z + Variable<S>(here.stream.template normal<S>(z.shape(), 0, deviation_)));
    }
    if (here.side == Side::generator) return -weight_ * mean(square(here.fake - nearby));
    return weight_ * mean(square(here.outputs_of_fake() - here.critic(nearby)));
  }

  void settings(auto&& field) const {
    field("weight", weight_);
    field("deviation", deviation_);
  }

 private:
  double weight_, deviation_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
