#include <algorithm>
#include <cstdint>

#include <eigan/core/pool.hpp>
#include <eigan/kernels/scratch.hpp>

#include "catch.hpp"

using namespace eigan;
using kernels::Scratch;

namespace {

std::size_t in_use() { return Pool::instance().statistics().in_use; }

}  // namespace

TEST_CASE("working memory is aligned, nests, and does not overlap", "[kernels]") {
  Scratch outer;
  float* const first = outer.take<float>(1000);
  char* const second = outer.take<char>(3);
  double* const large = outer.take<double>(1 << 20);
  std::fill_n(first, 1000, 1.0f);
  std::fill_n(second, 3, 'a');
  std::fill_n(large, 1 << 20, 2.0);
  {
    Scratch inner;
    float* const third = inner.take<float>(5000);
    std::fill_n(third, 5000, 3.0f);
    for (const void* place :
         {static_cast<void*>(first), static_cast<void*>(second), static_cast<void*>(large), static_cast<void*>(third)})
      CHECK(reinterpret_cast<std::uintptr_t>(place) % alignment == 0);
  }
  CHECK(std::all_of(first, first + 1000, [](float each) { return each == 1; }));
  CHECK(std::all_of(second, second + 3, [](char each) { return each == 'a'; }));
  CHECK(std::all_of(large, large + (1 << 20), [](double each) { return each == 2; }));
}

#if !defined(EIGAN_POOL_BYPASSED)

TEST_CASE("a thread keeps small working memory, and gives a large block back to the pool", "[kernels]") {
  const auto use = [](Index bytes) {
    Scratch scratch;
    scratch.take<char>(bytes)[0] = 1;
    return in_use();
  };
  const Index small = 1 << 20, large = 1 << 24;
  use(small);
  const std::size_t before = use(small);  // the thread has its block now
  CHECK(in_use() == before);
  CHECK(use(small) == before);
  CHECK(use(large) >= before + static_cast<std::size_t>(large));
  CHECK(in_use() == before);
  CHECK(use(small) == before);
}

#endif
