#include <algorithm>
#include <cmath>
#include <limits>

#include <eigan/kernels/max_pool.hpp>
#include <eigan/kernels/resample.hpp>

#include "catch.hpp"
#include "naive.hpp"

using namespace eigan;
using namespace naive;
using kernels::ResampleTaps;
using kernels::Window;

namespace {

ResampleTaps<double> random_taps() {
  const Index in = random_index(1, 9);
  switch (random_index(0, 6)) {
    case 0:
      return kernels::nearest_taps<double>(in, random_index(1, 12));
    case 1:
      return kernels::linear_taps<double>(in, random_index(1, 12), random_index(0, 1) == 1);
    case 2:
      return kernels::adaptive_average_taps<double>(in, random_index(1, in));
    case 3: {
      const auto filter = random_numbers<double>(random_index(1, 4));
      return kernels::filter_taps<double>(in, filter, random_index(1, 2), random_index(1, 2), 2, 1);
    }
    case 4:
      return kernels::identity_taps<double>(in);
    default: {
      const Index kernel = random_index(1, in), before = random_index(0, kernel / 2),
                  after = random_index(0, kernel / 2);
      return kernels::average_taps<double>(in, kernel, random_index(1, 3), before, after, random_index(0, 1) == 1);
    }
  }
}

template <class T>
ResampleTaps<T> cast(const ResampleTaps<double>& taps) {
  return {taps.in, taps.out, taps.first, taps.position, {taps.weight.begin(), taps.weight.end()}};
}

Shape extents(const std::vector<ResampleTaps<double>>& axes, Index N, Index C, Index ResampleTaps<double>::*extent) {
  Shape shape{N};
  for (const auto& taps : axes) shape.push_back(taps.*extent);
  shape.push_back(C);
  return shape;
}

// Every output element by its definition: the sum over all combinations of taps.
std::vector<double> resampled(const std::vector<double>& x, const std::vector<ResampleTaps<double>>& axes, Index N,
                              Index C) {
  const Shape from = extents(axes, N, C, &ResampleTaps<double>::in),
              to = extents(axes, N, C, &ResampleTaps<double>::out);
  std::vector<double> y(static_cast<std::size_t>(to.size()));
  for_each_position(to, [&](const Shape& position, Index linear) {
    Shape counts;
    for (std::size_t axis = 0; axis < axes.size(); ++axis)
      counts.push_back(axes[axis].count(position[static_cast<Index>(axis) + 1]));
    for_each_position(counts, [&](const Shape& tap, Index) {
      Shape source = position;
      double weight = 1;
      for (Index axis = 0; axis < counts.rank(); ++axis) {
        const ResampleTaps<double>& taps = axes[static_cast<std::size_t>(axis)];
        const auto at = static_cast<std::size_t>(taps.begin(position[axis + 1]) + tap[axis]);
        source[axis + 1] = taps.position[at];
        weight *= taps.weight[at];
      }
      y[static_cast<std::size_t>(linear)] += weight * x[static_cast<std::size_t>(offset(from, source))];
    });
  });
  return y;
}

std::vector<double> resample_line(const std::vector<double>& x, const ResampleTaps<double>& taps) {
  std::vector<double> y(static_cast<std::size_t>(taps.out));
  kernels::resample<double>(x.data(), 1, std::span(&taps, 1), 1, y.data());
  return y;
}

bool close(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double p, double q) {
           return std::abs(p - q) <= 1e-12 * (1 + std::abs(q));
         });
}

}  // namespace

