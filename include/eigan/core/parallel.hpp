#pragma once

#include <atomic>
#include <exception>
#include <limits>
#include <mutex>

#include "config.hpp"
#include "floating_point.hpp"

#if defined(_OPENMP)
#include <omp.h>
#endif

namespace eigan::inline EIGAN_ABI {

namespace detail {

inline std::atomic<int>& thread_setting() {
  static std::atomic<int> setting{0};
  return setting;
}

}  // namespace detail

/// The number of threads that eigan uses: what set_threads() asked for, else what OpenMP would take (OMP_NUM_THREADS,
/// the processors). It never changes a result.
inline int threads() {
#if defined(_OPENMP)
  const int asked = detail::thread_setting().load(std::memory_order_relaxed);
  return asked > 0 ? asked : omp_get_max_threads();
#else
  return 1;
#endif
}

/// Asks for `count` threads from now on; 0 goes back to OpenMP's own number.
inline void set_threads(int count) { detail::thread_setting().store(count < 0 ? 0 : count, std::memory_order_relaxed); }

namespace detail {

/// The exception of the lowest item that threw, so that the caller sees the same one at any number of threads.
class FirstException {
 public:
  void capture(Index item) {
    const std::lock_guard lock(mutex_);
    if (item >= item_) return;
    item_ = item;
    exception_ = std::current_exception();
  }
  void rethrow() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  std::mutex mutex_;
  Index item_ = std::numeric_limits<Index>::max();
  std::exception_ptr exception_;
};

}  // namespace detail

/// Runs body(item) for every item in [0, items). Threads claim items one by one, so a slow or preempted thread holds
/// nobody up; what an item computes must depend on the item alone. Inside a caller's own parallel region the items run
/// on the calling thread. If items throw, all others still run, and the lowest one's exception is rethrown.
template <class Body>
void parallel_for(Index items, const Body& body) {
  const FloatingPointMode mode;
#if defined(_OPENMP)
  const int team = static_cast<int>(items < threads() ? items : threads());
  if (team > 1 && !omp_in_parallel()) {
    detail::FirstException first;
#pragma omp parallel num_threads(team)
    {
      const FloatingPointMode worker_mode;
#pragma omp for schedule(dynamic, 1) nowait
      for (Index item = 0; item < items; ++item) {
        try {
          body(item);
        } catch (...) {
          first.capture(item);
        }
      }
    }
    first.rethrow();
    return;
  }
#endif
  for (Index item = 0; item < items; ++item) body(item);
}

}  // namespace eigan::inline EIGAN_ABI
