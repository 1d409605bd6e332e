#include <algorithm>
#include <array>
#include <atomic>
#include <cfenv>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#if defined(__unix__)
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <eigan/core/parallel.hpp>

#include "catch.hpp"

using namespace eigan;

TEST_CASE("every item runs once, at any number of threads", "[core]") {
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    std::vector<int> runs(1000);
    parallel_for(1000, [&](Index item) { ++runs[static_cast<std::size_t>(item)]; });
    for (const int each : runs) REQUIRE(each == 1);
    parallel_for(0, [](Index) { FAIL(); });
  }
  set_threads(0);
}

TEST_CASE("the exception of the lowest item reaches the caller", "[core]") {
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    for (int repeat = 0; repeat < 20; ++repeat)
      CHECK_THROWS_WITH(parallel_for(100,
                                     [](Index item) {
                                       if (item % 7 == 3) throw std::runtime_error("item " + std::to_string(item));
                                     }),
                        "item 3");
  }
  set_threads(0);
}

TEST_CASE("items may start items of their own", "[core]") {
  std::atomic<int> runs = 0;
  parallel_for(4, [&](Index) { parallel_for(5, [&](Index) { ++runs; }); });
  CHECK(runs == 20);
}

TEST_CASE("many short calls each run their own items, whatever helpers do meanwhile", "[core]") {
  for (const int count : {2, 4, 1, 3}) {
    set_threads(count);
    for (Index call = 0; call < 20'000; ++call) {
      std::array<std::atomic<Index>, 9> runs{};
      const Index items = call % 9 + 1;
      parallel_for(items, [&](Index item) { runs[static_cast<std::size_t>(item)] += call + 1; });
      for (Index item = 0; item < 9; ++item)
        if (runs[static_cast<std::size_t>(item)] != (item < items ? call + 1 : 0)) FAIL("call " << call);
    }
  }
  set_threads(0);
}

TEST_CASE("several threads may start items at the same time", "[core]") {
  set_threads(3);
  std::atomic<Index> sum = 0;
  std::vector<std::thread> starters;
  for (int t = 0; t < 4; ++t)
    starters.emplace_back([&] {
      for (int call = 0; call < 500; ++call) parallel_for(10, [&](Index item) { sum += item; });
    });
  for (std::thread& starter : starters) starter.join();
  CHECK(sum == 4 * 500 * 45);
  set_threads(0);
}

TEST_CASE("a thread that wants no help does its items itself", "[core]") {
  set_threads(3);
  {
    const AloneHere alone;
    const auto self = std::this_thread::get_id();
    std::atomic<int> elsewhere = 0;
    parallel_for(20, [&](Index) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));  // time enough for helpers to come
      if (std::this_thread::get_id() != self) ++elsewhere;
    });
    CHECK(elsewhere == 0);
  }
  const int expected = std::min(threads(), 2);  // a build without OpenMP has no help to give
  std::atomic<int> inside = 0, most = 0;
  for (int call = 0; call < 1000 && most < expected; ++call)  // and with help afterwards
    parallel_for(3, [&](Index) {
      most = std::max<int>(most, ++inside);
      std::this_thread::yield();
      --inside;
    });
  CHECK(most >= expected);
  set_threads(0);
}

#if defined(__unix__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a forked child, which has no helpers, does the items itself", "[core]") {
  set_threads(3);
  parallel_for(10, [](Index) {});
  const pid_t child = fork();
  if (child == 0) {
    std::atomic<Index> sum = 0;
    for (int call = 0; call < 100; ++call) parallel_for(10, [&](Index item) { sum += item; });
    std::_Exit(sum == 4500 ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  set_threads(0);
}
#endif

#if defined(__SSE2__)
TEST_CASE("denormals are flushed inside, and the caller's mode comes back", "[core]") {
  volatile float tiny = 1e-38f, factor = 0.01f;
  const auto product = [&] { return tiny * factor; };
  CHECK(product() > 0);
  std::vector<float> inside(8);
  parallel_for(8, [&](Index item) { inside[static_cast<std::size_t>(item)] = product(); });
  for (const float each : inside) CHECK(each == 0);
  CHECK(product() > 0);
}
#endif
