#include <eigan/ops/convolution.hpp>
#include <eigan/ops/matmul.hpp>

#include "gradients.hpp"

using namespace eigan;
using test::check_derivatives;
using test::random;
using test::Var;
using Inputs = std::vector<Var>;

TEST_CASE("matmul differentiates as finite differences do, in all four forms", "[ops]") {
  for (const Transpose a : {Transpose::no, Transpose::yes})
    for (const Transpose b : {Transpose::no, Transpose::yes}) {
      const auto matrix = [](Shape batch, Index rows, Index columns, Transpose transpose) {
        batch.push_back(transpose == Transpose::no ? rows : columns);
        batch.push_back(transpose == Transpose::no ? columns : rows);
        return random(batch);
      };
      const auto product = [=](const Inputs& v) { return matmul(v[0], v[1], a, b); };
      check_derivatives("one", product, {matrix({}, 3, 4, a), matrix({}, 4, 2, b)});
      check_derivatives("batch", product, {matrix({2}, 3, 4, a), matrix({2}, 4, 2, b)});
      check_derivatives("shared right", product, {matrix({2}, 3, 2, a), matrix({}, 2, 2, b)});
      check_derivatives("shared left", product, {matrix({}, 3, 2, a), matrix({3}, 2, 1, b)});
      check_derivatives("broadcast batch", product, {matrix({2, 1}, 2, 2, a), matrix({1, 3}, 2, 2, b)});
    }
}

TEST_CASE("linear differentiates as finite differences do", "[ops]") {
  check_derivatives("bias", [](const Inputs& v) { return linear(v[0], v[1], v[2]); },
                    {random({3, 4}), random({2, 4}), random({2})});
  check_derivatives("no bias, rank 3", [](const Inputs& v) { return linear(v[0], v[1]); },
                    {random({2, 2, 3}), random({2, 3})});
}

TEST_CASE("convolutions differentiate as finite differences do", "[ops]") {
  struct Case {
    const char* what;
    Shape x, w;
    ConvolutionOptions options;
  };
  const std::vector<Case> cases = {
      {"1-D", {2, 5, 2}, {3, 2, 2}, {.pad_before = {1}, .pad_after = {1}}},
      {"1-D stride, dilation", {1, 7, 1}, {2, 1, 2}, {.stride = {2}, .dilation = {3}}},
      {"2-D 4x4 s2 p1", {1, 4, 4, 2}, {4, 4, 2, 3}, {.stride = {2, 2}, .pad_before = {1, 1}, .pad_after = {1, 1}}},
      {"2-D odd kernel, uneven padding",
       {1, 4, 3, 1},
       {2, 3, 1, 2},
       {.stride = {1, 2}, .pad_before = {1, 0}, .pad_after = {0, 2}}},
      {"2-D groups", {1, 3, 3, 4}, {2, 2, 2, 2}, {.groups = 2}},
      {"2-D depthwise", {1, 4, 4, 3}, {3, 3, 1, 3}, {.pad_before = {1, 1}, .pad_after = {1, 1}, .groups = 3}},
      {"3-D", {1, 3, 3, 2, 1}, {2, 2, 2, 1, 2}, {.stride = {1, 2, 1}, .pad_before = {0, 1, 0}}},
      {"batch", {3, 1, 1, 2}, {1, 1, 2, 2}, {}},
  };
  for (const Case& c : cases) {
    check_derivatives(c.what, [&](const Inputs& v) { return convolution(v[0], v[1], v[2], c.options); },
                      {random(c.x), random(c.w), random({c.w.back()})});
  }
}

TEST_CASE("transposed convolutions differentiate as finite differences do", "[ops]") {
  struct Case {
    const char* what;
    Shape x, w;
    ConvolutionOptions options;
  };
  const std::vector<Case> cases = {
      {"1-D", {2, 3, 2}, {3, 2, 2}, {.stride = {2}, .output_padding = {1}}},
      {"2-D 4x4 s2 p1", {1, 2, 2, 2}, {4, 4, 3, 2}, {.stride = {2, 2}, .pad_before = {1, 1}, .pad_after = {1, 1}}},
      {"2-D groups", {1, 2, 2, 4}, {2, 2, 1, 4}, {.dilation = {2, 1}, .groups = 2}},
      {"3-D", {1, 2, 1, 2, 1}, {2, 2, 2, 2, 1}, {.stride = {1, 1, 2}, .pad_before = {0, 0, 1}}},
  };
  for (const Case& c : cases) {
    check_derivatives(c.what, [&](const Inputs& v) { return convolution_transpose(v[0], v[1], v[2], c.options); },
                      {random(c.x), random(c.w), random({c.w[c.w.rank() - 2] * c.options.groups})});
  }
}

TEST_CASE("products that do not fit say what was expected", "[ops]") {
  CHECK_THROWS_WITH(matmul(random({2, 3}), random({2, 3})), Catch::Contains("inner extents"));
  CHECK_THROWS_WITH(linear(random({64, 1, 28, 28}), random({10, 784})), Catch::Contains("[..., 784]"));
  CHECK_THROWS_WITH(convolution(random({1, 4, 4, 3}), random({3, 3, 2, 8})), Catch::Contains("[N, ..., 2]"));
  CHECK_THROWS_WITH(convolution(random({1, 2, 2, 1}), random({3, 3, 1, 1})), Catch::Contains("as large as the kernel"));
  CHECK_THROWS_AS(convolution(random({1, 4, 4, 1}), random({3, 3, 1, 1}), {}, {.stride = {0, 1}}), ConfigError);
}
