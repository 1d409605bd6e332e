#pragma once

#include "config.hpp"

#if defined(__linux__) && defined(_OPENMP)
#include <sched.h>
#include <vector>

#include <omp.h>
#endif
#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace eigan::inline EIGAN_ABI {

namespace detail {

#if defined(__linux__) && defined(_OPENMP)
/// Ties the calling thread to the processors of OpenMP's places [first, last).
inline void run_on_places(int first, int last) {
  cpu_set_t processors;
  CPU_ZERO(&processors);
  std::vector<int> place;
  for (int i = first; i < last; ++i) {
    place.resize(static_cast<std::size_t>(omp_get_place_num_procs(i)));
    omp_get_place_proc_ids(i, place.data());
    for (const int processor : place)
      if (processor >= 0 && processor < CPU_SETSIZE) CPU_SET(static_cast<std::size_t>(processor), &processors);
  }
  if (CPU_COUNT(&processors) > 0) sched_setaffinity(0, sizeof processors, &processors);  // 0 is this thread
}
#endif

/// For helper thread number `helper` of the main thread: where OpenMP ties threads to places (OMP_PROC_BIND), ties this
/// one to the next place but `helper` after the main thread's, as OpenMP does with threads of its own.
inline void run_beside_the_starter([[maybe_unused]] int helper) {
#if defined(__linux__) && defined(_OPENMP)
  const int places = omp_get_num_places();
  if (omp_get_proc_bind() != omp_proc_bind_false && places > 0) {
    const int place = (helper + 1) % places;
    run_on_places(place, place + 1);
  }
#endif
}

/// The number of this process, to know a forked child by; 0 where the system has none.
inline long process_number() {
#if __has_include(<unistd.h>)
  return static_cast<long>(getpid());
#else
  return 0;
#endif
}

}  // namespace detail

/// Lets the calling thread run on every processor that the process was given. With OMP_PROC_BIND or OMP_PLACES set,
/// OpenMP ties the main thread to one place before main() begins, and every std::thread started from it inherits that:
/// a helper thread would share its starter's processor with the others idle. OpenMP's places together are the
/// processors it found, so they are what the thread is given back. Without binding (no places), or where there is no
/// such thing, nothing changes.
inline void run_on_all_processors() {
#if defined(__linux__) && defined(_OPENMP)
  detail::run_on_places(0, omp_get_num_places());
#endif
}

}  // namespace eigan::inline EIGAN_ABI
