#pragma once

#include <algorithm>
#include <limits>

#include <benchmark/benchmark.h>

#include "clock.hpp"

namespace support {

struct Best {
  double seconds = std::numeric_limits<double>::infinity();
  double peak = 0;
};

/// The least time of many runs, and the highest of many peaks in between, which get half of the time at most.
template <class Run, class Peak>
Best best_of(benchmark::State& state, const Run& run, const Peak& peak) {
  run();
  Best best;
  double waited = std::numeric_limits<double>::infinity(), peak_time = 0;
  for (auto _ : state) {
    const double elapsed = time_of(run);
    state.SetIterationTime(elapsed);
    best.seconds = std::min(best.seconds, elapsed);
    waited += elapsed;
    if (waited < peak_time) continue;
    peak_time = time_of([&] { best.peak = std::max(best.peak, peak()); });
    waited = 0;
  }
  return best;
}

}  // namespace support
