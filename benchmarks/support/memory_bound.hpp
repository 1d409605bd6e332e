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

/// Registers a pass over memory of `footprint` bytes in all: in GB/s of the traffic that it cannot do without, and as a
/// share of what plain loops with that traffic reach over as much memory in between; the best of many runs against the
/// best of many of theirs.
template <class Run>
void add_pass(const std::string& name, const Traffic& traffic, std::size_t footprint, const Run& run) {
  benchmark::RegisterBenchmark(("passes/" + name).c_str(),
                               [=](benchmark::State& state) {
                                 Bandwidth peak;
                                 const double seconds =
                                     best_of(state, run, [&] { peak.raise_to(bandwidth_peak(footprint)); });
                                 state.counters["GB/s"] = static_cast<double>(traffic.bytes()) / seconds * 1e-9;
                                 state.counters["of_bandwidth"] = peak.seconds(traffic) / seconds;
                               })
      ->UseManualTime()
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace support
