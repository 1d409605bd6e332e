#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "affinity.hpp"
#include "config.hpp"
#include "floating_point.hpp"
#include "wait.hpp"

namespace eigan::inline EIGAN_ABI::detail {

/// Threads that help whoever calls run(). OpenMP's own team meets at barriers, where all wait for the one thread that
/// another process has driven from its processor: one busy neighbour makes a training step ten times as long. Here the
/// caller waits for items, never for threads: one that does not get to run has claimed nothing and is not missed.
/// The threads start with the first call, sleep when nothing comes for a while, and end with the program.
class ThreadTeam {
 public:
  static ThreadTeam& instance() {
    static ThreadTeam team;
    return team;
  }
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  /// Whether the calling thread is doing items now, or is to be taken so.
  static bool is_at_work() { return at_work(); }
  /// Says so; returns what was said before.
  static bool mark_at_work(bool is_at_work) { return std::exchange(at_work(), is_at_work); }

  /// What one item of a call does; it must not throw.
  using Item = void (*)(const void* body, Index item);

  /// Calls call(body, item) once for every item in [0, items), on this thread and on up to `helpers` others. Returns
  /// false, with nothing done, if the team is working for another thread, is gone, or counts no further. Not to be
  /// called from inside of an item.
  bool run(Index items, int helpers, Item call, const void* body) {
    if (is_over_ || items >= Index{closed}) return false;
    const std::unique_lock turn(turn_, std::try_to_lock);
    if (!turn) return false;
    while (static_cast<int>(threads_.size()) < helpers)
      threads_.emplace_back([this, helper = static_cast<int>(threads_.size())] { serve(helper); });
    publish(static_cast<std::uint32_t>(items), helpers, call, body);
    at_work() = true;
    help();
    at_work() = false;
    wait_until(finished_, [&](std::uint32_t finished) { return finished == static_cast<std::uint32_t>(items); });
    return true;
  }

 private:
  // The item number of a ticket while no items are to be had.
  static constexpr std::uint32_t closed = ~std::uint32_t{0};

  static bool& at_work() {
    static thread_local bool here = false;
    return here;
  }

  ThreadTeam() : process_(process_number()) {}
  ~ThreadTeam() {
    is_over_ = true;
    calls_.fetch_add(1);
    calls_.notify_all();
    for (std::thread& thread : threads_)
      if (process_ != process_number() || thread.get_id() == std::this_thread::get_id())
        thread.detach();  // a forked child has none of the threads; one that ends the program cannot wait for itself
      else
        thread.join();
  }

  // A ticket is the number of the call and that of its next item. A thread that reads an item's body and then finds the
  // ticket unchanged has read this call's; that is why a ticket is closed before the body is replaced.
  void publish(std::uint32_t items, int helpers, Item call, const void* body) {
    const std::uint64_t number = (ticket_.load(std::memory_order_relaxed) >> 32) + 1;
    ticket_.store(number << 32 | closed, std::memory_order_release);
    items_.store(items, std::memory_order_release);
    call_.store(call, std::memory_order_release);
    body_.store(body, std::memory_order_release);
    finished_.store(0, std::memory_order_relaxed);
    helpers_.store(helpers, std::memory_order_relaxed);
    ticket_.store(number << 32, std::memory_order_release);
    calls_.fetch_add(1, std::memory_order_release);
    calls_.notify_all();
  }

  // Claims items until there are none. Whoever claims one is waited for.
  void help() {
    std::uint64_t ticket = ticket_.load(std::memory_order_acquire);
    for (;;) {
      const auto item = static_cast<std::uint32_t>(ticket);
      const std::uint32_t items = items_.load(std::memory_order_acquire);
      const Item call = call_.load(std::memory_order_acquire);
      const void* const body = body_.load(std::memory_order_acquire);
      if (item >= items) return;
      if (!ticket_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel, std::memory_order_acquire))
        continue;
      call(body, static_cast<Index>(item));
      if (finished_.fetch_add(1, std::memory_order_acq_rel) + 1 == items) finished_.notify_one();
      ticket = ticket_.load(std::memory_order_acquire);
    }
  }

  void serve(int helper) {
    run_beside_the_starter(helper);
    const FloatingPointMode mode;
    at_work() = true;
    for (std::uint32_t seen = 0; !is_over_;) {
      seen = wait_until(calls_, [&](std::uint32_t calls) { return calls != seen; });
      if (!is_over_ && helper < helpers_.load(std::memory_order_relaxed)) help();
    }
  }

  std::atomic<std::uint64_t> ticket_{closed};
  alignas(64) std::atomic<std::uint32_t> finished_{0};
  alignas(64) std::atomic<std::uint32_t> calls_{0};
  std::atomic<std::uint32_t> items_{0};
  std::atomic<Item> call_{nullptr};
  std::atomic<const void*> body_{nullptr};
  std::atomic<int> helpers_{0};
  std::atomic<bool> is_over_{false};
  std::mutex turn_;
  std::vector<std::thread> threads_;
  long process_;
};

}  // namespace eigan::inline EIGAN_ABI::detail
