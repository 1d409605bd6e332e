#include <algorithm>
#include <cmath>
#include <limits>

#include <eigan/kernels/softmax.hpp>

#include "catch.hpp"
#include "naive.hpp"

using namespace eigan;
using namespace naive;

namespace {

template <class T>
struct Results {
  std::vector<T> softmax, log_softmax, logsumexp, softmax_dx, log_softmax_dx;
};

template <class T>
Results<T> run(const std::vector<T>& x, const std::vector<T>& dy, Index R, Index C) {
  Results<T> r{x, x, std::vector<T>(static_cast<std::size_t>(R)), x, x};
  kernels::softmax(x.data(), R, C, r.softmax.data());
  kernels::log_softmax(x.data(), R, C, r.log_softmax.data());
  kernels::logsumexp(x.data(), R, C, r.logsumexp.data());
  kernels::softmax_backward(dy.data(), r.softmax.data(), R, C, r.softmax_dx.data());
  kernels::log_softmax_backward(dy.data(), r.log_softmax.data(), R, C, r.log_softmax_dx.data());
  return r;
}

// The same by the formulas, in long double.
template <class T>
Results<long double> expected(const std::vector<T>& x, const std::vector<T>& dy, Index R, Index C) {
  Results<long double> r;
  for (Index row = 0; row < R; ++row) {
    const auto at = [&](Index c) { return static_cast<std::size_t>(row * C + c); };
    long double largest = x[at(0)], sum = 0, product = 0, total = 0;
    for (Index c = 0; c < C; ++c) largest = std::max<long double>(largest, x[at(c)]);
    for (Index c = 0; c < C; ++c) sum += std::exp(x[at(c)] - largest);
    const long double log_sum = largest + std::log(sum);
    r.logsumexp.push_back(log_sum);
    for (Index c = 0; c < C; ++c) {
      r.log_softmax.push_back(x[at(c)] - log_sum);
      r.softmax.push_back(std::exp(x[at(c)] - log_sum));
      product += dy[at(c)] * r.softmax.back();
      total += dy[at(c)];
    }
    for (Index c = 0; c < C; ++c) {
      r.softmax_dx.push_back(r.softmax[at(c)] * (dy[at(c)] - product));
      r.log_softmax_dx.push_back(dy[at(c)] - r.softmax[at(c)] * total);
    }
  }
  return r;
}

template <class T>
void check(Index R, Index C, double spread) {
  const auto x = random_numbers<T>(R * C, 3, spread), dy = random_numbers<T>(R * C);
  const auto got = run(x, dy, R, C);
  const auto want = expected(x, dy, R, C);
  const auto off = [](const std::vector<T>& a, const std::vector<long double>& b) {
    long double difference = 0, scale = 1;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const long double here = std::abs(static_cast<long double>(a[i]) - b[i]);
      if (!(here <= difference)) difference = here;
      scale = std::max(scale, std::abs(b[i]));
    }
    return static_cast<double>(difference / scale) / static_cast<double>(std::numeric_limits<T>::epsilon());
  };
  INFO(R << " rows of " << C);
  CHECK(off(got.softmax, want.softmax) < 4);
  CHECK(off(got.log_softmax, want.log_softmax) < 4);
  CHECK(off(got.logsumexp, want.logsumexp) < 2);
  CHECK(off(got.softmax_dx, want.softmax_dx) < 8);
  CHECK(off(got.log_softmax_dx, want.log_softmax_dx) < 8);
}

}  // namespace

TEST_CASE("softmax, its logarithm and their gradients follow their formulas", "[kernels][softmax]") {
  for (const Index C : {1, 2, 3, 10, 15, 16, 17, 64, 100, 1000, 1031})
    for (const double spread : {0.1, 1.0, 30.0}) {
      check<float>(C == 1000 ? 100 : 3, C, spread);
      check<double>(C == 1000 ? 100 : 3, C, spread);
    }
}

TEST_CASE("softmax neither overflows nor loses a row of equal numbers", "[kernels][softmax]") {
  const std::vector<float> x{1e30F, 1e30F, -1e30F, -1e30F}, dy(4, 1.0F);
  const auto r = run(x, dy, 1, 4);
  CHECK(r.softmax == std::vector<float>{0.5F, 0.5F, 0, 0});
  CHECK(r.logsumexp[0] == 1e30F);
  CHECK(r.log_softmax[0] == Approx(-std::log(2.0)));
}

TEST_CASE("logsumexp of infinities is what the limit is", "[kernels][softmax]") {
  const float infinity = std::numeric_limits<float>::infinity();
  const float x[6] = {-infinity, -infinity, 3, infinity, 3, -infinity};
  float y[3];
  kernels::logsumexp(x, 3, 2, y);
  CHECK(y[0] == -infinity);
  CHECK(y[1] == infinity);
  CHECK(y[2] == 3);
  kernels::logsumexp(x, 3, 0, y);
  CHECK(y[2] == -infinity);
}

TEST_CASE("softmax gives the same bits on any number of threads", "[kernels][softmax]") {
  const auto x = random_numbers<float>(501 * 333), dy = random_numbers<float>(501 * 333);
  CHECK(same_on_any_threads([&] {
    auto r = run(x, dy, 501, 333);
    for (const auto* more : {&r.log_softmax, &r.logsumexp, &r.softmax_dx, &r.log_softmax_dx})
      r.softmax.insert(r.softmax.end(), more->begin(), more->end());
    return r.softmax;
  }));
}
