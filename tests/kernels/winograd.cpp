#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <eigan/kernels/convolution.hpp>
#include <eigan/kernels/convolution_input.hpp>
#include <eigan/kernels/convolution_weight.hpp>

#include "catch.hpp"
#include "naive.hpp"
#include "support.hpp"

using namespace eigan::kernels;

namespace {

Index x_size(const ConvolutionShape& s) { return s.batch * s.in[1] * s.in[2] * s.in_channels; }
Index y_size(const ConvolutionShape& s) { return s.batch * s.out[1] * s.out[2] * s.out_channels; }
Index w_size(const ConvolutionShape& s) { return s.kernel[1] * s.kernel[2] * s.in_channels * s.out_channels; }

std::string describe(const ConvolutionShape& s) {
  const auto pair = [](const char* name, const std::array<Index, 3>& v) {
    return std::string(" ") + name + " " + std::to_string(v[1]) + "x" + std::to_string(v[2]);
  };
  return "batch " + std::to_string(s.batch) + " channels " + std::to_string(s.in_channels) + " -> " +
         std::to_string(s.out_channels) + pair("in", s.in) + pair("out", s.out) + pair("kernel", s.kernel) +
         pair("pad", s.pad);
}

ConvolutionShape layer(Index batch, Index in_channels, Index out_channels, Index in, Index kernel) {
  const Index stride = kernel == 4 ? 2 : 1, out = (in + 2 - kernel) / stride + 1;
  return {.batch = batch,
          .in_channels = in_channels,
          .out_channels = out_channels,
          .in = {1, in, in},
          .out = {1, out, out},
          .kernel = {1, kernel, kernel},
          .stride = {1, stride, stride},
          .pad = {0, 1, 1}};
}

// Any extents from one pixel on, padding of its own before and after each axis, channels that do not fill vectors.
ConvolutionShape random_layer(Numbers& numbers, Index kernel) {
  ConvolutionShape s = layer(numbers.between(1, 3), numbers.between(16, 37), numbers.between(16, 37), 1, kernel);
  for (const std::size_t axis : {std::size_t{1}, std::size_t{2}}) {
    s.in[axis] = numbers.between(1, 11);
    s.pad[axis] = numbers.between(0, 2);
    const Index room = s.in[axis] + s.pad[axis] + numbers.between(-1, 3) - kernel;
    s.out[axis] = room < 0 ? 1 : room / s.stride[axis] + 1;
  }
  return s;
}

// Calls visit(place in x, place in w, place in y) for every product.
template <class Visit>
void for_each_product(const ConvolutionShape& s, const Visit& visit) {
  for (Index n = 0; n < s.batch; ++n)
    for (Index i = 0; i < s.out[1]; ++i)
      for (Index j = 0; j < s.out[2]; ++j)
        for (Index a = 0; a < s.kernel[1]; ++a)
          for (Index b = 0; b < s.kernel[2]; ++b) {
            const Index h = i * s.stride[1] + a - s.pad[1], v = j * s.stride[2] + b - s.pad[2];
            if (h < 0 || h >= s.in[1] || v < 0 || v >= s.in[2]) continue;
            for (Index c = 0; c < s.in_channels; ++c)
              for (Index k = 0; k < s.out_channels; ++k)
                visit(static_cast<std::size_t>(((n * s.in[1] + h) * s.in[2] + v) * s.in_channels + c),
                      static_cast<std::size_t>(((a * s.kernel[2] + b) * s.in_channels + c) * s.out_channels + k),
                      static_cast<std::size_t>(((n * s.out[1] + i) * s.out[2] + j) * s.out_channels + k));
          }
}

// x, w, dy of a layer and the three results in double.
template <class T>
struct Case {
  explicit Case(const ConvolutionShape& layer_shape) : s(layer_shape) {
    for_each_product(s, [this](std::size_t i, std::size_t j, std::size_t k) {
      y[k] += static_cast<double>(x[i]) * static_cast<double>(w[j]);
      dx[i] += static_cast<double>(dy[k]) * static_cast<double>(w[j]);
      dw[j] += static_cast<double>(x[i]) * static_cast<double>(dy[k]);
    });
  }
  ConvolutionShape s;
  std::vector<T> x = naive::random_numbers<T>(x_size(s)), w = naive::random_numbers<T>(w_size(s)),
                 dy = naive::random_numbers<T>(y_size(s));
  std::vector<double> y = std::vector<double>(dy.size()), dx = std::vector<double>(x.size()),
                      dw = std::vector<double>(w.size());
};

template <class T>
std::vector<double> finished(std::vector<double> sums, const std::vector<T>& old, const Epilogue<T>& epilogue,
                             Index channels) {
  for (std::size_t i = 0; i < sums.size(); ++i) {
    Sum sum;
    sum.value = sums[i];
    sums[i] = sum.finished(epilogue, static_cast<Index>(i) % channels, old[i]).value;
  }
  return sums;
}

// The largest difference, relative to the largest expected magnitude; infinite for another size or a NaN.
template <class T>
double error(const std::vector<T>& computed, const std::vector<double>& expected) {
  double off = 0, largest = 1e-300;
  if (computed.size() != expected.size()) return INFINITY;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double difference = std::abs(static_cast<double>(computed[i]) - expected[i]);
    if (!(difference <= off)) off = std::isnan(difference) ? INFINITY : difference;
    largest = std::max(largest, std::abs(expected[i]));
  }
  return off / largest;
}

