#include <cstdlib>
#include <string>

#include <eigan/kernels/simd/instruction_set.hpp>

#include "catch.hpp"

using namespace eigan;

TEST_CASE("the set in use is the one the environment names, else the widest that runs here", "[choice]") {
  const char* const asked = std::getenv("EIGAN_INSTRUCTION_SET");
  const std::string name(instruction_set_name());
  if (asked && *asked) {
    CHECK_THAT(name, Catch::StartsWith(asked));
  } else {
    CHECK(is_available(instruction_set()));
    for (const auto set : {InstructionSet::avx2, InstructionSet::avx512})
      if (is_available(set)) CHECK(instruction_set() >= set);
  }
}

TEST_CASE("a set is chosen by its name, or by its full name", "[choice]") {
  using kernels::detail::instruction_set_called;
  for (const auto set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512}) {
    const std::string name(instruction_set_name(set));
    if (!is_available(set)) {
      CHECK_THROWS_AS(instruction_set_called(name), ConfigError);
      CHECK_THROWS_AS(set_instruction_set(set), ConfigError);
    } else {
      CHECK(instruction_set_called(name) == set);
    }
  }
  CHECK(instruction_set_called("baseline") == InstructionSet::baseline);
}

TEST_CASE("the baseline says what it is made of", "[choice]") {
  const std::string name(instruction_set_name(InstructionSet::baseline));
#if defined(__AVX512F__)
  CHECK(name == "baseline (avx512)");
#elif defined(__AVX2__) && defined(__FMA__)
  CHECK(name == "baseline (avx2_fma)");
#elif defined(__x86_64__) && !defined(__SSE4_2__)
  CHECK(name == "baseline (sse2)");
#elif defined(__aarch64__)
  CHECK(name == "baseline (neon)");
#else
  CHECK_THAT(name, Catch::StartsWith("baseline ("));
#endif
}

TEST_CASE("a set that cannot be had is refused with those that can", "[choice]") {
  const std::string baseline(instruction_set_name(InstructionSet::baseline));
  CHECK_THROWS_WITH(kernels::detail::instruction_set_called("sse9"),
                    Catch::StartsWith("EIGAN_INSTRUCTION_SET: expected an instruction set") &&
                        Catch::Contains(baseline + "), got sse9"));
}
