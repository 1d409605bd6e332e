#pragma once

#include "../../core/config.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

// An empty instruction that "changes" a vector, so that its load stays one instruction.
#if defined(__x86_64__) && defined(__GNUC__)
#define EIGAN_KEEP_IN_REGISTER(vector) __asm__("" : "+v"(vector))
#elif defined(__aarch64__) && defined(__GNUC__)
#define EIGAN_KEEP_IN_REGISTER(vector) __asm__("" : "+w"(vector))
#else
#define EIGAN_KEEP_IN_REGISTER(vector)
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
#undef EIGAN_KEEP_IN_REGISTER
