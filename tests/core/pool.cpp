#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <eigan/core/pool.hpp>
#include <eigan/core/random.hpp>

#include "catch.hpp"

using namespace eigan;

namespace {

constexpr std::size_t MiB = std::size_t{1} << 20;

/// Blocks full of a number each, by which it shows if two overlap.
class Blocks {
 public:
  ~Blocks() {
    while (!blocks_.empty()) CHECK(release(0));
  }
  std::size_t count() const { return blocks_.size(); }

  bool allocate(std::size_t bytes) {
    const unsigned char mark = next_++;
    auto* const block = static_cast<unsigned char*>(Pool::instance().allocate(bytes));
    std::fill_n(block, bytes, mark);
    blocks_.push_back({block, bytes, mark});
    return reinterpret_cast<std::uintptr_t>(block) % alignment == 0;
  }

  /// Whether the block at `place` still held its number.
  bool release(std::size_t place) {
    const Block block = blocks_[place];
    blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(place));
    const bool is_whole =
        std::all_of(block.data, block.data + block.bytes, [&](unsigned char byte) { return byte == block.mark; });
    Pool::instance().release(block.data, block.bytes);
    return is_whole;
  }

 private:
  struct Block {
    unsigned char* data;
    std::size_t bytes;
    unsigned char mark;
  };
  std::vector<Block> blocks_;
  unsigned char next_ = 1;
};

/// Allocates and releases 60 KB to 2 MB in a random order.
bool play(std::uint64_t seed, int moves, Blocks& blocks) {
  RandomStream stream(seed, "moves");
  bool is_good = true;
  for (int i = 0; i < moves; ++i) {
    const auto draw = static_cast<std::size_t>(stream.uniform<double>(Shape{}, 0, 1e6).item());
    if (blocks.count() < 4 || (blocks.count() < 24 && draw % 2 == 0))
      is_good = blocks.allocate(60'000 + draw % 1000 * 2000) && is_good;
    else
      is_good = blocks.release(draw % blocks.count()) && is_good;
  }
  return is_good;
}

}  // namespace

TEST_CASE("a freed block is handed out again, aligned", "[core]") {
  Pool& pool = Pool::instance();
  for (const std::size_t bytes : {1u, 64u, 65u, 200u, 4096u, 20'000u, 131'072u, 131'073u, 1'000'000u}) {
    void* const block = pool.allocate(bytes);
    CHECK(reinterpret_cast<std::uintptr_t>(block) % alignment == 0);
    static_cast<char*>(block)[bytes - 1] = 1;
    pool.release(block, bytes);
#if !defined(EIGAN_POOL_BYPASSED)
    void* const again = pool.allocate(bytes);
    CHECK(again == block);
    pool.release(again, bytes);
#endif
  }
  pool.trim();
}

TEST_CASE("blocks of every size are as large as asked for and do not overlap", "[core]") {
  Blocks blocks;
  for (std::size_t bytes = 1; bytes < 400'000; bytes += 1 + bytes / 3) CHECK(blocks.allocate(bytes));
}

TEST_CASE("large blocks come and go in any order without touching each other", "[core]") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    Blocks blocks;
    CHECK(play(seed, 400, blocks));
  }
}

#if !defined(EIGAN_POOL_BYPASSED)

TEST_CASE("freed neighbours make room for a larger block, whichever goes first", "[core]") {
  Pool& pool = Pool::instance();
  pool.trim();
  const std::vector<std::vector<std::size_t>> orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                                        {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  for (const auto& order : orders) {
    std::vector<void*> parts;
    for (int i = 0; i < 3; ++i) parts.push_back(pool.allocate(20 * MiB));
    const std::size_t reserved = pool.statistics().reserved;
    for (const std::size_t i : order) pool.release(parts[i], 20 * MiB);
    void* const whole = pool.allocate(60 * MiB);
    CHECK(whole == parts[0]);
    CHECK(pool.statistics().reserved == reserved);
    pool.release(whole, 60 * MiB);
  }
}

TEST_CASE("the smallest free piece is taken, and what is left of it stays free", "[core]") {
  Pool& pool = Pool::instance();
  pool.trim();
  void* const first = pool.allocate(7 * MiB);
  void* const wall = pool.allocate(MiB);
  void* const second = pool.allocate(5 * MiB);
  void* const end = pool.allocate(MiB);
  pool.release(second, 5 * MiB);
  pool.release(first, 7 * MiB);
  void* const fits = pool.allocate(9 * MiB / 2);
  CHECK(fits == second);
  void* const rest = pool.allocate(MiB / 4);
  CHECK((rest > second && rest < end));
  for (const auto& [block, bytes] : {std::pair{fits, 9 * MiB / 2}, {rest, MiB / 4}, {wall, MiB}, {end, MiB}})
    pool.release(block, bytes);
}

TEST_CASE("the statistics count what is in use, and trim gives back the rest", "[core]") {
  Pool& pool = Pool::instance();
  pool.trim();
  const MemoryStatistics before = pool.statistics();
  void* const kept = pool.allocate(3 * MiB);
  void* const block = pool.allocate(200 * MiB);  // larger than a region
  CHECK(pool.statistics().in_use == before.in_use + 203 * MiB);
  CHECK(pool.statistics().peak_in_use >= before.in_use + 203 * MiB);
  CHECK(pool.statistics().reserved >= before.in_use + 203 * MiB);
  pool.release(block, 200 * MiB);
  CHECK(pool.statistics().in_use == before.in_use + 3 * MiB);
  CHECK(pool.statistics().reserved >= before.reserved + 200 * MiB);
  pool.trim();
  CHECK(pool.statistics().reserved < before.reserved + 4 * MiB);
  pool.release(kept, 3 * MiB);
}

TEST_CASE("trim leaves a region alone that still holds a block", "[core]") {
  Pool::instance().trim();
  Blocks blocks;
  for (int i = 0; i < 3; ++i) CHECK(blocks.allocate(20 * MiB));
  CHECK(blocks.release(0));
  Pool::instance().trim();
  CHECK(blocks.release(0));
}

TEST_CASE("what the system cannot give is refused, and nothing is counted", "[core]") {
  Pool& pool = Pool::instance();
  const std::size_t in_use = pool.statistics().in_use;
  const std::size_t impossible = std::numeric_limits<std::size_t>::max() / 4;
  CHECK_THROWS_AS(pool.allocate(impossible), std::bad_alloc);
  CHECK(pool.statistics().in_use == in_use);
}

#endif

TEST_CASE("threads share the pool", "[core]") {
  std::vector<std::thread> threads;
  std::vector<char> good(4);
  for (std::size_t t = 0; t < good.size(); ++t)
    threads.emplace_back([&good, t] {
      bool is_good = true;
      for (int i = 0; i < 2000; ++i) {
        PooledVector<int> numbers(static_cast<std::size_t>(i % 97 + 1), i);
        is_good = is_good && numbers.back() == i;
      }
      Blocks blocks;
      good[t] = play(t, 200, blocks) && is_good;
      while (blocks.count() > 0) good[t] = blocks.release(0) && good[t];
    });
  for (std::thread& thread : threads) thread.join();
  for (const char each : good) CHECK(each);
}
