// Includes EIGAN_TARGET_FILE once for each instruction set that this build can hold, each time inside
// its own namespace `EIGAN_TARGET` with vectors of EIGAN_TARGET_BYTES; EIGAN_TARGET_HAS_FMA says whether x86's fused
// multiply-add is among its instructions. The baseline is what the compiler flags allow; a
// build without -march gets AVX2 and AVX-512 beside it, chosen at run time (see dispatch.hpp). Headers that the file
// needs must be included before, or their code would be compiled for the wrong machine.

#include "instruction_set.hpp"

#define EIGAN_TARGET baseline
#define EIGAN_TARGET_BYTES EIGAN_BASELINE_BYTES
#define EIGAN_TARGET_HAS_FMA EIGAN_BASELINE_HAS_FMA
#include EIGAN_TARGET_FILE
#undef EIGAN_TARGET
#undef EIGAN_TARGET_BYTES
#undef EIGAN_TARGET_HAS_FMA

#if defined(EIGAN_HAS_AVX2)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
#define EIGAN_TARGET avx2
#define EIGAN_TARGET_BYTES 32
#define EIGAN_TARGET_HAS_FMA 1
#include EIGAN_TARGET_FILE
#undef EIGAN_TARGET
#undef EIGAN_TARGET_BYTES
#undef EIGAN_TARGET_HAS_FMA
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

#if defined(EIGAN_HAS_AVX512)
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")
#endif
#define EIGAN_TARGET avx512
#define EIGAN_TARGET_BYTES 64
#define EIGAN_TARGET_HAS_FMA 1
#include EIGAN_TARGET_FILE
#undef EIGAN_TARGET
#undef EIGAN_TARGET_BYTES
#undef EIGAN_TARGET_HAS_FMA
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

#undef EIGAN_TARGET_FILE
