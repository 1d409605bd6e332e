#pragma once

#include "config.hpp"

namespace eigan::inline EIGAN_ABI {

/// Place i of an axis of `extent` places as a mirror shows it that stands on the outermost one: i itself from 0 to
/// extent - 1, 1 for -1, extent - 2 for extent, and so on between two mirrors.
constexpr Index reflected(Index i, Index extent) {
  if (i >= 0 && i < extent) return i;
  if (extent == 1) return 0;
  const Index period = 2 * (extent - 1), place = (i % period + period) % period;
  return place < extent ? place : period - place;
}

}  // namespace eigan::inline EIGAN_ABI
