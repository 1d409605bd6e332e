#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "vector.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define EIGAN_TARGET_FILE "../target/bits.inl"
#include "for_each_target.inl"
#define EIGAN_TARGET_FILE "../target/math_float.inl"
#include "for_each_target.inl"
#define EIGAN_TARGET_FILE "../target/math_double.inl"
#include "for_each_target.inl"
