// The recipes as a command line offers them: in a file of its own, since all of them together take seconds to compile.
#pragma once

#include <string>
#include <vector>

#include <eigan/recipes/recipe.hpp>

namespace examples {

/// The names of all recipes, and "list".
std::vector<std::string> recipe_choices();

/// Prints each recipe with its paper and what it is; gives the program's exit status.
int print_recipes();

/// The recipe that trains for a loss; an empty one is the non-saturating.
std::string recipe_for(const std::string& loss);

/// The options of the recipe of that name, for a run of so many steps.
eigan::recipes::Options<> recipe_options(const std::string& recipe, eigan::Index steps);

/// What it asks of the networks.
eigan::recipes::Networks recipe_networks(const std::string& recipe);

}  // namespace examples
