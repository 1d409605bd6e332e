#pragma once

#include <algorithm>
#include <limits>

#include <benchmark/benchmark.h>

#include "clock.hpp"

namespace support {

/// The least time of many runs. In between, for half of the time at most, it measures the peak that they are held
/// against.
template <class Run, class MeasurePeak>
double best_of(benchmark::State& state, const Run& run, const MeasurePeak& measure_peak) {
  run();
  double best = std::numeric_limits<double>::infinity(), waited = best, peak_time = 0;
  for (auto _ : state) {
    const double elapsed = time_of(run);
    state.SetIterationTime(elapsed);
    best = std::min(best, elapsed);
    waited += elapsed;
    if (waited < peak_time) continue;
    peak_time = time_of(measure_peak);
    waited = 0;
  }
  return best;
}

}  // namespace support