TEST_CASE("resample sums taps along one, two and three axes, and has an adjoint", "[kernels][resample]") {
  for (int round = 0; round < 200; ++round) {
    std::vector<ResampleTaps<double>> axes;
    const Index dimensions = random_index(1, 3);
    while (static_cast<Index>(axes.size()) < dimensions) {
      axes.push_back(random_taps());
      if (axes.back().out < 1) axes.pop_back();
    }
    const Index N = random_index(0, 3), C = random_index(0, 3) == 0 ? random_index(1, 40) : random_index(0, 4);
    const Shape from = extents(axes, N, C, &ResampleTaps<double>::in),
                to = extents(axes, N, C, &ResampleTaps<double>::out);
    const auto x = random_numbers<double>(from.size()), dy = random_numbers<double>(to.size());
    std::vector<double> y(dy.size(), -7), dx(x.size(), -7);
    kernels::resample<double>(x.data(), N, axes, C, y.data());
    kernels::resample_adjoint<double>(dy.data(), N, axes, C, dx.data());
    INFO(to_string(from) << " to " << to_string(to));
    const auto expected = resampled(x, axes, N, C);
    CHECK(close(y, expected));
    CHECK(dot(y, dy) == Approx(dot(x, dx)).epsilon(1e-10).margin(1e-10));

    std::vector<ResampleTaps<float>> narrow;
    for (const auto& taps : axes) narrow.push_back(cast<float>(taps));
    const std::vector<float> x_narrow(x.begin(), x.end());
    std::vector<float> y_narrow(y.size(), -7);
    kernels::resample<float>(x_narrow.data(), N, narrow, C, y_narrow.data());
    double off = 0;
    for (std::size_t i = 0; i < y.size(); ++i) off = std::max(off, std::abs(y[i] - static_cast<double>(y_narrow[i])));
    CHECK(off < 1e-4);
  }
}

TEST_CASE("resizing follows PyTorch's rules", "[kernels][resample]") {
  const std::vector<double> x{1, 2, 4, 8};
  CHECK(resample_line(x, kernels::nearest_taps<double>(4, 8)) == std::vector<double>{1, 1, 2, 2, 4, 4, 8, 8});
  CHECK(resample_line(x, kernels::nearest_taps<double>(4, 6)) == std::vector<double>{1, 1, 2, 4, 4, 8});
  CHECK(resample_line(x, kernels::nearest_taps<double>(4, 3)) == std::vector<double>{1, 2, 4});
  CHECK(close(resample_line(x, kernels::linear_taps<double>(4, 8)), {1, 1.25, 1.75, 2.5, 3.5, 5, 7, 8}));
  CHECK(close(resample_line(x, kernels::linear_taps<double>(4, 2)), {1.5, 6}));
  CHECK(close(resample_line(x, kernels::linear_taps<double>(4, 3)), {7.0 / 6, 3, 22.0 / 3}));
  CHECK(close(resample_line(x, kernels::linear_taps<double>(4, 7, true)), {1, 1.5, 2, 3, 4, 6, 8}));
  CHECK(close(resample_line(x, kernels::average_taps<double>(4, 3, 2, 1, 1)), {1, 14.0 / 3}));
  CHECK(close(resample_line(x, kernels::average_taps<double>(4, 3, 2, 1, 1, false)), {1.5, 14.0 / 3}));
  CHECK(close(resample_line(x, kernels::adaptive_average_taps<double>(4, 3)), {1.5, 3, 6}));
  CHECK(close(resample_line(x, kernels::linear_taps<double>(4, 4)), x));
}

TEST_CASE("filter taps insert zeros, pad, correlate and drop", "[kernels][resample]") {
  const std::vector<double> x{1, 2, 4, 8}, filter{1, 3, 3, 1};
  // Doubled, as StyleGAN 2 does: 0 0 1 0 2 0 4 0 8 0 0 after padding by (2, 1).
  CHECK(resample_line(x, kernels::filter_taps<double>(4, filter, 2, 1, 2, 1)) ==
        std::vector<double>{3, 5, 7, 10, 14, 20, 28, 24});
  // Halved: 0 1 2 4 8 0.
  CHECK(resample_line(x, kernels::filter_taps<double>(4, filter, 1, 2, 1, 1)) == std::vector<double>{13, 38});
  // Cropped by one on both sides.
  const std::vector<double> one{1};
  CHECK(resample_line(x, kernels::filter_taps<double>(4, one, 1, 1, -1, -1)) == std::vector<double>{2, 4});
}

TEST_CASE("resampling gives the same bits on any number of threads", "[kernels][resample]") {
  const std::vector<ResampleTaps<float>> axes{kernels::linear_taps<float>(30, 57),
                                              kernels::average_taps<float>(41, 3, 2, 1, 1)};
  const auto x = random_numbers<float>(3 * 30 * 41 * 37),
             dy = random_numbers<float>(3 * axes[0].out * axes[1].out * 37);
  CHECK(same_on_any_threads([&] {
    std::vector<float> y(dy.size());
    kernels::resample<float>(x.data(), 3, axes, 37, y.data());
    return y;
  }));
  CHECK(same_on_any_threads([&] {
    std::vector<float> dx(x.size());
    kernels::resample_adjoint<float>(dy.data(), 3, axes, 37, dx.data());
    return dx;
  }));
}

