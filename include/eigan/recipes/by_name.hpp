#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <span>
#include <string>
#include <string_view>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "plain.hpp"
#include "recipe.hpp"
#include "smooth.hpp"
#include "wasserstein.hpp"

namespace eigan::inline EIGAN_ABI::recipes {

/// A recipe as a list shows it, for programs whose users choose one.
struct Recipe {
  std::string_view name, paper, summary;
  Networks networks = {};
};

/// Every recipe, the default last.
inline std::span<const Recipe> list() {
  static constexpr std::array<Recipe, 12> all{{
      {"gan", "Goodfellow et al. 2014", "non-saturating loss"},
      {"dcgan", "Radford et al. 2016",
       "non-saturating loss, convolutional networks with batch normalisation from small weights"},
      {"lsgan", "Mao et al. 2017", "least squares"},
      {"wgan", "Arjovsky et al. 2017", "Wasserstein loss, clipped weights"},
      {"wgan_gp", "Gulrajani et al. 2017", "Wasserstein loss, gradient penalty", {.batch_norm = false}},
      {"dragan", "Kodali et al. 2017", "gradient penalty around real samples", {.batch_norm = false}},
      {"sngan",
       "Miyato et al. 2018",
       "hinge loss, spectral normalisation",
       {.batch_norm = false, .spectral_norm = true}},
      {"began", "Berthelot et al. 2017", "autoencoder held at an equilibrium", {.autoencoder = true}},
      {"relativistic", "Jolicoeur-Martineau 2018", "samples judged against the mean of the other kind"},
      {"unrolled", "Metz et al. 2017", "the generator looks five updates ahead"},
      {"pacgan", "Lin et al. 2018", "two samples judged at once", {.packing = 2}},
      {"r3gan",
       "Huang et al. 2024",
       "relativistic pairs, penalties on real and generated samples",
       {.batch_norm = false}},
  }};
  return all;
}

/// The recipe of that name; throws ConfigError, with the names there are, if there is none.
inline const Recipe& find(std::string_view name) {
  const auto all = list();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Recipe& recipe) { return recipe.name == name; });
  if (found != all.end()) return *found;
  std::string known;
  for (const Recipe& recipe : all) known += (known.empty() ? "" : ", ") + std::string(recipe.name);
  throw ConfigError("recipes: expected one of " + known + ", got '" + std::string(name) + "'");
}

/// The options of the recipe of that name. `steps` is how long the run is to be, for those whose rates fall with it.
/// Throws ConfigError if there is none.
template <std::floating_point S = float>
Options<S> by_name(std::string_view name, Index steps = 0) {
  const std::string_view known = find(name).name;
  if (known == "gan") return gan<S>();
  if (known == "dcgan") return dcgan<S>();
  if (known == "lsgan") return lsgan<S>();
  if (known == "wgan") return wgan<S>();
  if (known == "wgan_gp") return wgan_gp<S>();
  if (known == "dragan") return dragan<S>();
  if (known == "sngan") return sngan<S>(steps);
  if (known == "began") return began<S>();
  if (known == "relativistic") return relativistic<S>();
  if (known == "unrolled") return unrolled<S>();
  if (known == "pacgan") return pacgan<S>();
  return r3gan<S>(steps);
}

}  // namespace eigan::inline EIGAN_ABI::recipes