template <class T>
inline constexpr double allowed = std::is_same_v<T, float> ? 1e-5 : 2e-14;

template <class T>
void check(const ConvolutionShape& s, Index made, Numbers& numbers) {
  const Case<T> c(s);
  const auto y_bias = numbers.values<T>(s.out_channels), x_bias = numbers.values<T>(s.in_channels);
  const Epilogue<T> y_epilogue = numbers.epilogue(y_bias), x_epilogue = numbers.epilogue(x_bias);
  INFO(describe(s) << " tiles of " << made);
  REQUIRE(detail::has_winograd(s));
  const auto y = same_at_any_thread_count([&] {
    auto result = c.dy;
    detail::winograd_convolution(c.x.data(), c.w.data(), result.data(), s, made, y_epilogue);
    return result;
  });
  CHECK(error(y, finished(c.y, c.dy, y_epilogue, s.out_channels)) <= allowed<T>);
  const auto dx = same_at_any_thread_count([&] {
    auto result = c.x;
    detail::winograd_convolution_input(c.dy.data(), c.w.data(), result.data(), s, made, x_epilogue);
    return result;
  });
  CHECK(error(dx, finished(c.dx, c.x, x_epilogue, s.in_channels)) <= allowed<T>);
  const auto dw = same_at_any_thread_count([&] {
    auto result = c.w;
    detail::winograd_convolution_weight(c.x.data(), c.dy.data(), result.data(), s, made);
    return result;
  });
  CHECK(error(dw, c.dw) <= allowed<T>);
}

// What the transforms exist for: a kernel and the side of a tile.
constexpr std::pair<Index, Index> tiles[] = {{3, 4}, {4, 2}, {4, 4}};

}  // namespace

TEMPLATE_TEST_CASE("Winograd's convolutions equal the sums in double at any extents, epilogues and threads",
                   "[winograd]", float, double) {
  on_every_instruction_set([] {
    Numbers numbers(1);
    for (int round = 0; round < 25; ++round)
      for (const auto& [kernel, made] : tiles) check<TestType>(random_layer(numbers, kernel), made, numbers);
  });
}

