#include <cmath>
#include <vector>

#include <eigan/autograd/check.hpp>
#include <eigan/core/parallel.hpp>
#include <eigan/core/random.hpp>
#include <eigan/loss/loss.hpp>
#include <eigan/ops/matmul.hpp>

#include "catch.hpp"

using namespace eigan;
using Var = Variable<double>;

namespace {

template <class S = double>
Variable<S> normal(const char* name, const Shape& shape, double scale = 1) {
  RandomStream stream(7, name);
  return Variable<S>(stream.normal<S>(shape, 0, scale));
}

/// A critic [N, 4] -> [N, 1] with two hidden layers, smooth, so that finite differences are exact enough.
template <class S = double>
struct Mlp {
  std::vector<Variable<S>> parameters = {normal<S>("w1", {5, 4}, 0.7), normal<S>("b1", {5}, 0.3),
                                         normal<S>("w2", {6, 5}, 0.7), normal<S>("b2", {6}, 0.3),
                                         normal<S>("w3", {1, 6}, 0.8), normal<S>("b3", {1})};
  Variable<S> operator()(const Variable<S>& x) const {
    const auto& p = parameters;
    return linear(softplus(linear(tanh(linear(x, p[0], p[1])), p[2], p[3])), p[4], p[5]);
  }
};

double norm_of(const Var& x) {
  double total = 0;
  for (Index i = 0; i < x.size(); ++i) total += x.data()[i] * x.data()[i];
  return std::sqrt(total);
}

}  // namespace

TEST_CASE("a linear critic's gradient penalty is (|w| - target)^2, whatever it looks at", "[loss][penalty]") {
  const Var w = normal("w", {1, 4}, 2), x = normal("x", {3, 4});
  const auto critic = [&](const Var& batch) { return linear(batch, w); };
  const double norm = norm_of(w);
  REQUIRE(norm > 1.5);
  CHECK(loss::gradient_penalty(critic, x).item() == Approx(10 * (norm - 1) * (norm - 1)).epsilon(1e-12));
  CHECK(loss::gradient_penalty(critic, x, 3, 0).item() == Approx(3 * norm * norm).epsilon(1e-12));
  CHECK(loss::gradient_penalty(critic, x, 10, 1, true).item() == Approx(10 * (norm - 1) * (norm - 1)).epsilon(1e-12));
  CHECK(loss::gradient_penalty(critic, x, 10, norm + 1, true).item() == 0);
}

TEST_CASE("a gradient penalty's parameter gradient equals finite differences", "[loss][penalty][second-order]") {
  const Var x = normal("x", {6, 4});
  for (const bool one_sided : {false, true}) {
    // A critic that is steep for some samples and flat for others, so that one-sided matters.
    const double target = 0.8;
    const auto penalty = [&](const std::vector<Var>& parameters) {
      return loss::gradient_penalty(Mlp<>{parameters}, x, 10, target, one_sided);
    };
    const Var slope = grad(sum(Mlp<>()(x)), x);
    Index steeper = 0;
    for (Index n = 0; n < 6; ++n) {
      const double norm = norm_per_sample(slope).data()[n];
      REQUIRE(std::abs(norm - target) > 0.02);
      steeper += norm > target;
    }
    REQUIRE((steeper > 0 && steeper < 6));
    const GradientErrors errors = check_gradients(penalty, Mlp<>().parameters);
    INFO("one-sided: " << one_sided);
    CHECK(errors.first_order < 1e-8);
    CHECK(errors.second_order < 1e-6);
  }
}

TEST_CASE("a gradient penalty is the same number with and without recording", "[loss][penalty]") {
  const Var x = normal("x", {6, 4});
  const double recorded = loss::gradient_penalty(Mlp<>(), x).item();
  const NoGrad no_grad;
  CHECK(loss::gradient_penalty(Mlp<>(), x).item() == recorded);
}

TEST_CASE("a gradient penalty looks at one point between each real and generated sample", "[loss][penalty]") {
  const Shape shape{5, 2, 3, 2};
  const Var real = normal("real", shape), fake = normal("fake", shape);
  Var looked_at;
  const auto critic = [&](const Var& x) {
    looked_at = x;
    return sum(square(x), {1, 2, 3});
  };
  RandomStream stream(3, "penalty");
  loss::GradientPenalty()(critic, real, fake, stream);
  REQUIRE(looked_at.shape() == shape);
  std::vector<double> shares;
  for (Index n = 0; n < 5; ++n)
    for (Index i = 0; i < 12; ++i) {
      const double a = real.data()[n * 12 + i], b = fake.data()[n * 12 + i];
      const double share = (looked_at.data()[n * 12 + i] - b) / (a - b);
      if (i == 0) shares.push_back(share);
      CHECK(share == Approx(shares.back()).epsilon(1e-9));
      CHECK((share >= 0 && share <= 1));
    }
  for (std::size_t n = 1; n < 5; ++n) CHECK(std::abs(shares[n] - shares[n - 1]) > 1e-6);

  // The numbers are the stream's own, and the next call draws others.
  RandomStream again(3, "penalty");
  const Tensor<double> drawn = again.uniform<double>(Shape{5});
  for (std::size_t n = 0; n < 5; ++n) CHECK(shares[n] == Approx(drawn.data()[n]).epsilon(1e-9));
  CHECK(stream.state() == again.state());
  const Var first = looked_at;
  loss::GradientPenalty()(critic, real, fake, stream);
  CHECK(looked_at.data()[0] != first.data()[0]);
}

