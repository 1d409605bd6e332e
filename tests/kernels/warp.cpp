#include <cstdint>
#include <vector>

#include <eigan/kernels/warp.hpp>

#include "catch.hpp"
#include "support.hpp"

namespace {

constexpr Index N = 5, in = 12, out = 7, C = 3, taps = 4;

struct Case {
  Numbers numbers{3};
  std::vector<std::int32_t> places;
  std::vector<double> weights = numbers.values<double>(N * out * taps);
  std::vector<double> x = numbers.values<double>(N * in * C), dy = numbers.values<double>(N * out * C);
  Case() {
    for (Index i = 0; i < N * out * taps; ++i) places.push_back(static_cast<std::int32_t>(numbers.between(0, in - 1)));
  }
};

}  // namespace

TEST_CASE("a warp is the weighted sum that its table says, and its adjoint the transpose of that", "[warp]") {
  Case c;
  // As a matrix for each image and channel: y = M x, dx = M' dy.
  std::vector<double> y(N * out * C, 0), dx(N * in * C, 0);
  for (Index n = 0; n < N; ++n)
    for (Index o = 0; o < out; ++o)
      for (Index t = 0; t < taps; ++t) {
        const auto at = static_cast<std::size_t>((n * out + o) * taps + t);
        for (Index k = 0; k < C; ++k) {
          const auto from = static_cast<std::size_t>((n * in + c.places[at]) * C + k),
                     to = static_cast<std::size_t>((n * out + o) * C + k);
          y[to] += c.weights[at] * c.x[from];
          dx[from] += c.weights[at] * c.dy[to];
        }
      }
  const auto warped = same_at_any_thread_count([&] {
    std::vector<double> result(y.size(), 7);
    eigan::kernels::warp(c.x.data(), N, in, out, C, taps, c.places.data(), c.weights.data(), result.data());
    return result;
  });
  const auto adjoint = same_at_any_thread_count([&] {
    std::vector<double> result(dx.size(), 7);
    eigan::kernels::warp_adjoint(c.dy.data(), N, in, out, C, taps, c.places.data(), c.weights.data(), result.data());
    return result;
  });
  REQUIRE(warped.size() == y.size());
  REQUIRE(adjoint.size() == dx.size());
  for (std::size_t i = 0; i < y.size(); ++i) CHECK(warped[i] == Approx(y[i]).epsilon(1e-12).margin(1e-12));
  for (std::size_t i = 0; i < dx.size(); ++i) CHECK(adjoint[i] == Approx(dx[i]).epsilon(1e-12).margin(1e-12));
}
