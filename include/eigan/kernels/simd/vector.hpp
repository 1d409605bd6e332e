#pragma once

#include "../../core/config.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

// Instructions that clang leaves in the order in which they are written; g++ does so unasked.
#if defined(__clang__)
#define EIGAN_IN_ORDER __asm__ volatile
#else
#define EIGAN_IN_ORDER __asm__
#endif

#define EIGAN_TARGET_FILE "../target/vector.inl"
#include "for_each_target.inl"

#undef EIGAN_IN_ORDER
