#include <algorithm>
#include <numeric>

#include <eigan/kernels/gather.hpp>
#include <eigan/kernels/move.hpp>

#include "catch.hpp"
#include "naive.hpp"

using namespace eigan;
using namespace naive;

namespace {

std::vector<float> counted(Index count) {
  std::vector<float> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 1.0F);
  return numbers;
}

std::vector<float> unset(Index count) { return std::vector<float>(static_cast<std::size_t>(count), -7.0F); }

float& at(std::vector<float>& numbers, Index i) { return numbers[static_cast<std::size_t>(i)]; }

template <class T>
void check_permute(const Shape& shape, const Shape& order) {
  std::vector<T> x(static_cast<std::size_t>(shape.size())), y(x.size()), expected(x.size());
  std::iota(x.begin(), x.end(), T(1));
  Shape permuted;
  for (const Index axis : order) permuted.push_back(shape[axis]);
  for_each_position(shape, [&](const Shape& from, Index linear) {
    Shape to;
    for (const Index axis : order) to.push_back(from[axis]);
    expected[static_cast<std::size_t>(offset(permuted, to))] = x[static_cast<std::size_t>(linear)];
  });
  kernels::permute(x.data(), shape, order, y.data());
  INFO(to_string(shape) << " by " << to_string(order));
  CHECK(y == expected);
}

kernels::Ranges random_ranges(const Shape& shape) {
  kernels::Ranges ranges{};
  for (Index axis = 0; axis < shape.rank(); ++axis) {
    const Index extent = shape[axis];
    kernels::Range& range = ranges[static_cast<std::size_t>(axis)];
    range = {0, extent, 1};
    switch (random_index(0, 4)) {
      case 0:
        range.begin = random_index(0, extent);
        range.count = random_index(0, extent - range.begin);
        break;
      case 1:
        range.step = random_index(1, 3);
        range.begin = random_index(0, std::max<Index>(extent - 1, 0));
        range.count = (extent - range.begin + range.step - 1) / range.step;
        break;
      case 2:
        range = {extent - 1, extent, -1};
        break;
      default:
        break;
    }
  }
  return ranges;
}

}  // namespace

TEST_CASE("permute reorders axes of any shape", "[kernels][move]") {
  for (int round = 0; round < 200; ++round) {
    const Shape shape = random_shape(random_index(0, 5), round % 7 == 0 ? 0 : 1, 9);
    Shape order;
    for (Index axis = 0; axis < shape.rank(); ++axis) order.push_back(axis);
    std::shuffle(order.begin(), order.end(), generator());
    check_permute<float>(shape, order);
    check_permute<double>(shape, order);
    check_permute<std::uint8_t>(shape, order);
  }
}

