#pragma once

#include <atomic>
#include <exception>
#include <limits>
#include <mutex>

#include "config.hpp"
#include "floating_point.hpp"
#include "thread_team.hpp"

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

/// A body and what its items threw.
template <class Body>
struct Guarded {
  const Body& body;
  mutable FirstException first = {};

  [[gnu::noinline]] static void run(const void* self, Index item) {  // one copy of a body's code is enough
    const auto& guarded = *static_cast<const Guarded*>(self);
    try {
      guarded.body(item);
    } catch (...) {
      guarded.first.capture(item);
    }
  }
};

/// Whether the calling thread is one of several at work already.
inline bool is_in_parallel() {
#if defined(_OPENMP)
  if (omp_in_parallel()) return true;
#endif
  return ThreadTeam::is_at_work();
}

/// Calls call(body, item) for every item in [0, items), with the team's help where that is to be had.
inline void run_items(Index items, ThreadTeam::Item call, const void* body) {
  const FloatingPointMode mode;
  const int helpers = static_cast<int>(items < threads() ? items : threads()) - 1;
  if (helpers > 0 && !is_in_parallel() && ThreadTeam::instance().run(items, helpers, call, body)) return;
  for (Index item = 0; item < items; ++item) call(body, item);
}

}  // namespace detail

/// While it lives, parallel_for() on this thread runs all items here: for a thread that works behind the others' backs
/// and shall not take their helpers.
class AloneHere {
 public:
  AloneHere() : before_(detail::ThreadTeam::mark_at_work(true)) {}
  ~AloneHere() { detail::ThreadTeam::mark_at_work(before_); }
  AloneHere(const AloneHere&) = delete;
  AloneHere& operator=(const AloneHere&) = delete;

 private:
  bool before_;
};

/// Runs body(item) for every item in [0, items). Threads claim items one by one, so a slow or preempted thread holds
/// nobody up for longer than its item; what an item computes must depend on the item alone. Inside an item, in a
/// caller's own parallel region, or while another thread's items run, the items run on the calling thread. If items
/// throw, all others still run, and the lowest one's exception is rethrown.
template <class Body>
void parallel_for(Index items, const Body& body) {
  const detail::Guarded<Body> guarded{body};
  detail::run_items(items, &detail::Guarded<Body>::run, &guarded);
  guarded.first.rethrow();
}

}  // namespace eigan::inline EIGAN_ABI
