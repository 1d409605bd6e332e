#pragma once

#include <utility>

#include "vector.hpp"

#define EIGAN_TARGET_FILE "../target/transposition.inl"
#include "for_each_target.inl"
