#include <string>
#include <vector>

#include <eigan/kernels/convolution.hpp>
#include <eigan/kernels/convolution_input.hpp>
#include <eigan/kernels/convolution_weight.hpp>

#include "catch.hpp"
#include "support.hpp"

using eigan::kernels::ConvolutionShape;
using eigan::kernels::Epilogue;

namespace {

Index volume(const std::array<Index, 3>& extents) { return extents[0] * extents[1] * extents[2]; }
Index x_size(const ConvolutionShape& s) { return s.batch * volume(s.in) * s.in_channels; }
Index y_size(const ConvolutionShape& s) { return s.batch * volume(s.out) * s.out_channels; }
Index w_size(const ConvolutionShape& s) { return volume(s.kernel) * s.in_channels / s.groups * s.out_channels; }

std::string describe(const ConvolutionShape& s) {
  const auto list = [](const char* name, const std::array<Index, 3>& v) {
    return std::string(" ") + name + " " + std::to_string(v[0]) + "," + std::to_string(v[1]) + "," +
           std::to_string(v[2]);
  };
  return "batch " + std::to_string(s.batch) + " groups " + std::to_string(s.groups) + " channels " +
         std::to_string(s.in_channels) + " -> " + std::to_string(s.out_channels) + list("in", s.in) +
         list("out", s.out) + list("kernel", s.kernel) + list("stride", s.stride) + list("dilation", s.dilation) +
         list("pad", s.pad);
}

// Calls visit(x position, w position, y position) for every product of the convolution.
template <class Visit>
void for_each_product(const ConvolutionShape& s, const Visit& visit) {
  const Index group_in = s.in_channels / s.groups, group_out = s.out_channels / s.groups;
  const auto [D, H, W] = s.in;
  Index y = 0;
  for (Index n = 0; n < s.batch; ++n)
    for (Index o = 0; o < volume(s.out); ++o)
      for (Index k = 0; k < s.out_channels; ++k, ++y)
        for (Index t = 0; t < volume(s.kernel); ++t) {
          const Index d =
              o / (s.out[1] * s.out[2]) * s.stride[0] + t / (s.kernel[1] * s.kernel[2]) * s.dilation[0] - s.pad[0];
          const Index h =
              o / s.out[2] % s.out[1] * s.stride[1] + t / s.kernel[2] % s.kernel[1] * s.dilation[1] - s.pad[1];
          const Index v = o % s.out[2] * s.stride[2] + t % s.kernel[2] * s.dilation[2] - s.pad[2];
          if (d < 0 || d >= D || h < 0 || h >= H || v < 0 || v >= W) continue;
          for (Index c = 0; c < group_in; ++c)
            visit((((n * D + d) * H + h) * W + v) * s.in_channels + k / group_out * group_in + c,
                  (t * group_in + c) * s.out_channels + k, y);
        }
}

template <class T>
double worst(const std::vector<Sum>& sums, const std::vector<T>& computed, const std::vector<T>& old, Index channels,
             const Epilogue<T>& epilogue) {
  double result = 0;
  for (std::size_t i = 0; i < sums.size(); ++i)
    result = std::max(result, sums[i].finished(epilogue, static_cast<Index>(i) % channels, old[i]).error(computed[i]));
  return result;
}

template <class T>
void check(const ConvolutionShape& s, Numbers& numbers) {
  const auto x = numbers.values<T>(x_size(s)), w = numbers.values<T>(w_size(s)), y = numbers.values<T>(y_size(s));
  const auto at = [](const std::vector<T>& values, Index i) {
    return static_cast<double>(values[static_cast<std::size_t>(i)]);
  };
  std::vector<Sum> x_sums(x.size()), w_sums(w.size()), y_sums(y.size());
  for_each_product(s, [&](Index i, Index j, Index k) {
    x_sums[static_cast<std::size_t>(i)].add(at(y, k), at(w, j));
    w_sums[static_cast<std::size_t>(j)].add(at(x, i), at(y, k));
    y_sums[static_cast<std::size_t>(k)].add(at(x, i), at(w, j));
  });
  const auto y_bias = numbers.values<T>(s.out_channels), x_bias = numbers.values<T>(s.in_channels);
  const Epilogue<T> y_epilogue = numbers.epilogue(y_bias), x_epilogue = numbers.epilogue(x_bias);
  INFO(describe(s));
  const auto computed_y = same_at_any_thread_count([&] {
    auto result = y;
    eigan::kernels::convolution(x.data(), w.data(), result.data(), s, y_epilogue);
    return result;
  });
  REQUIRE(computed_y.size() == y.size());
  CHECK(worst(y_sums, computed_y, y, s.out_channels, y_epilogue) <= 1);
  const auto computed_x = same_at_any_thread_count([&] {
    auto result = x;
    eigan::kernels::convolution_input(y.data(), w.data(), result.data(), s, x_epilogue);
    return result;
  });
  REQUIRE(computed_x.size() == x.size());
  CHECK(worst(x_sums, computed_x, x, s.in_channels, x_epilogue) <= 1);
  const auto computed_w = same_at_any_thread_count([&] {
    auto result = w;
    eigan::kernels::convolution_weight(x.data(), y.data(), result.data(), s);
    return result;
  });
  REQUIRE(computed_w.size() == w.size());
  CHECK(worst(w_sums, computed_w, w, s.out_channels, Epilogue<T>{}) <= 1);
}

// What fits: the output extent for padding `before` and `after`; at least 1.
Index out_extent(Index in, Index kernel, Index stride, Index dilation, Index before, Index after) {
  const Index room = in + before + after - ((kernel - 1) * dilation + 1);
  return room < 0 ? 1 : room / stride + 1;
}

ConvolutionShape square(Index batch, Index in_channels, Index out_channels, Index in, Index kernel, Index stride,
                        Index pad, Index groups = 1) {
  const Index out = out_extent(in, kernel, stride, 1, pad, pad);
  return {.batch = batch,
          .groups = groups,
          .in_channels = in_channels,
          .out_channels = out_channels,
          .in = {1, in, in},
          .out = {1, out, out},
          .kernel = {1, kernel, kernel},
          .stride = {1, stride, stride},
          .pad = {0, pad, pad}};
}

ConvolutionShape random_shape(Numbers& numbers, Index largest_extent, Index largest_channels) {
  ConvolutionShape s;
  const Index axes = numbers.between(1, 3);
  for (auto axis = static_cast<std::size_t>(3 - axes); axis < 3; ++axis) {
    s.in[axis] = numbers.between(1, axes == 3 ? largest_extent / 2 : largest_extent);
    s.kernel[axis] = numbers.between(1, axes == 3 ? 3 : 5);
    s.stride[axis] = numbers.between(1, 3);
    s.dilation[axis] = numbers.between(1, 2);
    s.pad[axis] = numbers.between(0, 3);
    s.out[axis] =
        out_extent(s.in[axis], s.kernel[axis], s.stride[axis], s.dilation[axis], s.pad[axis], numbers.between(-2, 4));
  }
  s.batch = numbers.between(1, 4);
  s.groups = numbers.coin() ? 1 : numbers.between(1, 6);
  s.in_channels = s.groups * numbers.between(1, largest_channels);
  s.out_channels = s.groups * numbers.between(1, largest_channels);
  if (numbers.between(0, 4) == 0) {  // depthwise, with or without a multiplier
    s.groups = s.in_channels = numbers.between(1, 40);
    s.out_channels = s.groups * numbers.between(1, 2);
  }
  return s;
}

}  // namespace

