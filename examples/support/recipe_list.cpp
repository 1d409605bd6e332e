#include "recipe_list.hpp"

#include <iomanip>
#include <iostream>

#include <eigan/recipes/by_name.hpp>

namespace examples {

std::vector<std::string> recipe_choices() {
  std::vector<std::string> names{"list"};
  for (const auto& recipe : eigan::recipes::list()) names.emplace_back(recipe.name);
  return names;
}

int print_recipes() {
  for (const auto& recipe : eigan::recipes::list())
    std::cout << std::left << std::setw(14) << recipe.name << std::setw(26) << recipe.paper << recipe.summary << "\n";
  return 0;
}

std::string recipe_for(const std::string& loss) {
  return loss == "wasserstein" ? "wgan" : loss == "wgan-gp" ? "wgan_gp" : "gan";
}

eigan::recipes::Options<> recipe_options(const std::string& recipe, eigan::Index steps) {
  return eigan::recipes::by_name(recipe, steps);
}

eigan::recipes::Networks recipe_networks(const std::string& recipe) { return eigan::recipes::find(recipe).networks; }

}  // namespace examples
