#pragma once

#include <type_traits>

#include "dispatch.hpp"
#include "vector.hpp"

/// After a lambda's parameters: it becomes part of the loop that calls it. A call would pass vectors through memory.
#define EIGAN_INLINED __attribute__((always_inline))

#define EIGAN_TARGET_FILE "../target/sums.inl"
#include "for_each_target.inl"
