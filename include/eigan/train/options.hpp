#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../core/config.hpp"
#include "../core/shape.hpp"
#include "../io/csv.hpp"
#include "../loss/any_loss.hpp"
#include "../loss/any_penalty.hpp"
#include "../optim/adam.hpp"
#include "../optim/any_optimizer.hpp"
#include "../optim/any_schedule.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// How two networks are trained against each other. Only `latent` and `loss` must be said.
template <std::floating_point S = float>
struct AdversarialOptions {
  Shape latent = {};                                ///< of one latent: what the generator is fed is [batch, latent...]
  loss::AnyLoss<S> loss;                            ///< no default: leaving it out does not compile
  std::vector<loss::AnyPenalty<S>> penalties = {};  ///< added to the discriminator's loss
  Index critic_steps = 1;                           ///< discriminator updates per step
  Index generator_steps = 1;                        ///< generator updates per step
  optim::AnyOptimizer<S> generator_optimizer = optim::Adam{};
  optim::AnyOptimizer<S> discriminator_optimizer = optim::Adam{};
  optim::AnySchedule generator_schedule = {};  ///< factor on the learning rate, by step
  optim::AnySchedule discriminator_schedule = {};
  double gradient_clipping = 0;  ///< largest global norm of each update's gradients; 0: any
  double weight_clipping = 0;    ///< discriminator weights kept in [-c, c] (Arjovsky et al. 2017); 0: not
  double average = 0;  ///< decay of the generator's weight average, reached as (1 + step) / (10 + step); 0: none is
                       ///< kept
  Index batch = 64;
  std::uint64_t seed = 0;
  /// Kept in checkpoints and checked on resume: what the models are, such as {{"model", "dcgan"}, {"size", "28"}}.
  std::vector<std::pair<std::string, std::string>> description = {};
};

namespace detail {

/// Hands every option that a run depends on to archive.setting(name, text).
template <std::floating_point S, class Archive>
[[gnu::cold]] void show_options(const AdversarialOptions<S>& options, Archive& archive) {
  const auto number = [&](const std::string& name, auto value) { archive.setting(name, io::to_decimal(value)); };
  const auto numbers = [&](const std::string& prefix, const optim::Settings& settings) {
    for (const auto& [name, value] : settings) number(prefix + "." + name, value);
  };
  for (const auto& [name, value] : options.description) archive.setting(name, value);
  number("scalar_bytes", static_cast<Index>(sizeof(S)));
  number("seed", options.seed);
  number("batch", options.batch);
  archive.setting("latent", to_string(options.latent));
  archive.setting("loss", std::string(options.loss.name()));
  numbers("loss", options.loss.settings());
  number("penalties", static_cast<Index>(options.penalties.size()));
  for (std::size_t i = 0; i < options.penalties.size(); ++i) {
    const std::string prefix = "penalty." + std::to_string(i);
    archive.setting(prefix, std::string(options.penalties[i].name()));
    numbers(prefix, options.penalties[i].settings());
  }
  number("critic_steps", options.critic_steps);
  number("generator_steps", options.generator_steps);
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
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::train
