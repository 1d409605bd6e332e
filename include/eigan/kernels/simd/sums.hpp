#pragma once

#include "dispatch.hpp"
#include "vector.hpp"

#define EIGAN_TARGET_FILE "../target/sums.inl"
#include "for_each_target.inl"