TEST_CASE("permute transposes and moves channels at sizes that need tiles", "[kernels][move]") {
  check_permute<float>({301, 257}, {1, 0});
  check_permute<double>({301, 257}, {1, 0});
  check_permute<float>({3, 64, 65, 3}, {0, 3, 1, 2});
  check_permute<float>({3, 3, 64, 65}, {0, 2, 3, 1});
  check_permute<float>({2, 70, 70, 40}, {0, 3, 1, 2});
  check_permute<float>({2, 40, 70, 70}, {0, 2, 3, 1});
  check_permute<float>({2, 3, 4, 5, 6, 7, 8, 3}, {7, 1, 3, 0, 6, 2, 5, 4});
  check_permute<float>({100'000, 2}, {1, 0});
  check_permute<float>({2, 100'000}, {1, 0});
}

TEST_CASE("expand broadcasts as NumPy does", "[kernels][move]") {
  for (int round = 0; round < 200; ++round) {
    const Shape to = random_shape(random_index(0, 5), round % 7 == 0 ? 0 : 1, 7);
    Shape from;
    for (Index axis = random_index(0, to.rank()); axis < to.rank(); ++axis)
      from.push_back(random_index(0, 1) ? 1 : to[axis]);
    const auto x = counted(from.size());
    auto y = unset(to.size());
    auto expected = y;
    for_each_position(to, [&](const Shape& position, Index linear) {
      Shape source;
      for (Index axis = 0; axis < from.rank(); ++axis)
        source.push_back(from[axis] == 1 ? 0 : position[axis + to.rank() - from.rank()]);
      at(expected, linear) = x[static_cast<std::size_t>(offset(from, source))];
    });
    kernels::expand(x.data(), from, y.data(), to);
    INFO(to_string(from) << " to " << to_string(to));
    CHECK(y == expected);
  }
}

TEST_CASE("slice takes ranges with steps, and pad puts them back among zeros", "[kernels][move]") {
  for (int round = 0; round < 500; ++round) {
    const Shape shape = random_shape(random_index(0, 5), round % 7 == 0 ? 0 : 1, 9);
    const kernels::Ranges ranges = random_ranges(shape);
    Shape counts;
    for (Index axis = 0; axis < shape.rank(); ++axis) counts.push_back(ranges[static_cast<std::size_t>(axis)].count);
    const auto x = counted(shape.size());
    auto taken = unset(counts.size());
    auto padded = unset(shape.size());
    auto expected_taken = taken;
    std::vector<float> expected_padded(padded.size(), 0.0F);
    for_each_position(counts, [&](const Shape& position, Index linear) {
      Shape source;
      for (Index axis = 0; axis < shape.rank(); ++axis) {
        const kernels::Range& range = ranges[static_cast<std::size_t>(axis)];
        source.push_back(range.begin + position[axis] * range.step);
      }
      at(expected_taken, linear) = x[static_cast<std::size_t>(offset(shape, source))];
      at(expected_padded, offset(shape, source)) = static_cast<float>(linear + 1);
    });
    kernels::slice(x.data(), shape, ranges, taken.data());
    kernels::pad(counted(counts.size()).data(), ranges, padded.data(), shape);
    INFO(to_string(shape) << " to " << to_string(counts));
    CHECK(taken == expected_taken);
    CHECK(padded == expected_padded);
  }
}

TEST_CASE("a large picture is padded in pieces", "[kernels][move]") {
  const Shape small{3, 60, 62, 7}, large{3, 64, 65, 7};
  const kernels::Ranges ranges{{{0, 3, 1}, {1, 60, 1}, {2, 62, 1}, {0, 7, 1}}};
  const auto x = counted(small.size());
  auto y = unset(large.size());
  kernels::pad(x.data(), ranges, y.data(), large);
  auto back = unset(small.size());
  kernels::slice(y.data(), large, ranges, back.data());
  CHECK(back == x);
  CHECK(std::accumulate(y.begin(), y.end(), 0.0) == std::accumulate(x.begin(), x.end(), 0.0));
}

TEST_CASE("concat joins what split takes apart", "[kernels][move]") {
  for (int round = 0; round < 50; ++round) {
    const Index outer = random_index(0, 5), inner = random_index(0, 5);
    const std::vector<Index> extents{random_index(0, 4), random_index(1, 4), random_index(0, 4)};
    const Index whole = extents[0] + extents[1] + extents[2];
    const auto y = counted(outer * whole * inner);
    std::vector<std::vector<float>> parts;
    std::vector<float*> pointers;
    for (const Index extent : extents) parts.push_back(unset(outer * extent * inner));
    for (auto& part : parts) pointers.push_back(part.data());
    kernels::split<float>(y.data(), extents, outer, inner, pointers);
    Index begin = 0;
    for (std::size_t part = 0; part < parts.size(); ++part) {
      for_each_position({outer, extents[part], inner}, [&](const Shape& p, Index linear) {
        CHECK(at(parts[part], linear) == y[static_cast<std::size_t>((p[0] * whole + begin + p[1]) * inner + p[2])]);
      });
      begin += extents[part];
    }
    auto joined = unset(outer * whole * inner);
    const std::vector<const float*> sources(pointers.begin(), pointers.end());
    kernels::concat<float>(sources, extents, outer, inner, joined.data());
    CHECK(joined == y);
  }
}

TEST_CASE("gather reads by a table and scatter_add is its adjoint", "[kernels][move]") {
  for (int round = 0; round < 100; ++round) {
    const bool large = round % 10 == 0;
    const Index A = random_index(0, 3), extent = random_index(1, 9),
                C = large ? random_index(3000, 5000) : random_index(0, 9);
    std::vector<std::int64_t> positions(static_cast<std::size_t>(random_index(0, 12)));
    for (auto& position : positions) position = random_index(-1, extent - 1);
    const auto count = static_cast<Index>(positions.size());
    const auto x = random_numbers<double>(A * extent * C), dy = random_numbers<double>(A * count * C);
    std::vector<double> y(dy.size(), -7), dx(x.size(), -7);
    kernels::gather<double>(x.data(), A, extent, C, positions, y.data());
    kernels::scatter_add<double>(dy.data(), A, extent, C, positions, dx.data());
    for_each_position({A, count, C}, [&](const Shape& p, Index linear) {
      const Index source = positions[static_cast<std::size_t>(p[1])];
      const double expected = source < 0 ? 0 : x[static_cast<std::size_t>((p[0] * extent + source) * C + p[2])];
      if (y[static_cast<std::size_t>(linear)] != expected) FAIL_CHECK("at " << to_string(p));
    });
    CHECK(dot(y, dy) == Approx(dot(x, dx)).margin(1e-9));
  }
}

TEST_CASE("scatter_add gives the same bits on any number of threads", "[kernels][move]") {
  const Index extent = 100, width = 1000;
  std::vector<std::int64_t> rows(500);
  for (auto& row : rows) row = random_index(0, extent - 1);
  const auto dy = random_numbers<float>(500 * width);
  CHECK(same_on_any_threads([&] {
    std::vector<float> dx(static_cast<std::size_t>(extent * width), -7.0F);
    kernels::scatter_add_rows<float>(dy.data(), extent, width, rows, dx.data());
    return dx;
  }));
}

TEST_CASE("borders mirror, repeat or wrap around", "[kernels][move]") {
  using kernels::Border;
  std::vector<std::int64_t> positions(7);
  kernels::border_positions(4, 2, Border::reflect, positions);
  CHECK(positions == std::vector<std::int64_t>{2, 1, 0, 1, 2, 3, 2});
  kernels::border_positions(4, 2, Border::replicate, positions);
  CHECK(positions == std::vector<std::int64_t>{0, 0, 0, 1, 2, 3, 3});
  kernels::border_positions(4, 2, Border::circular, positions);
  CHECK(positions == std::vector<std::int64_t>{2, 3, 0, 1, 2, 3, 0});
}