TEMPLATE_TEST_CASE("a convolution and its adjoints equal the sums in double, at any number of threads", "[convolution]",
                   float, double) {
  on_every_instruction_set([] {
    Numbers numbers(1);
    for (int round = 0; round < 250; ++round) check<TestType>(random_shape(numbers, 9, 5), numbers);
    for (int round = 0; round < 20; ++round) check<TestType>(random_shape(numbers, 12, 40), numbers);
  });
}

TEST_CASE("the layers of generative networks equal the sums in double", "[convolution]") {
  on_every_instruction_set([] {
    Numbers numbers(2);
    for (const ConvolutionShape& s :
         {square(3, 1, 64, 28, 4, 2, 1), square(2, 64, 128, 14, 4, 2, 1), square(3, 3, 64, 32, 4, 2, 1),
          square(2, 40, 72, 8, 3, 1, 1), square(2, 3, 32, 16, 3, 1, 1), square(2, 32, 3, 16, 3, 1, 1),
          square(5, 70, 33, 4, 4, 1, 0), square(3, 130, 1, 4, 4, 1, 0), square(2, 35, 34, 7, 1, 1, 0),
          square(1, 8, 16, 40, 5, 2, 2), square(2, 48, 48, 9, 3, 1, 1, 48), square(2, 64, 64, 9, 3, 2, 1, 4),
          square(9, 17, 19, 5, 3, 2, 1), square(1, 3, 8, 70, 7, 4, 3)})
      check<float>(s, numbers);
  });
}

