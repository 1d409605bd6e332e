#pragma once

#include "config.hpp"

#if defined(__linux__) && defined(_OPENMP)
#include <sched.h>
#include <vector>

#include <omp.h>
#endif

namespace eigan::inline EIGAN_ABI {

/// Lets the calling thread run on every processor that the process was given. With OMP_PROC_BIND or OMP_PLACES set,
/// OpenMP ties the main thread to one place before main() begins, and every std::thread started from it inherits that:
/// a helper thread would share its starter's processor with the others idle. OpenMP's places together are the
/// processors it found, so they are what the thread is given back. Without binding (no places), or where there is no
/// such thing, nothing changes.
inline void run_on_all_processors() {
#if defined(__linux__) && defined(_OPENMP)
  cpu_set_t processors;
  CPU_ZERO(&processors);
  std::vector<int> place;
  for (int i = 0, places = omp_get_num_places(); i < places; ++i) {
    place.resize(static_cast<std::size_t>(omp_get_place_num_procs(i)));
    omp_get_place_proc_ids(i, place.data());
    for (const int processor : place)
      if (processor >= 0 && processor < CPU_SETSIZE) CPU_SET(static_cast<std::size_t>(processor), &processors);
  }
  if (CPU_COUNT(&processors) > 0) sched_setaffinity(0, sizeof processors, &processors);  // 0 is this thread
#endif
}

}  // namespace eigan::inline EIGAN_ABI
