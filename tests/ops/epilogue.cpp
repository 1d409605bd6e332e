// Products that do a leaky relu in their own pass against the two, one after the other.
#include <string>
#include <vector>

#include <eigan/autograd/grad.hpp>
#include <eigan/ops/activation.hpp>
#include <eigan/ops/convolution.hpp>
#include <eigan/ops/matmul.hpp>
#include <eigan/ops/reduce.hpp>

#include "catch.hpp"
#include "ops/gradients.hpp"

using namespace eigan;
using test::random;
using test::Var;

namespace {

void check_equal(const Var& got, const Var& expected) {
  REQUIRE(got.shape() == expected.shape());
  double worst = 0;
  for (Index i = 0; i < got.size(); ++i) worst = std::max(worst, std::abs(got.data()[i] - expected.data()[i]));
  CHECK(worst < 1e-12);
}

/// Value, first and second order of f(inputs, slope) against those of leaky_relu(f(inputs, 1), slope).
template <class F>
void check_slopes(const std::string& what, const F& f, const std::vector<Var>& inputs) {
  for (const double slope : {0.0, 0.2}) {
    INFO(what << ", slope " << slope);
    const Var fused = f(inputs, slope), apart = leaky_relu(f(inputs, 1), slope);
    check_equal(fused, apart);
    const Var weights = random(fused.shape(), 7);
    std::vector<Var> first[2];
    std::vector<Var> second[2];
    for (const bool is_fused : {true, false}) {
      std::vector<Var>& slopes = first[is_fused];
      slopes = grad(sum(weights * (is_fused ? fused : apart)), inputs, {.create_graph = true});
      Var total = sum(square(slopes[0]));
      for (std::size_t i = 1; i < slopes.size(); ++i) total = total + sum(square(slopes[i]));
      second[is_fused] = grad(total, inputs, {.unreached = Unreached::zeros});
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      check_equal(first[true][i], first[false][i]);
      check_equal(second[true][i], second[false][i]);
    }
  }
}

}  // namespace

TEST_CASE("a leaky relu in a product's pass is one behind it, to second order", "[ops]") {
  check_slopes("linear", [](const auto& v, double slope) { return linear(v[0], v[1], v[2], slope); },
               {random({5, 7}), random({6, 7}), random({6})});
  check_slopes("linear, rank 3, no bias", [](const auto& v, double slope) { return linear(v[0], v[1], {}, slope); },
               {random({2, 3, 4}), random({5, 4})});
  struct Case {
    const char* what;
    Shape x, w;
    ConvolutionOptions options;
  };
  const std::vector<Case> cases = {
      {"1-D", {2, 9, 3}, {3, 3, 5}, {.pad_before = {1}, .pad_after = {1}}},
      {"4x4 s2 p1", {2, 6, 6, 9}, {4, 4, 9, 10}, {.stride = {2, 2}, .pad_before = {1, 1}, .pad_after = {1, 1}}},
      {"one channel in", {2, 6, 6, 1}, {4, 4, 1, 8}, {.stride = {2, 2}, .pad_before = {1, 1}, .pad_after = {1, 1}}},
      {"one channel out", {2, 6, 6, 8}, {3, 3, 8, 1}, {.pad_before = {1, 1}, .pad_after = {1, 1}}},
      {"groups", {1, 4, 4, 4}, {3, 3, 2, 6}, {.groups = 2}},
      {"depthwise", {1, 4, 4, 3}, {3, 3, 1, 3}, {.pad_before = {1, 1}, .pad_after = {1, 1}, .groups = 3}},
      {"1x1", {2, 3, 3, 4}, {1, 1, 4, 5}, {}},
      {"whole image", {3, 4, 4, 5}, {4, 4, 5, 2}, {}},
      {"3-D", {1, 3, 3, 4, 2}, {2, 2, 2, 2, 3}, {.stride = {1, 2, 1}, .pad_before = {0, 1, 0}}},
  };
  for (const Case& c : cases) {
    const auto with = [&](double slope) {
      ConvolutionOptions options = c.options;
      options.slope = slope;
      return options;
    };
    check_slopes(c.what, [&](const auto& v, double slope) { return convolution(v[0], v[1], v[2], with(slope)); },
                 {random(c.x), random(c.w), random({c.w.back()})});
    Shape transposed = c.x;
    transposed[transposed.rank() - 1] = c.w.back();
    check_slopes(std::string("transposed ") + c.what,
                 [&](const auto& v, double slope) { return convolution_transpose(v[0], v[1], v[2], with(slope)); },
                 {random(transposed), random(c.w), random({c.x.back()})});
  }
}

TEST_CASE("a product refuses a slope below zero", "[ops]") {
  CHECK_THROWS_WITH(linear(random({1, 1}), random({1, 1}), {}, -1), Catch::Contains("expected a slope of 0 or more"));
  CHECK_THROWS_AS(convolution(random({1, 2, 1}), random({1, 1, 1}), {}, {.slope = -1}), ConfigError);
}
