#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "vector.hpp"

#define EIGAN_TARGET_FILE "../target/math.inl"
#include "for_each_target.inl"
