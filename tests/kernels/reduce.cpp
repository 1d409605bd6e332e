#include <cmath>
#include <cstdint>
#include <limits>

#include <eigan/kernels/move.hpp>
#include <eigan/kernels/reduce.hpp>

#include "catch.hpp"
#include "naive.hpp"

using namespace eigan;
using namespace naive;

namespace {

// The sum in long double, and the sum of magnitudes that bounds its rounding.
template <class T>
void check_sum_to(const Shape& from, const Shape& to) {
  const auto x = random_numbers<T>(from.size());
  std::vector<T> y(static_cast<std::size_t>(to.size()), T(-7));
  std::vector<long double> sums(y.size()), magnitudes(y.size());
  for_each_position(from, [&](const Shape& position, Index linear) {
    Shape target;
    for (Index axis = 0; axis < to.rank(); ++axis)
      target.push_back(to[axis] == 1 ? 0 : position[axis + from.rank() - to.rank()]);
    const auto at = static_cast<std::size_t>(offset(to, target));
    sums[at] += static_cast<long double>(x[static_cast<std::size_t>(linear)]);
    magnitudes[at] += std::abs(static_cast<long double>(x[static_cast<std::size_t>(linear)]));
  });
  kernels::sum_to(x.data(), from, y.data(), to);
  INFO(to_string(from) << " to " << to_string(to));
  Index wrong = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto allowed = 4 * static_cast<long double>(std::numeric_limits<T>::epsilon()) * magnitudes[i];
    if (!(std::abs(static_cast<long double>(y[i]) - sums[i]) <= allowed)) ++wrong;
  }
  CHECK(wrong == 0);
}

