#include <eigan/ops/activation.hpp>
#include <eigan/ops/elementwise.hpp>

#include "gradients.hpp"

using namespace eigan;
using test::check_derivatives;
using test::random;
using test::random_away_from;
using test::Var;
using Inputs = std::vector<Var>;

TEST_CASE("arithmetic with broadcasting differentiates as finite differences do", "[ops]") {
  const std::vector<std::pair<Shape, Shape>> shapes = {{{3, 4}, {3, 4}}, {{3, 4}, {4}},    {{2, 1, 3}, {4, 1}},
                                                       {{}, {2, 3}},     {{5, 1}, {5, 3}}, {{1}, {1}}};
  for (const auto& [left, right] : shapes) {
    const Inputs in = {random(left), random(right, 2, 3, 0.5)};
    const std::string what = to_string(left) + " with " + to_string(right);
    check_derivatives(
        "add " + what, [](const Inputs& v) { return v[0] + v[1]; }, in);
    check_derivatives(
        "sub " + what, [](const Inputs& v) { return v[0] - v[1]; }, in);
    check_derivatives(
        "mul " + what, [](const Inputs& v) { return v[0] * v[1]; }, in);
    check_derivatives(
        "div " + what, [](const Inputs& v) { return v[0] / v[1]; }, in);
  }
}

TEST_CASE("arithmetic with plain numbers differentiates as finite differences do", "[ops]") {
  const Inputs in = {random({2, 3}, 1, 4, 0.5)};
  check_derivatives(
      "numbers", [](const Inputs& v) { return (2 - v[0] * 3.0 + 1) / 4 + 5 / v[0] - (-v[0]) - 1; }, in);
  CHECK((2 - in[0]).data()[0] == Approx(2 - in[0].data()[0]));
  CHECK((6 / in[0]).data()[1] == Approx(6 / in[0].data()[1]));
}

TEST_CASE("smooth functions differentiate as finite differences do", "[ops]") {
  const Inputs any = {random({7})}, positive = {random({7}, 1, 3, 0.4)};
  check_derivatives(
      "exp", [](const Inputs& v) { return exp(v[0]); }, any);
  check_derivatives(
      "log", [](const Inputs& v) { return log(v[0]); }, positive);
  check_derivatives(
      "sqrt", [](const Inputs& v) { return sqrt(v[0]); }, positive);
  check_derivatives(
      "square", [](const Inputs& v) { return square(v[0]); }, any);
  check_derivatives(
      "reciprocal", [](const Inputs& v) { return reciprocal(v[0]); }, positive);
  for (const double exponent : {-1.5, -0.5, 0.0, 0.5, 1.0, 1.7, 2.0, 3.0})
    check_derivatives(
        "pow", [=](const Inputs& v) { return pow(v[0], exponent); }, positive);
  check_derivatives(
      "tanh", [](const Inputs& v) { return tanh(v[0]); }, any);
  check_derivatives(
      "sigmoid", [](const Inputs& v) { return sigmoid(v[0]); }, any);
  check_derivatives(
      "softplus", [](const Inputs& v) { return softplus(v[0]); }, any);
  check_derivatives(
      "sin", [](const Inputs& v) { return sin(v[0]); }, any);
  check_derivatives(
      "cos", [](const Inputs& v) { return cos(v[0]); }, any);
  check_derivatives(
      "erf", [](const Inputs& v) { return erf(v[0]); }, any);
  check_derivatives(
      "silu", [](const Inputs& v) { return silu(v[0]); }, any);
  check_derivatives(
      "gelu", [](const Inputs& v) { return gelu(v[0]); }, any);
}

TEST_CASE("piecewise functions differentiate as finite differences do, away from their kinks", "[ops]") {
  const Inputs in = {random_away_from({3, 5}, {0, 0.8, -0.8})};
  check_derivatives(
      "abs", [](const Inputs& v) { return abs(v[0]); }, in);
  check_derivatives(
      "sign", [](const Inputs& v) { return sign(v[0]) * v[0]; }, in);
  check_derivatives(
      "relu", [](const Inputs& v) { return relu(v[0]); }, in);
  check_derivatives(
      "relu squared", [](const Inputs& v) { return square(relu(v[0])); }, in);
  check_derivatives(
      "leaky_relu", [](const Inputs& v) { return leaky_relu(v[0], 0.2) * v[0]; }, in);
  check_derivatives(
      "elu", [](const Inputs& v) { return elu(v[0], 1.3); }, in);
  check_derivatives(
      "clamp", [](const Inputs& v) { return square(clamp(v[0], -0.8, 0.8)); }, in);
  const Inputs two = {random({3, 4}), random({4}, 9)};
  check_derivatives(
      "maximum", [](const Inputs& v) { return square(maximum(v[0], v[1])); }, two);
  check_derivatives(
      "minimum", [](const Inputs& v) { return square(minimum(v[0], v[1])); }, two);
  const Var mask(Tensor<double>::from(std::vector<int>{1, 0, 0, 1}, {4}));
  check_derivatives(
      "where", [&](const Inputs& v) { return square(where(mask, v[0], v[1])); }, two);
}

TEST_CASE("derivatives at kinks are PyTorch's", "[ops]") {
  const auto slope_at = [](const Var& x, const Var& y) { return grad(sum_to(y, Shape{}), x).value().item(); };
  const Var zero(Tensor<double>::from({0.0})), one(Tensor<double>::from({1.0}));
  CHECK(slope_at(zero, relu(zero)) == 0);
  CHECK(slope_at(zero, leaky_relu(zero, 0.2)) == 0.2);
  CHECK(slope_at(zero, abs(zero)) == 0);
  CHECK(slope_at(one, clamp(one, -1, 1)) == 1);
  CHECK(slope_at(zero, maximum(zero, Var(Tensor<double>::from({0.0})))) == 0.5);
}

TEST_CASE("detach lets the value through and no gradient", "[ops]") {
  const Var x = random({3});
  CHECK(detach(x).value().shares_memory_with(x.value()));
  const Var y = sum_to(x * detach(x), Shape{});
  const Var dx = grad(y, x);
  for (Index i = 0; i < 3; ++i) CHECK(dx.data()[i] == x.data()[i]);
}

TEST_CASE("shapes that do not broadcast are refused with both of them", "[ops]") {
  CHECK_THROWS_WITH(random({2, 3}) + random({4}), Catch::Contains("[2, 3]") && Catch::Contains("[4]"));
}
