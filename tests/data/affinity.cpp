// OpenMP binds the main thread before main() begins, so this runs the test program again with binding asked for.
#if defined(__linux__) && defined(_OPENMP)
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <sched.h>
#include <string>
#include <thread>

#include <eigan/core/affinity.hpp>

#include "catch.hpp"

namespace {

int processors_of_this_thread() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : -1;
}

}  // namespace

TEST_CASE("child: print processors of a helper thread", "[.affinity-child]") {
  const int before = processors_of_this_thread();
  int inherited = 0, restored = 0;
  std::thread([&] {
    inherited = processors_of_this_thread();
    eigan::run_on_all_processors();
    restored = processors_of_this_thread();
  }).join();
  std::printf("main %d inherited %d restored %d main %d\n", before, inherited, restored, processors_of_this_thread());
}

TEST_CASE("a helper thread runs on all processors though OpenMP bound the main one", "[data][affinity]") {
  const int all = processors_of_this_thread();
  const std::string self = program_invocation_name;  // a chroot may be without /proc/self/exe
  const auto says = [&](const std::string& environment) {
    std::string output;
    std::FILE* const pipe = ::popen((environment + " '" + self + "' '[.affinity-child]'").c_str(), "r");
    REQUIRE(pipe != nullptr);
    char text[256];
    while (std::fgets(text, sizeof text, pipe) != nullptr) output += text;
    ::pclose(pipe);
    return output;
  };
  const auto line = [](int main, int restored) {
    return "main " + std::to_string(main) + " inherited " + std::to_string(main) + " restored " +
           std::to_string(restored) + " main " + std::to_string(main) + "\n";
  };
  CHECK(says("OMP_PROC_BIND=false").find(line(all, all)) != std::string::npos);
  CHECK(says("OMP_PROC_BIND=false taskset -c 0").find(line(1, 1)) != std::string::npos);
  const std::string bound = says("OMP_PROC_BIND=true");
  CHECK(bound.find("restored " + std::to_string(all)) != std::string::npos);
  // libgomp binds as it is loaded, where the system shows it the processors (a bare chroot does not); libomp binds at
  // the first parallel region.
  if (bound.find("main 1 ") != std::string::npos)
    CHECK(says("OMP_PROC_BIND=true OMP_PLACES='{0}'").find(line(1, 1)) != std::string::npos);
}
#endif
