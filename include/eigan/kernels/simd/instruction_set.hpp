#pragma once

#include <atomic>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../../core/config.hpp"
#include "../../core/error.hpp"

// Bytes of the widest vector that the compiler flags allow, and the wider sets this build holds beside it.
#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
#define EIGAN_BASELINE_BYTES 64
#elif defined(__AVX__)
#define EIGAN_BASELINE_BYTES 32
#else
#define EIGAN_BASELINE_BYTES 16
#endif
#if defined(__x86_64__) && defined(__GNUC__) && EIGAN_BASELINE_BYTES < 64
#define EIGAN_HAS_AVX512 1
#if !(defined(__AVX2__) && defined(__FMA__))
#define EIGAN_HAS_AVX2 1
#endif
#endif

namespace eigan::inline EIGAN_ABI::kernels {

/// The instruction sets that kernels exist for. `baseline` is what the compiler flags of this build allow (with
/// -march=native: everything the building machine has).
enum class InstructionSet { baseline, avx2, avx512 };

/// Whether this build holds code for `set` and this processor runs it.
inline bool is_available(InstructionSet set) {
  switch (set) {
    case InstructionSet::baseline:
      return true;
    case InstructionSet::avx2:
#if defined(EIGAN_HAS_AVX2)
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
      return false;
#endif
    case InstructionSet::avx512:
#if defined(EIGAN_HAS_AVX512)
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#else
      return false;
#endif
  }
  return false;
}

namespace detail {

inline InstructionSet best_instruction_set() {
  if (const char* const asked = std::getenv("EIGAN_INSTRUCTION_SET")) {
    const std::string_view name(asked);
    InstructionSet set = InstructionSet::baseline;
    if (name == "avx2")
      set = InstructionSet::avx2;
    else if (name == "avx512")
      set = InstructionSet::avx512;
    else if (name != "baseline")
      throw ConfigError("EIGAN_INSTRUCTION_SET: expected baseline, avx2 or avx512, got " + std::string(name));
    if (!is_available(set))
      throw ConfigError("EIGAN_INSTRUCTION_SET: this build or this processor has no " + std::string(name));
    return set;
  }
  if (is_available(InstructionSet::avx512)) return InstructionSet::avx512;
  if (is_available(InstructionSet::avx2)) return InstructionSet::avx2;
  return InstructionSet::baseline;
}

inline std::atomic<InstructionSet>& instruction_set_in_use() {
  static std::atomic<InstructionSet> set{best_instruction_set()};
  return set;
}

}  // namespace detail

/// The set in use: the widest that this build holds and this processor runs, or the one the environment variable
/// EIGAN_INSTRUCTION_SET names. Results are the same bits for one set, not across sets. Throws ConfigError for a set
/// that is unknown or cannot run here.
inline InstructionSet instruction_set() { return detail::instruction_set_in_use().load(std::memory_order_relaxed); }

/// Takes another set from now on, for tests and comparisons; call it while no kernel runs. Throws ConfigError if it is
/// not available.
inline void set_instruction_set(InstructionSet set) {
  if (!is_available(set)) throw ConfigError("set_instruction_set: this build or this processor does not have that set");
  detail::instruction_set_in_use().store(set, std::memory_order_relaxed);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
