#pragma once

#include <string>

#include <benchmark/benchmark.h>

#include <eigan/core/random.hpp>
#include <eigan/core/tensor.hpp>

#include "best_of.hpp"
#include "peak.hpp"

namespace support {

inline eigan::Tensor<float> random(eigan::Index size) {
  return eigan::RandomStream(1, "benchmark").uniform<float>(eigan::Shape{size}, -1, 1);
}

/// Registers a pass that has to move `bytes` at least, over memory of `footprint` bytes in all: in GB/s, and as a share
/// of what bandwidth_peak() reaches over as much memory in between; the best of many runs against the best of many
/// peaks.
template <class Run>
void add_pass(const std::string& name, std::size_t bytes, std::size_t footprint, const Run& run) {
  benchmark::RegisterBenchmark(("passes/" + name).c_str(),
                               [=](benchmark::State& state) {
                                 const Best best = best_of(state, run, [=] { return bandwidth_peak(footprint); });
                                 state.counters["GB/s"] = static_cast<double>(bytes) / best.seconds * 1e-9;
                                 state.counters["of_bandwidth"] = static_cast<double>(bytes) / best.seconds / best.peak;
                               })
      ->UseManualTime()
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace support