template <class T>
void check_max_along(Index A, Index B, Index C, bool with_nan) {
  auto x = random_numbers<T>(A * B * C);
  for (T& number : x) number = std::round(2 * number);  // many equal ones
  if (with_nan)
    for (T& number : x)
      if (random_index(0, 9) == 0) number = std::numeric_limits<T>::quiet_NaN();
  std::vector<T> y(static_cast<std::size_t>(A * C));
  std::vector<std::int64_t> argmax(y.size());
  kernels::max_along(x.data(), A, B, C, y.data(), argmax.data());
  Index wrong = 0;
  for (Index a = 0; a < A; ++a)
    for (Index c = 0; c < C; ++c) {
      const auto at = [&](Index b) { return x[static_cast<std::size_t>((a * B + b) * C + c)]; };
      Index best = 0;
      for (Index b = 1; b < B; ++b)
        if (at(b) > at(best) || (std::isnan(at(b)) && !std::isnan(at(best)))) best = b;
      const auto i = static_cast<std::size_t>(a * C + c);
      if (argmax[i] != best || std::memcmp(&y[i], &x[static_cast<std::size_t>((a * B + best) * C + c)], sizeof(T)))
        ++wrong;
    }
  INFO("[" << A << ", " << B << ", " << C << "]");
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("sum_to adds up over any set of axes", "[kernels][reduce]") {
  for (int round = 0; round < 300; ++round) {
    const Shape from = random_shape(random_index(0, 6), round % 7 == 0 ? 0 : 1, 6);
    Shape to;
    for (Index axis = random_index(0, from.rank()); axis < from.rank(); ++axis)
      to.push_back(random_index(0, 1) ? 1 : from[axis]);
    check_sum_to<float>(from, to);
    check_sum_to<double>(from, to);
  }
}

TEST_CASE("sum_to adds up large tensors in each of its ways", "[kernels][reduce]") {
  const std::vector<std::pair<Shape, Shape>> cases{
      {{1'000'003}, {}},          {{200'001, 3}, {3}},         {{70'001, 16}, {16}},      {{3000, 100}, {100}},
      {{300, 1000}, {1000}},      {{50, 5001}, {5001}},        {{3000, 100}, {3000, 1}},  {{7, 70'001}, {7, 1}},
      {{3, 500, 48}, {3, 1, 48}}, {{3, 50'000, 2}, {3, 1, 2}}, {{30, 70, 50}, {70, 1}},   {{8, 16, 33, 9}, {16, 1, 9}},
      {{3000, 130}, {130}},       {{3000, 77}, {77}},          {{2, 100'000}, {100'000}}, {{100'000, 7}, {100'000, 1}}};
  for (const auto& [from, to] : cases) {
    check_sum_to<float>(from, to);
    check_sum_to<double>(from, to);
  }
}

TEST_CASE("a mean of a million numbers near one keeps its digits", "[kernels][reduce]") {
  std::vector<float> x(1'000'000);
  double exact = 0;
  for (float& number : x) {
    number = 1.0F + static_cast<float>(random_index(0, 1000)) * 1e-6F;
    exact += static_cast<double>(number);
  }
  float sum = 0;
  kernels::sum_to(x.data(), {1'000'000}, &sum, {});
  CHECK(std::abs(static_cast<double>(sum) / exact - 1) < 6e-8);
  std::vector<float> columns(10);
  kernels::sum_to(x.data(), {100'000, 10}, columns.data(), {10});
  double total = 0;
  for (const float column : columns) total += static_cast<double>(column);
  CHECK(std::abs(total / exact - 1) < 6e-8);
}

TEST_CASE("sum_to is the adjoint of expand", "[kernels][reduce]") {
  const Shape small{5, 1, 3}, large{4, 5, 6, 3};
  const auto x = random_numbers<double>(small.size()), dy = random_numbers<double>(large.size());
  std::vector<double> y(dy.size()), dx(x.size());
  kernels::expand(x.data(), small, y.data(), large);
  kernels::sum_to(dy.data(), large, dx.data(), small);
  CHECK(dot(y, dy) == Approx(dot(x, dx)).epsilon(1e-12));
}

TEST_CASE("sums have the same bits on any number of threads", "[kernels][reduce]") {
  const std::vector<std::pair<Shape, Shape>> cases{{{1'000'003}, {}},        {{100'003, 7}, {7}},
                                                   {{3000, 200}, {200}},     {{100, 5001}, {5001}},
                                                   {{3000, 200}, {3000, 1}}, {{30, 70, 150}, {70, 1}}};
  for (const auto& [from, to] : cases) {
    const auto x = random_numbers<float>(from.size());
    CHECK(same_on_any_threads([&, &source = from, &target = to] {
      std::vector<float> y(static_cast<std::size_t>(target.size()));
      kernels::sum_to(x.data(), source, y.data(), target);
      return y;
    }));
  }
}

TEST_CASE("row_dot and row_sum_of_squares multiply and add rows", "[kernels][reduce]") {
  for (const auto& [R, C] : {std::pair<Index, Index>{3, 1000}, {100, 7}, {1, 200'001}, {0, 5}, {4, 0}}) {
    const auto a = random_numbers<double>(R * C), b = random_numbers<double>(R * C);
    std::vector<double> y(static_cast<std::size_t>(R)), squares(y);
    kernels::row_dot(a.data(), b.data(), R, C, y.data());
    kernels::row_sum_of_squares(a.data(), R, C, squares.data());
    for (Index r = 0; r < R; ++r) {
      double product = 0, square = 0;
      for (Index c = 0; c < C; ++c) {
        const auto i = static_cast<std::size_t>(r * C + c);
        product += a[i] * b[i];
        square += a[i] * a[i];
      }
      CHECK(y[static_cast<std::size_t>(r)] == Approx(product).epsilon(1e-10).margin(1e-10));
      CHECK(squares[static_cast<std::size_t>(r)] == Approx(square).epsilon(1e-12));
    }
  }
}

TEST_CASE("max_along finds the first maximum, and NaN above all", "[kernels][reduce]") {
  for (int round = 0; round < 100; ++round) {
    const Index A = random_index(0, 4), B = random_index(1, 40), C = random_index(0, 3) == 0 ? 1 : random_index(0, 40);
    check_max_along<float>(A, B, C, round % 2 == 0);
    check_max_along<double>(A, B, C, round % 2 == 0);
  }
  check_max_along<float>(300, 200, 1, false);
  check_max_along<float>(30, 20, 100, true);
}
