#pragma once

#include "instruction_set.hpp"

// Calls function(arguments...) of the namespace of the instruction set in use. A macro, because a namespace cannot be a
// template argument.
#if defined(EIGAN_HAS_AVX2)
#define EIGAN_CASE_AVX2(...)                   \
  case ::eigan::kernels::InstructionSet::avx2: \
    return ::eigan::kernels::avx2::__VA_ARGS__;
#else
#define EIGAN_CASE_AVX2(...)
#endif
#if defined(EIGAN_HAS_AVX512)
#define EIGAN_CASE_AVX512(...)                   \
  case ::eigan::kernels::InstructionSet::avx512: \
    return ::eigan::kernels::avx512::__VA_ARGS__;
#else
#define EIGAN_CASE_AVX512(...)
#endif

/// `EIGAN_DISPATCH(sum_rows(x, y, n))` as the whole body of a function returns what the chosen set's sum_rows returns.
#define EIGAN_DISPATCH(...)                           \
  switch (::eigan::kernels::instruction_set()) {      \
    EIGAN_CASE_AVX512(__VA_ARGS__)                    \
    EIGAN_CASE_AVX2(__VA_ARGS__)                      \
    default:                                          \
      return ::eigan::kernels::baseline::__VA_ARGS__; \
  }
