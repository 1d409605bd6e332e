// Does timed work on request, so that a driver can alternate it with another program: harness/server.py.
//
//   bench_step_server CASE BATCH
//
// For each line on standard input one on standard output: "step N" does N steps and answers with the seconds of one;
// "peak" answers with the multiply-add peak in operations per second.

#include <iostream>
#include <string>

#include "support/cases.hpp"
#include "support/clock.hpp"
#include "support/peak.hpp"

int main(int argc, char** argv) {
  const support::Work work = argc == 3 ? support::work_of(argv[1], std::stol(argv[2])) : support::Work();
  if (!work) {
    std::cerr << "usage: bench_step_server CASE BATCH, with a case of support/cases.hpp\n";
    return 2;
  }
  std::cout.precision(9);
  std::cout << "ready" << std::endl;
  for (std::string command; std::cin >> command;) {
    long count = 0;
    if (command == "peak") {
      std::cout << support::arithmetic_peak() << std::endl;
    } else if (command == "step" && std::cin >> count && count > 0) {
      const double elapsed = support::time_of([&] {
        for (long i = 0; i < count; ++i) work();
      });
      std::cout << elapsed / static_cast<double>(count) << std::endl;
    } else {
      std::cerr << "bench_step_server: expected 'step N' or 'peak', got '" << command << "'\n";
      return 2;
    }
  }
}
