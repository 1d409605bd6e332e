#pragma once

#include <array>
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
#if defined(__x86_64__) && (defined(__FMA__) || EIGAN_BASELINE_BYTES == 64)
#define EIGAN_BASELINE_HAS_FMA 1
#else
#define EIGAN_BASELINE_HAS_FMA 0
#endif
#if defined(__x86_64__) && defined(__GNUC__) && EIGAN_BASELINE_BYTES < 64
#define EIGAN_HAS_AVX512 1
#if !(defined(__AVX2__) && defined(__FMA__))
#define EIGAN_HAS_AVX2 1
#endif
#endif

namespace eigan::inline EIGAN_ABI::kernels {

/// The instruction sets that kernels exist for. `baseline` is what the compiler flags of this build allow: SSE2 or NEON
/// without -march; with -march=native everything the building machine has. Sets that are no wider are then not held
/// beside it.
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

#define EIGAN_TEXT_OF(macro) #macro
#define EIGAN_TEXT(macro) EIGAN_TEXT_OF(macro)

/// "avx2", "avx512", or the baseline with what it is made of, e.g. "baseline (sse2)", "baseline (neon)",
/// "baseline (avx512)". The last is not "avx512": there the compiler uses those instructions outside of kernels too.
inline std::string_view instruction_set_name(InstructionSet set) {
  switch (set) {
    case InstructionSet::avx2:
      return "avx2";
    case InstructionSet::avx512:
      return "avx512";
    case InstructionSet::baseline:
      break;
  }
  return "baseline (" EIGAN_TEXT(EIGAN_ABI_SIMD) ")";
}

#undef EIGAN_TEXT
#undef EIGAN_TEXT_OF

namespace detail {

// From the one preferred to the last.
inline constexpr std::array instruction_sets = {InstructionSet::avx512, InstructionSet::avx2, InstructionSet::baseline};

[[noreturn]] inline void refuse_instruction_set(const std::string& where, std::string_view got) {
  std::string here;
  for (const InstructionSet set : instruction_sets)
    if (is_available(set)) here.append(here.empty() ? "" : ", ").append(instruction_set_name(set));
  throw ConfigError(where + ": expected an instruction set that this build holds and this processor runs (" + here +
                    "), got " + std::string(got));
}

inline InstructionSet instruction_set_called(std::string_view name) {
  for (const InstructionSet set : instruction_sets)
    if (is_available(set) &&
        (name == instruction_set_name(set) || (set == InstructionSet::baseline && name == "baseline")))
      return set;
  refuse_instruction_set("EIGAN_INSTRUCTION_SET", name);
}

inline InstructionSet best_instruction_set() {
  const char* const asked = std::getenv("EIGAN_INSTRUCTION_SET");
  if (asked && *asked) return instruction_set_called(asked);
  for (const InstructionSet set : instruction_sets)
    if (is_available(set)) return set;
  return InstructionSet::baseline;
}

inline std::atomic<InstructionSet>& instruction_set_in_use() {
  static std::atomic<InstructionSet> set{best_instruction_set()};
  return set;
}

}  // namespace detail

/// The set in use: the widest that this build holds and this processor runs, or the one the environment variable
/// EIGAN_INSTRUCTION_SET names (baseline, avx2, avx512). Results are the same bits for one set, not across sets. Throws
/// ConfigError for a name that is unknown or cannot run here.
inline InstructionSet instruction_set() { return detail::instruction_set_in_use().load(std::memory_order_relaxed); }

/// The name of the set in use.
inline std::string_view instruction_set_name() { return instruction_set_name(instruction_set()); }

/// Takes another set from now on, for tests and comparisons; call it while no kernel runs. Throws ConfigError if it is
/// not available.
inline void set_instruction_set(InstructionSet set) {
  if (!is_available(set)) detail::refuse_instruction_set("set_instruction_set", instruction_set_name(set));
  detail::instruction_set_in_use().store(set, std::memory_order_relaxed);
}

}  // namespace eigan::inline EIGAN_ABI::kernels

// For users, who meet the choice beside that of threads.
namespace eigan::inline EIGAN_ABI {

using kernels::instruction_set;
using kernels::instruction_set_name;
using kernels::InstructionSet;
using kernels::set_instruction_set;

}  // namespace eigan::inline EIGAN_ABI
