#pragma once

#include <type_traits>
#include <utility>

#include "../operations.hpp"
#include "math.hpp"

#define EIGAN_TARGET_FILE "../target/operations.inl"
#include "for_each_target.inl"
#define EIGAN_TARGET_FILE "../target/map.inl"
#include "for_each_target.inl"
