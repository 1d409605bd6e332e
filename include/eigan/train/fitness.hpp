#pragma once

#include <algorithm>
#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../nn/fields.hpp"
#include "frozen.hpp"
#include "options.hpp"

// Whether a loss, its penalties and two networks go together.

namespace eigan::inline EIGAN_ABI::train::detail {

/// What a network's layers say of how they treat a batch: each by its name, such as "layer 3 (BatchNorm)".
template <std::floating_point S>
class LayerSurvey final : public nn::FieldVisitor<S> {
 public:
  void parameter(std::string_view, Parameter<S>&) override {}
  void buffer(std::string_view, Buffer<S>&) override {}
  void enter(std::string_view name, std::string_view type, const void*) override {
    const std::string around = path_.empty() ? "" : path_.back().first + ".";
    path_.emplace_back(around + std::string(name), type);
    has_spectral_norm = has_spectral_norm || type == "SpectralNorm";
  }
  void leave() override { path_.pop_back(); }
  void normalizes_over_batch() override { note(batch_norm); }
  void may_mix_samples() override { note(mixing); }

  std::string batch_norm;  ///< the first layer that normalises over the batch, empty if there is none
  std::string mixing;      ///< the first that may let the samples of a batch see each other
  bool has_spectral_norm = false;

 private:
  void note(std::string& place) const {
    if (place.empty())
      place = path_.empty() ? std::string("itself") : "layer " + path_.back().first + " (" + path_.back().second + ")";
  }

  std::vector<std::pair<std::string, std::string>> path_;
};

template <class Model>
[[gnu::cold]] LayerSurvey<nn::ScalarOf<Model>> survey(const Model& model) {
  LayerSurvey<nn::ScalarOf<Model>> layers;
  nn::show_fields(model, layers);
  return layers;
}

/// The name of the first penalty that asks for each sample's own gradient, empty if none does.
template <std::floating_point S>
std::string_view per_sample_penalty(const std::vector<loss::AnyPenalty<S>>& penalties) {
  const auto found = std::find_if(penalties.begin(), penalties.end(),
                                  [](const auto& penalty) { return penalty.needs_per_sample_critic(); });
  return found == penalties.end() ? std::string_view() : found->name();
}

/// The options, if they can work with these networks; throws ConfigError else.
template <class Generator, class Discriminator, class Options>
[[gnu::cold]] Options checked(Options options, const Generator& generator, const Discriminator& discriminator) {
  check_options(options);
  check_frozen(options.frozen, generator, discriminator);
  const std::string_view penalty = per_sample_penalty(options.penalties);
  const std::string batch_norm = penalty.empty() ? std::string() : survey(discriminator).batch_norm;
  if (!batch_norm.empty())
    throw ConfigError("AdversarialTrainer: expected a discriminator without batch normalisation for the penalty " +
                      std::string(penalty) + ", which looks at each sample's gradient by itself, got its " +
                      batch_norm +
                      "; use LayerNorm, InstanceNorm or no normalisation there (Gulrajani et al. 2017, "
                      "section 4)");
  return options;
}

/// What the papers advise against in options that can work.
template <class Discriminator, class Options>
[[gnu::cold]] std::vector<std::string> doubts_about(const Options& options, const Discriminator& discriminator) {
  std::vector<std::string> doubts;
  const auto layers = survey(discriminator);
  const std::string penalty(per_sample_penalty(options.penalties));
  const bool clips = options.weight_clipping > 0;
  if (!penalty.empty() && !layers.mixing.empty())
    doubts.push_back("the discriminator's " + layers.mixing +
                     " may let the samples of a batch see each other, but the "
                     "penalty " +
                     penalty +
                     " takes each sample's gradient for its own (Gulrajani et al. 2017, section "
                     "4); a layer that does not mix them says is_per_sample");
  if (options.loss.name() == "wasserstein" && penalty.empty() && !clips && !layers.has_spectral_norm)
    doubts.push_back(
        "the Wasserstein loss needs a critic of bounded slope: add loss::GradientPenalty, spectral "
        "normalisation or .weight_clipping (Arjovsky et al. 2017, section 3)");
  if (clips && !penalty.empty())
    doubts.push_back("weights are clipped and " + penalty +
                     " bounds the slope as well: the penalty was made to "
                     "replace clipping (Gulrajani et al. 2017)");
  const auto momentum = options.discriminator_optimizer.settings();
  const auto has_momentum = [](const auto& setting) {
    return (setting.first == "beta1" || setting.first == "momentum") && setting.second > 0;
  };
  if (clips && std::any_of(momentum.begin(), momentum.end(), has_momentum))
    doubts.push_back(
        "a critic with clipped weights trains unsteadily with momentum: use optim::RMSProp or .beta1 = 0 "
        "(Arjovsky et al. 2017, section 4)");
  return doubts;
}

}  // namespace eigan::inline EIGAN_ABI::train::detail