TEST_CASE("Winograd's convolutions over several chunks, panels and blocks equal the sums in double", "[winograd]") {
  on_every_instruction_set([] {
    Numbers numbers(2);
    for (const auto& [kernel, made] : tiles) {
      check<float>(layer(1, 401, 150, 7, kernel), made, numbers);
      check<float>(layer(1, 130, 262, 9, kernel), made, numbers);
      check<float>(layer(5, 16, 20, 31, kernel), made, numbers);
      check<float>(layer(5, 20, 16, 46, kernel), made, numbers);
    }
  });
}

TEST_CASE("Winograd's float error stays below 1e-5 of the largest magnitude with 512 channels", "[winograd]") {
  Numbers numbers(3);
  for (const auto& [kernel, made] : tiles) {
    check<float>(layer(1, 512, 128, 8, kernel), made, numbers);
    check<float>(layer(1, 128, 512, 8, kernel), made, numbers);
  }
}

TEST_CASE("Winograd's algorithm is chosen for wide layers and left for few channels or few tiles", "[winograd]") {
  const auto forward = detail::winograd_tile<float>, input = detail::winograd_input_tile<float>,
             weight = detail::winograd_weight_tile<float>;
  CHECK(forward(layer(64, 128, 128, 16, 3)) == 4);
  CHECK(input(layer(64, 128, 128, 16, 3)) == 4);
  CHECK(weight(layer(64, 128, 128, 16, 3)) == 4);
  CHECK(forward(layer(64, 64, 128, 16, 4)) == 4);
  CHECK(input(layer(64, 64, 128, 16, 4)) == 4);
  CHECK(weight(layer(64, 64, 128, 16, 4)) == 4);
  CHECK(weight(layer(32, 256, 512, 8, 4)) == 2);
  CHECK(forward(layer(64, 3, 64, 32, 4)) == 0);
  CHECK(input(layer(64, 64, 3, 32, 3)) == 0);
  CHECK(forward(layer(1, 512, 512, 4, 3)) == 0);
  CHECK(input(layer(4, 256, 512, 8, 4)) == 0);
  CHECK(weight(layer(4, 256, 512, 8, 4)) == 0);
  CHECK(weight(layer(64, 64, 3, 32, 3)) == 0);
  ConvolutionShape other = layer(64, 128, 128, 16, 3);
  other.groups = 2;
  CHECK(forward(other) == 0);
  other.groups = 1, other.dilation = {1, 2, 2};
  CHECK(forward(other) == 0);
  other = layer(64, 128, 128, 16, 3), other.stride = {1, 2, 2}, other.out = {1, 8, 8};
  CHECK(forward(other) == 0);
  other = layer(8, 128, 128, 16, 3), other.in[0] = other.out[0] = 8;
  CHECK(forward(other) == 0);
}

TEST_CASE("where Winograd's algorithm is chosen, a convolution's adjoints are its adjoints", "[winograd]") {
  on_every_instruction_set([] {
    for (const ConvolutionShape& s : {layer(8, 64, 48, 16, 3), layer(40, 48, 64, 16, 4)}) {
      REQUIRE(detail::winograd_tile<double>(s) > 0);
      REQUIRE(detail::winograd_input_tile<double>(s) > 0);
      REQUIRE(detail::winograd_weight_tile<double>(s) > 0);
      const auto x = naive::random_numbers<double>(x_size(s)), w = naive::random_numbers<double>(w_size(s)),
                 dy = naive::random_numbers<double>(y_size(s));
      auto y = dy, dx = x, dw = w;
      convolution(x.data(), w.data(), y.data(), s);
      convolution_input(dy.data(), w.data(), dx.data(), s);
      convolution_weight(x.data(), dy.data(), dw.data(), s);
      const double scale = std::sqrt(naive::dot(y, y) * naive::dot(dy, dy));
      CHECK(std::abs(naive::dot(y, dy) - naive::dot(x, dx)) <= 1e-13 * scale);
      CHECK(std::abs(naive::dot(y, dy) - naive::dot(w, dw)) <= 1e-13 * scale);
    }
  });
}
