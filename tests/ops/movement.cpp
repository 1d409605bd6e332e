#include <eigan/ops/gather.hpp>
#include <eigan/ops/reduce.hpp>
#include <eigan/ops/reshape.hpp>
#include <eigan/ops/rows.hpp>
#include <eigan/ops/slice.hpp>

#include "gradients.hpp"

using namespace eigan;
using test::check_derivatives;
using test::random;
using test::Var;
using Inputs = std::vector<Var>;

TEST_CASE("movements differentiate as finite differences do", "[ops]") {
  const Inputs in = {random({2, 3, 4})};
  check_derivatives(
      "reshape",
      [](const Inputs& v) {
        return square(reshape(v[0], {6, 4}));
      },
      in);
  check_derivatives(
      "flatten", [](const Inputs& v) { return square(flatten(v[0])); }, in);
  check_derivatives(
      "permute",
      [](const Inputs& v) {
        return square(permute(v[0], {2, 0, 1}));
      },
      in);
  check_derivatives(
      "transpose", [](const Inputs& v) { return square(transpose(v[0], 0, -1)); }, in);
  check_derivatives(
      "slice",
      [](const Inputs& v) {
        return square(slice(v[0], {0, 1, 1}, {2, 2, 3}));
      },
      in);
  check_derivatives(
      "pad",
      [](const Inputs& v) {
        return square(pad(v[0], {0, 1, 2}, {3, 4, 7}));
      },
      in);
  check_derivatives(
      "narrow", [](const Inputs& v) { return square(narrow(v[0], -1, 2, 2)); }, in);
  check_derivatives(
      "expand",
      [](const Inputs& v) {
        return square(expand(v[0], {5, 2, 3, 4}));
      },
      in);
  const Positions rows = Positions::from(std::vector<int>{2, 0, 2, -1, 1}, {5});
  check_derivatives(
      "gather", [&](const Inputs& v) { return square(gather(v[0], rows, 1)); }, in);
  const Positions into = Positions::from(std::vector<int>{3, 0, 3}, {3});
  check_derivatives(
      "scatter_add", [&](const Inputs& v) { return square(scatter_add(v[0], into, 5, 1)); }, in);
  check_derivatives(
      "reflect_pad", [](const Inputs& v) { return square(reflect_pad(v[0], 1, 2, 1)); }, in);
  check_derivatives(
      "replicate_pad", [](const Inputs& v) { return square(replicate_pad(v[0], 2, 3, 1)); }, in);
}

TEST_CASE("concat differentiates as finite differences do", "[ops]") {
  const Inputs in = {random({2, 1, 3}), random({2, 2, 3}, 2), random({2, 0, 3}), random({2, 1, 3}, 3),
                     random({2, 3, 3}, 4)};
  const auto joined = [](const Inputs& v) { return square(concat(v, 1)); };
  CHECK(joined(in).shape() == Shape{2, 7, 3});
  check_derivatives("concat", joined, in);
}

TEST_CASE("whole rows differentiate as finite differences do", "[ops]") {
  const Inputs in = {random({3, 2, 2}), random({2, 2, 2}, 2)};
  const auto appended = [](const Inputs& v) { return square(append_rows(v[0], v[1])); };
  CHECK(appended(in).shape() == Shape{5, 2, 2});
  for (Index i = 0; i < 20; ++i) {
    const Var& part = in[i < 12 ? 0 : 1];
    CHECK(append_rows(in[0], in[1]).data()[i] == part.data()[i < 12 ? i : i - 12]);
  }
  check_derivatives("append_rows", appended, in);
  check_derivatives("rows", [](const Inputs& v) { return square(rows(v[0], 1, 2)); }, {in[0]});
  check_derivatives("pad_rows", [](const Inputs& v) { return square(pad_rows(v[0], 1, 5)); }, {in[0]});
  CHECK(pad_rows(rows(in[0], 1, 1), 1, 3).data()[3] == 0);
  CHECK(append_rows(rows(in[0], 0, 0), in[1]).shape() == Shape{2, 2, 2});
}

TEST_CASE("reductions differentiate as finite differences do", "[ops]") {
  const Inputs in = {random({3, 2, 4})};
  check_derivatives(
      "sum", [](const Inputs& v) { return square(sum(v[0])); }, in);
  check_derivatives(
      "sum over axes",
      [](const Inputs& v) {
        return square(sum(v[0], {0, -1}));
      },
      in);
  check_derivatives(
      "sum_to",
      [](const Inputs& v) {
        return square(sum_to(v[0], {2, 1}));
      },
      in);
  check_derivatives(
      "mean", [](const Inputs& v) { return square(mean(v[0])); }, in);
  check_derivatives(
      "mean over an axis", [](const Inputs& v) { return square(mean(v[0], 1)); }, in);
  check_derivatives(
      "variance",
      [](const Inputs& v) {
        return variance(v[0], {0, 1});
      },
      in);
  check_derivatives(
      "l2_norm", [](const Inputs& v) { return l2_norm(v[0], -1); }, in);
  check_derivatives(
      "norm_per_sample", [](const Inputs& v) { return norm_per_sample(v[0]); }, in);
}

TEST_CASE("a norm's gradient at the origin is zero, to second order", "[ops]") {
  const Var x(Tensor<double>::zeros({2, 3}));
  const Var dx = grad(sum(norm_per_sample(x)), x, {.create_graph = true});
  const Var ddx = grad(sum(square(dx)), x);
  for (Index i = 0; i < 6; ++i) {
    CHECK(dx.data()[i] == 0);
    CHECK(ddx.data()[i] == 0);
  }
}

TEST_CASE("empty tensors pass through", "[ops]") {
  const Var x = random({0, 3});
  CHECK(sum(x).item() == 0);
  CHECK(sum(x, 0).shape() == Shape{1, 3});
  CHECK(grad(sum(square(x)), x).shape() == Shape{0, 3});
  CHECK(concat<double>({x, random({2, 3})}, 0).shape() == Shape{2, 3});
  CHECK_THROWS_AS(mean(x), ShapeError);
}

TEST_CASE("movements that do not fit say what was expected", "[ops]") {
  const Var x = random({2, 3});
  CHECK_THROWS_WITH(reshape(x, {4, 2}), Catch::Contains("6 elements") && Catch::Contains("[4, 2]"));
  CHECK_THROWS_WITH(permute(x, {0, 0}), Catch::Contains("every axis"));
  CHECK_THROWS_WITH(slice(x, {1, 1}, {2, 2}), Catch::Contains("[2, 3]"));
  CHECK_THROWS_WITH(concat<double>({x, random({2, 3, 1})}, 0), Catch::Contains("[2, 3, 1]"));
  CHECK_THROWS_WITH(gather(x, Positions::from(std::vector<int>{2}, {1})), Catch::Contains("below 2"));
  CHECK_THROWS_AS(reflect_pad(x, 0, 2, 0), ShapeError);
  CHECK_THROWS_WITH(rows(x, 1, 2), Catch::Contains("[2, 3]") && Catch::Contains("2 from 1"));
  CHECK_THROWS_WITH(pad_rows(x, 2, 3), Catch::Contains("3 entries"));
  CHECK_THROWS_WITH(append_rows(x, random({2, 4})), Catch::Contains("[2, 4]"));
}