namespace {

template <class T>
void check_max_pool(const std::vector<Window>& axes, Index N, Index C, bool with_nan) {
  Shape from, to;
  for (const Window& window : axes) {
    from.push_back(window.in);
    to.push_back(window.out());
  }
  auto x = random_numbers<T>(N * from.size() * C);
  for (T& number : x) number = std::round(2 * number);  // many equal ones
  if (with_nan)
    for (T& number : x)
      if (random_index(0, 9) == 0) number = std::numeric_limits<T>::quiet_NaN();
  std::vector<T> y(static_cast<std::size_t>(N * to.size() * C), T(-7)), gathered(y);
  std::vector<std::int32_t> argmax(y.size());
  kernels::max_pool<T>(x.data(), N, axes, C, y.data(), argmax.data());
  kernels::gather_pooled(x.data(), argmax.data(), N, from.size(), to.size(), C, gathered.data());
  Index wrong = 0;
  std::vector<double> dx_expected(x.size());
  const auto dy = random_numbers<T>(static_cast<Index>(y.size()));
  for (Index n = 0; n < N; ++n)
    for (Index c = 0; c < C; ++c)
      for_each_position(to, [&](const Shape& position, Index o) {
        Index best = -1;
        const auto at = [&](Index i) { return x[static_cast<std::size_t>((n * from.size() + i) * C + c)]; };
        for_each_position(from, [&](const Shape& source, Index i) {
          for (Index axis = 0; axis < from.rank(); ++axis) {
            const Window& window = axes[static_cast<std::size_t>(axis)];
            const Index along = source[axis] - (position[axis] * window.stride - window.before);
            if (along < 0 || along >= window.kernel) return;
          }
          if (best < 0 || at(i) > at(best) || (std::isnan(at(i)) && !std::isnan(at(best)))) best = i;
        });
        const auto here = static_cast<std::size_t>((n * to.size() + o) * C + c);
        wrong += argmax[here] != best || std::memcmp(&y[here], &gathered[here], sizeof(T)) != 0 ||
                 !(y[here] == at(best) || (std::isnan(y[here]) && std::isnan(at(best))));
        dx_expected[static_cast<std::size_t>((n * from.size() + best) * C + c)] += static_cast<double>(dy[here]);
      });
  std::vector<T> dx(x.size(), T(-7));
  kernels::scatter_pooled(dy.data(), argmax.data(), N, from.size(), to.size(), C, dx.data());
  for (std::size_t i = 0; i < dx.size(); ++i)
    if (!(std::abs(static_cast<double>(dx[i]) - dx_expected[i]) < 1e-5)) ++wrong;
  INFO(N << " of " << to_string(from) << " to " << to_string(to) << ", " << C << " channels");
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("max_pool finds each window's first maximum, and its gradient goes there", "[kernels][resample]") {
  for (int round = 0; round < 150; ++round) {
    std::vector<Window> axes;
    for (Index axis = random_index(1, 3); axis > 0; --axis) {
      const Index in = random_index(1, 8), kernel = random_index(1, in);
      axes.push_back({in, kernel, random_index(1, 3), random_index(0, kernel / 2), random_index(0, kernel / 2)});
    }
    const Index N = random_index(0, 10), C = random_index(0, 3) == 0 ? random_index(0, 70) : random_index(0, 4);
    check_max_pool<float>(axes, N, C, round % 2 == 0);
    check_max_pool<double>(axes, N, C, round % 2 == 0);
  }
}

TEST_CASE("max pooling gives the same bits on any number of threads", "[kernels][resample]") {
  const std::vector<Window> axes{{32, 3, 2, 1, 1}, {33, 3, 2, 1, 1}};
  const Index out = axes[0].out() * axes[1].out(), in = 32 * 33, C = 100;
  const auto x = random_numbers<float>(3 * in * C), dy = random_numbers<float>(3 * out * C);
  CHECK(same_on_any_threads([&] {
    std::vector<float> y(dy.size()), dx(x.size());
    std::vector<std::int32_t> argmax(dy.size());
    kernels::max_pool<float>(x.data(), 3, axes, C, y.data(), argmax.data());
    kernels::scatter_pooled(dy.data(), argmax.data(), 3, in, out, C, dx.data());
    y.insert(y.end(), dx.begin(), dx.end());
    return y;
  }));
}
