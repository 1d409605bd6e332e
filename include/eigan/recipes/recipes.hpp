#pragma once

#include "by_name.hpp"
#include "plain.hpp"
#include "recipe.hpp"
#include "smooth.hpp"
#include "wasserstein.hpp"
