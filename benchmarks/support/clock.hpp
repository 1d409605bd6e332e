#pragma once

#include <chrono>

namespace support {

inline double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// The seconds that one call takes.
template <class Run>
double time_of(const Run& run) {
  const double start = seconds();
  run();
  return seconds() - start;
}

}  // namespace support