TEST_CASE("a gradient penalty is the one at its mixed points, with its options", "[loss][penalty]") {
  const Var real = normal("real", {6, 4}), fake = normal("fake", {6, 4});
  RandomStream stream(3, "penalty"), again(3, "penalty");
  const Var share(again.uniform<double>(Shape{6, 1}));
  const Var between = share * real + (1 - share) * fake;
  const double value = loss::GradientPenalty(4, {.target = 0.5, .one_sided = true})(Mlp<>(), real, fake, stream).item();
  CHECK(value == loss::gradient_penalty(Mlp<>(), between, 4, 0.5, true).item());
}

TEST_CASE("a critic may return any number of outputs per sample; their sum counts", "[loss][penalty]") {
  const Var x = normal("x", {3, 4, 4, 1});
  const auto map = [](const Var& batch) { return square(tanh(batch)); };  // [N, 4, 4, 1]
  const auto column = [&](const Var& batch) { return reshape(sum(map(batch), {1, 2, 3}), Shape{3, 1}); };
  const auto number = [&](const Var& batch) { return reshape(column(batch), Shape{3}); };
  const double expected = loss::gradient_penalty(map, x).item();
  CHECK(expected > 0);
  CHECK(loss::gradient_penalty(column, x).item() == Approx(expected).epsilon(1e-12));
  CHECK(loss::gradient_penalty(number, x).item() == Approx(expected).epsilon(1e-12));
}

TEST_CASE("a critic with slope 0 has a finite penalty and gradient", "[loss][penalty]") {
  const Var w(Tensor<double>::zeros(Shape{1, 4})), x = normal("x", {3, 4});
  const auto critic = [&](const Var& batch) { return linear(batch, w); };
  const Var penalty = loss::gradient_penalty(critic, x);
  CHECK(penalty.item() == Approx(10));
  CHECK(norm_of(grad(penalty, w)) == 0);
}

TEST_CASE("nothing flows through a penalty back to what made the generated samples", "[loss][penalty]") {
  const Var z = normal("z", {6, 4}), real = normal("real", {6, 4});
  RandomStream stream(3, "penalty");
  const Var penalty = loss::GradientPenalty()(Mlp<>(), real, tanh(z), stream);
  CHECK_THROWS_AS(grad(penalty, z), Error);
}

TEST_CASE("a gradient penalty in float is that in double, at any number of threads the same", "[loss][penalty]") {
  const Var x = normal("x", {64, 4});
  const Variable<float> x_float(x.value().cast<float>());
  const Mlp<float> critic;
  std::vector<float> values;
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    const Variable<float> penalty = loss::gradient_penalty(critic, x_float);
    values.push_back(penalty.item());
    values.push_back(grad(penalty, critic.parameters[0]).data()[0]);
  }
  set_threads(0);
  CHECK(values[2] == values[0]);
  CHECK(values[3] == values[1]);
  CHECK(values[4] == values[0]);
  CHECK(values[5] == values[1]);
  CHECK(values[0] == Approx(loss::gradient_penalty(Mlp<>(), x).item()).epsilon(1e-5));
}

TEST_CASE("batches that cannot be mixed are refused with a sentence", "[loss][penalty]") {
  RandomStream stream(3, "penalty");
  const auto penalise = [&](const Shape& real, const Shape& fake) {
    loss::GradientPenalty()(Mlp<>(), normal("real", real), normal("fake", fake), stream);
  };
  CHECK_THROWS_AS(penalise({6, 4}, {5, 4}), ShapeError);
  CHECK_THROWS_AS(penalise({6, 4}, {6, 1}), ShapeError);
  try {
    penalise({6, 4}, {5, 4});
  } catch (const ShapeError& error) {
    CHECK(std::string(error.what()).find("[6, 4] and [5, 4]") != std::string::npos);
  }
  CHECK_THROWS_AS(loss::GradientPenalty(-1), ConfigError);
  CHECK_THROWS_AS(loss::GradientPenalty(10, {.target = -1}), ConfigError);
}

TEST_CASE("any penalty goes behind one type, named and with its settings", "[loss][penalty]") {
  const Var real = normal("real", {6, 4}), fake = normal("fake", {6, 4});
  std::vector<loss::AnyPenalty<double>> penalties = {
      loss::GradientPenalty(10),
      [](const auto& critic, const auto& x, const auto&, RandomStream&) { return mean(square(critic(x))); }};
  CHECK(penalties[0].name() == "gradient_penalty");
  CHECK(penalties[1].name() == "custom");
  CHECK(penalties[1].settings().empty());
  const auto settings = penalties[0].settings();
  REQUIRE(settings.size() == 3);
  CHECK(settings[0] == std::pair<std::string, double>{"weight", 10});
  RandomStream stream(3, "penalty"), again(3, "penalty");
  const Mlp<> mlp;
  CHECK(penalties[0](mlp, real, fake, stream).item() == loss::GradientPenalty(10)(mlp, real, fake, again).item());
  loss::AnyPenalty<double> copy = penalties[1];
  CHECK(copy(mlp, real, fake, stream).item() == mean(square(mlp(real))).item());
}