TEST_CASE("long rows and large pictures equal the sums in double", "[convolution]") {
  ConvolutionShape line = square(2, 6, 5, 1, 1, 1, 0);
  line.in[2] = 3001, line.kernel[2] = 9, line.stride[2] = 2, line.pad[2] = 5, line.out[2] = 1502;
  ConvolutionShape volume = square(1, 20, 12, 30, 3, 1, 1);
  volume.in[0] = 11, volume.kernel[0] = 2, volume.stride[0] = 2, volume.pad[0] = 1, volume.out[0] = 6;
  on_every_instruction_set([&] {
    Numbers numbers(5);
    for (const ConvolutionShape& s :
         {line, volume, square(1, 24, 7, 90, 3, 1, 1), square(1, 65, 3, 40, 3, 1, 2), square(1, 3, 70, 61, 4, 2, 1),
          square(2, 150, 160, 5, 4, 2, 1), square(1, 40, 40, 50, 3, 2, 1, 40)})
      check<float>(s, numbers);
  });
}

TEST_CASE("an empty batch writes nothing, and no pixels make a zero weight gradient", "[convolution]") {
  Numbers numbers(3);
  check<float>(square(0, 3, 5, 8, 3, 1, 1), numbers);
  ConvolutionShape no_output = square(2, 3, 5, 8, 3, 1, 1);
  no_output.out = {1, 0, 8};
  check<float>(no_output, numbers);
}

TEST_CASE("the bits of a sample do not depend on its batch mates", "[convolution]") {
  on_every_instruction_set([] {
    Numbers numbers(4);
    for (ConvolutionShape s : {square(7, 3, 64, 16, 4, 2, 1), square(7, 64, 32, 6, 4, 2, 1),
                               square(7, 33, 1, 4, 4, 1, 0), square(5, 20, 20, 5, 3, 1, 1, 20)}) {
      const auto x = numbers.values<float>(x_size(s)), w = numbers.values<float>(w_size(s)),
                 dy = numbers.values<float>(y_size(s));
      auto y = dy, dx = x;
      eigan::kernels::convolution(x.data(), w.data(), y.data(), s);
      eigan::kernels::convolution_input(dy.data(), w.data(), dx.data(), s);
      const Index batch = s.batch;
      s.batch = 1;
      std::vector<float> y_one(static_cast<std::size_t>(y_size(s))), dx_one(static_cast<std::size_t>(x_size(s)));
      for (Index n = 0; n < batch; ++n) {
        eigan::kernels::convolution(x.data() + n * x_size(s), w.data(), y_one.data(), s);
        eigan::kernels::convolution_input(dy.data() + n * y_size(s), w.data(), dx_one.data(), s);
        CHECK(std::equal(y_one.begin(), y_one.end(), y.begin() + n * y_size(s)));
        CHECK(std::equal(dx_one.begin(), dx_one.end(), dx.begin() + n * x_size(s)));
      }
    }
  });
}
