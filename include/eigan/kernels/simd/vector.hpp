#pragma once

#include "../../core/config.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#define EIGAN_TARGET_FILE "../target/vector.inl"
#include "for_each_target.inl"
