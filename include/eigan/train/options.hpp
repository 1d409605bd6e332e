#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../augment/any_augmentation.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../io/csv.hpp"
#include "../loss/any_loss.hpp"
#include "../loss/any_penalty.hpp"
#include "../nn/init.hpp"
#include "../optim/adam.hpp"
#include "../optim/any_optimizer.hpp"
#include "../optim/any_schedule.hpp"
#include "latent_codes.hpp"
#include "latent_distribution.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// The share of a generated batch that the generator learns from: those samples that the discriminator finds the most
/// real (top-k training, Sinha et al. 2020). It falls linearly from all to `smallest` over the first `steps` steps.
struct TopK {
  double smallest = 1;  ///< in (0, 1]; 1: all, always. The paper has 0.5
  Index steps = 1;

  /// How many of `count` samples, at least 1, after `step` steps.
  Index kept(Index count, Index step) const {
    const double share = std::min(1.0, static_cast<double>(step) / static_cast<double>(steps));
    const double kept = static_cast<double>(count) * (1 - share * (1 - smallest));
    return std::clamp<Index>(static_cast<Index>(std::ceil(kept)), 1, count);
  }
};

/// How two networks are trained against each other. Only `latent` and `loss` must be said. `Output` is what the
/// discriminator returns.
template <std::floating_point S = float, class Output = Variable<S>>
struct AdversarialOptions {
  Shape latent = {};                                ///< of one latent: what the generator is fed is [batch, latent...]
  loss::AnyLoss<S, Output> loss;                    ///< no default: leaving it out does not compile
  std::vector<loss::AnyPenalty<S>> penalties = {};  ///< added to the discriminator's loss
  std::vector<loss::AnyPenalty<S>> generator_penalties = {};    ///< added to the generator's
  std::vector<augment::AnyAugmentation<S>> augmentations = {};  ///< what the discriminator sees everything through
  Index critic_steps = 1;                                       ///< discriminator updates per step
  Index generator_steps = 1;                                    ///< generator updates per step
  Index unrolled_steps = 0;  ///< discriminator updates the generator looks ahead (Metz et al. 2017); 0: none
  Index accumulate = 1;      ///< batches whose gradients are averaged for one update
  TopK top_k = {};
  optim::AnyOptimizer<S> generator_optimizer = optim::Adam{};
  optim::AnyOptimizer<S> discriminator_optimizer = optim::Adam{};
  optim::AnySchedule generator_schedule = {};  ///< factor on the learning rate, by step
  optim::AnySchedule discriminator_schedule = {};
  double gradient_clipping = 0;  ///< largest global norm of each update's gradients; 0: any
  double weight_clipping = 0;    ///< discriminator weights kept in [-c, c] (Arjovsky et al. 2017); 0: not
  double average = 0;  ///< decay of the generator's weight average, reached as (1 + step) / (10 + step); 0: none is
                       ///< kept
  Index average_warm_up = 0;  ///< first steps in which the average only copies the generator
  LatentDistribution latent_distribution = LatentDistribution::normal();
  /// Conditions that are drawn instead of taken from the data, for networks that find their meaning out (InfoGAN).
  LatentCodes codes = {};
  /// Layers or parameters that stay as they are, by name: {"discriminator.0", "generator.2.bias"} (Mo et al. 2020).
  std::vector<std::string> frozen = {};
  Index batch = 64;
  std::uint64_t seed = 0;
  /// How weights that have no values yet get their first ones; none: as their layers would.
  std::optional<nn::init::Scheme> initialization = {};
  /// Kept in checkpoints and checked on resume: what the models are, such as {{"model", "dcgan"}, {"size", "28"}}.
  std::vector<std::pair<std::string, std::string>> description = {};
};

namespace detail {

/// Throws ConfigError for an option that is out of range.
template <std::floating_point S, class Output>
[[gnu::cold]] void check_options(const AdversarialOptions<S, Output>& options) {
  const auto expect = [](bool fits, const char* what) {
    if (!fits) throw ConfigError(std::string("AdversarialTrainer: expected ") + what);
  };
  expect(options.batch >= 1, "a batch of 1 or more");
  expect(options.accumulate >= 1, "gradients of 1 or more batches to accumulate");
  expect(options.critic_steps >= 1 && options.generator_steps >= 1, "1 or more updates of each network a step");
  expect(options.unrolled_steps >= 0, "0 or more unrolled steps");
  expect(options.top_k.smallest > 0 && options.top_k.smallest <= 1 && options.top_k.steps >= 1,
         "a smallest share in (0, 1] and 1 or more steps for .top_k");
  expect(options.average >= 0 && options.average < 1, "a decay of the average in [0, 1)");
  options.codes.check();
  expect(options.average_warm_up >= 0, "0 or more steps before the average sets in");
  expect(options.gradient_clipping >= 0 && options.weight_clipping >= 0, "clipping of 0 (none) or more");
}

/// Hands every option that a run depends on to archive.setting(name, text).
template <std::floating_point S, class Output, class Archive>
[[gnu::cold]] void show_options(const AdversarialOptions<S, Output>& options, Archive& archive) {
  const auto number = [&](const std::string& name, auto value) { archive.setting(name, io::to_decimal(value)); };
  const auto numbers = [&](const std::string& prefix, const auto& settings) {
    for (const auto& [name, value] : settings) number(prefix + "." + name, value);
  };
  const auto list = [&](const std::string& plural, const std::string& singular, const auto& parts) {
    number(plural, static_cast<Index>(parts.size()));
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::string prefix = singular + "." + std::to_string(i);
      archive.setting(prefix, std::string(parts[i].name()));
      numbers(prefix, parts[i].settings());
    }
  };
  for (const auto& [name, value] : options.description) archive.setting(name, value);
  number("scalar_bytes", static_cast<Index>(sizeof(S)));
  number("seed", options.seed);
  number("batch", options.batch);
  number("accumulate", options.accumulate);
  archive.setting("latent", to_string(options.latent));
  archive.setting("latent_distribution", options.latent_distribution.description());
  archive.setting("codes", options.codes.description());
  archive.setting("loss", std::string(options.loss.name()));
  numbers("loss", options.loss.settings());
  list("penalties", "penalty", options.penalties);
  list("generator_penalties", "generator_penalty", options.generator_penalties);
  list("augmentations", "augmentation", options.augmentations);
  number("critic_steps", options.critic_steps);
  number("generator_steps", options.generator_steps);
  number("unrolled_steps", options.unrolled_steps);
  number("top_k.smallest", options.top_k.smallest);
  number("top_k.steps", options.top_k.steps);
  const auto player = [&](const std::string& role, const optim::AnyOptimizer<S>& optimizer,
                          const optim::AnySchedule& schedule) {
    archive.setting(role + "_optimizer", std::string(optimizer.name()));
    numbers(role + "_optimizer", optimizer.settings());
    archive.setting(role + "_schedule", std::string(schedule.name()));
    numbers(role + "_schedule", schedule.settings());
  };
  player("generator", options.generator_optimizer, options.generator_schedule);
  player("discriminator", options.discriminator_optimizer, options.discriminator_schedule);
  number("gradient_clipping", options.gradient_clipping);
  number("weight_clipping", options.weight_clipping);
  number("average", options.average);
  number("average_warm_up", options.average_warm_up);
  number("frozen", static_cast<Index>(options.frozen.size()));
  for (std::size_t i = 0; i < options.frozen.size(); ++i)
    archive.setting("frozen." + std::to_string(i), options.frozen[i]);
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::train
