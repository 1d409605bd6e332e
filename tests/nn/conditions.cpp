// Conditional layers: their formulas, their gradients, and what they say when nobody asks for anything.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <eigan/nn/nn.hpp>
#include <eigan/ops/rows.hpp>

#include "catch.hpp"
#include "ops/gradients.hpp"

using namespace eigan;
using Var = Variable<double>;

namespace {

Labels labels_of(std::vector<std::int32_t> values) {
  Labels labels(Shape{static_cast<Index>(values.size())});
  std::copy(values.begin(), values.end(), labels.mutable_data());
  return labels;
}

Var random(const Shape& shape, const char* name) { return Var(RandomStream(3, name).normal<double>(shape)); }

const Labels asked = labels_of({2, 0, 2, 1});

std::vector<nn::AnyLayer<double>> conditional_layers() {
  return {nn::ConcatCondition<double>({.classes = 3}), nn::ConcatCondition<double>({.classes = 3, .embedding = 2}),
          nn::ConditionalBatchNorm<double>(5, {.classes = 3}), nn::AdaptiveInstanceNorm<double>(5, {.classes = 3})};
}

}  // namespace

TEST_CASE("a condition without labels or values is empty, and one that does not fit is refused", "[nn][condition]") {
  CHECK(nn::Condition<>().empty());
  CHECK(nn::Condition<>(asked).size() == 4);
  CHECK_THROWS_AS(nn::Condition<>(asked, Tensor<float>::zeros({3, 2})), ShapeError);
  CHECK_THROWS_AS(nn::Condition<>(Tensor<float>::zeros({3})), ShapeError);
  const auto rows = nn::Condition<>::of_all_classes(3, 2);
  CHECK(std::vector<std::int32_t>(rows.labels().data(), rows.labels().data() + 6) ==
        std::vector<std::int32_t>{0, 0, 1, 1, 2, 2});
  const auto twice = nn::Condition<>(asked, Tensor<float>::full({4, 1}, 2)).repeated_for(8);
  for (Index i = 0; i < 8; ++i) CHECK(twice.labels().data()[i] == asked.data()[i % 4]);
  CHECK(twice.values().shape() == Shape{8, 1});
  CHECK_THROWS_AS(nn::Condition<>(asked).repeated_for(6), ShapeError);
}

TEST_CASE("a conditional layer without a condition says what it misses", "[nn][condition]") {
  auto layers = conditional_layers();
  for (auto& layer : layers) {
    INFO(layer.name());
    nn::initialize(layer, 1);
    CHECK(nn::is_conditional(layer));
    CHECK(nn::is_conditional(nn::Sequential<double>{layer}));
    const Var x = random({4, 2, 2, 5}, "x");
    CHECK_THROWS_WITH(layer.forward(x),
                      Catch::Contains(std::string(layer.name())) && Catch::Contains("a label for each sample"));
    const nn::Condition<double> few(labels_of({0, 1})), outside(labels_of({0, 1, 2, 3}));
    CHECK_THROWS_AS(layer.forward(x, nn::Pass<double>().with_condition(few)), ShapeError);
    CHECK_THROWS_WITH(layer.forward(x, nn::Pass<double>().with_condition(outside)),
                      Catch::Contains("labels of 0 to 2, got 3"));
  }
  CHECK_FALSE(nn::is_conditional(nn::Sequential<double>{nn::Linear<double>(2, 2)}));
}

TEST_CASE("a layer with another weight is as conditional as the one inside", "[nn][condition]") {
  const nn::ConditionalBatchNorm<double> norm(5, {.classes = 3});
  const nn::Condition<double> condition(asked);
  for (nn::AnyLayer<double> layer :
       {nn::AnyLayer<double>(nn::SpectralNorm(norm)), nn::AnyLayer<double>(nn::SpectralNorm(nn::SpectralNorm(norm))),
        nn::AnyLayer<double>(nn::WeightNorm(norm)), nn::AnyLayer<double>(nn::EqualizedLearningRate(norm))}) {
    INFO(layer.name());
    nn::initialize(layer, 1);
    CHECK(nn::is_conditional(layer));
    const Var x = random({4, 5}, "x");
    CHECK_THROWS_AS(layer.forward(x), ConfigError);
    CHECK(layer.forward(x, nn::Pass<double>::training().with_condition(condition)).shape() == x.shape());
  }
  CHECK_FALSE(nn::is_conditional(nn::SpectralNorm(nn::Linear<double>(2, 2))));
}

TEST_CASE("ConcatCondition appends the class and the values to every position", "[nn][condition]") {
  const nn::ConcatCondition<double> layer({.classes = 3, .values = 2});
  const Var x = random({4, 2, 1, 3}, "x"), values = random({4, 2}, "values");
  const nn::Condition<double> condition(asked, values.value());
  const Var y = layer.forward(x, nn::Pass<double>().with_condition(condition));
  REQUIRE(y.shape() == Shape{4, 2, 1, 8});
  for (Index n = 0; n < 4; ++n)
    for (Index position = 0; position < 2; ++position) {
      const double* const row = y.data() + (n * 2 + position) * 8;
      for (Index c = 0; c < 3; ++c) CHECK(row[c] == x.data()[(n * 2 + position) * 3 + c]);
      for (Index c = 0; c < 3; ++c) CHECK(row[3 + c] == (asked.data()[n] == c ? 1 : 0));
      for (Index i = 0; i < 2; ++i) CHECK(row[6 + i] == values.data()[n * 2 + i]);
    }
}

TEST_CASE("a conditional norm is the plain one, times and plus what belongs to the class", "[nn][condition]") {
  nn::ConditionalBatchNorm<double> batch(5, {.classes = 3});
  nn::AdaptiveInstanceNorm<double> instance(5, {.classes = 3});
  nn::initialize(batch, 1);
  nn::initialize(instance, 1);
  const nn::Condition<double> condition(asked);
  const Var x = random({4, 2, 2, 5}, "x");
  const auto pass = nn::Pass<double>::training().with_condition(condition);
  const auto expect = [&](auto& layer, const Var& plain, bool starts_plain) {
    if (starts_plain) {
      const Var y = layer.forward(x, pass);
      for (Index i = 0; i < y.size(); ++i) CHECK(y.data()[i] == Approx(plain.data()[i]).margin(1e-12));
    }
    nn::for_each_parameter(layer, [](const std::string&, Parameter<double>& weight) {
      weight.assign(RandomStream(5, "weight").normal<double>(weight.shape()));
    });
    const Tensor<double> weight = nn::parameters(layer)[0].value();
    const Var y = layer.forward(x, pass);
    for (Index i = 0; i < y.size(); ++i) {
      const Index n = i / 20, channel = i % 5, label = asked.data()[n];
      const double gain = weight.data()[channel * 3 + label], shift = weight.data()[(5 + channel) * 3 + label];
      CHECK(y.data()[i] == Approx(plain.data()[i] * (1 + gain) + shift).margin(1e-12));
    }
  };
  expect(batch, nn::BatchNorm<double>(5, {.affine = false}).forward(x, nn::Pass<double>::training()), true);
  expect(instance, nn::InstanceNorm<double>(5).forward(x), false);
}

TEST_CASE("Projection adds the features' product with the class's vector", "[nn][condition]") {
  nn::Projection<nn::Linear<double>, nn::Linear<double>> layer(6, {.classes = 3});
  nn::initialize(layer, 7);
  const Var h = random({4, 6}, "h");
  const nn::Condition<double> condition(asked);
  const Var y = layer.forward(h, nn::Pass<double>().with_condition(condition));
  REQUIRE(y.shape() == Shape{4, 1});
  const auto weights = nn::parameters(layer);  // head's weight [1, 6] and bias [1], the map's weight [6, 3]
  REQUIRE(weights.size() == 3);
  for (Index n = 0; n < 4; ++n) {
    double expected = weights[1].data()[0];
    for (Index i = 0; i < 6; ++i)
      expected += h.data()[n * 6 + i] * (weights[0].data()[i] + weights[2].data()[i * 3 + asked.data()[n]]);
    CHECK(y.data()[n] == Approx(expected));
  }
  CHECK_THROWS_WITH(layer.forward(random({4, 2, 3}, "x"), nn::Pass<double>().with_condition(condition)),
                    Catch::Contains("put a Flatten"));
  using Normed = nn::SpectralNorm<nn::Linear<double>>;
  nn::Projection<Normed, Normed> normed(Normed(nn::Linear<double>(6, 1)),
                                        Normed(nn::Linear<double>(3, 6, nn::Bias::no)), {.classes = 3});
  nn::initialize(normed, 7);
  CHECK(normed.forward(h, nn::Pass<double>().with_condition(condition)).shape() == Shape{4, 1});
}

TEST_CASE("conditional layers have the gradients of finite differences, to second order",
          "[nn][condition][gradients]") {
  const nn::Condition<double> condition(asked);
  auto layers = conditional_layers();
  layers.push_back(nn::Projection<nn::Linear<double>, nn::Linear<double>>(5, {.classes = 3}));
  for (auto& layer : layers) {
    INFO(layer.name());
    nn::initialize(layer, 11);
    nn::for_each_parameter(layer, [](const std::string& name, Parameter<double>& weight) {
      weight.assign(RandomStream(5, name).normal<double>(weight.shape()));
    });
    const bool is_flat = layer.name() == "Projection";
    const std::vector<Var> handles = nn::parameters(layer);
    std::vector<Var> inputs{random(is_flat ? Shape{4, 5} : Shape{4, 2, 3, 5}, "x")};
    for (const Var& handle : handles) inputs.push_back(Var(handle.value().clone()));
    test::check_derivatives(
        std::string(layer.name()),
        [&](const std::vector<Var>& in) {
          const nn::Bindings<double> bindings(handles, {in.begin() + 1, in.end()});
          return layer.forward(
              in[0],
              nn::Pass<double>::training().with_frozen_statistics().with_condition(condition).with_bindings(bindings));
        },
        inputs);
  }
}

TEST_CASE("a classifying discriminator returns realness, classes, the twin's, and what was asked", "[nn][condition]") {
  nn::Classifying discriminator(nn::Sequential{nn::Linear(4, 6), nn::ReLU()},
                                {.features = 6, .classes = 3, .twin = true});
  nn::initialize(discriminator, 1);
  const Variable<float> x(RandomStream(1, "x").normal<float>({4, 4}));
  const nn::Condition<float> condition(asked);
  const nn::Verdict<float> verdict = discriminator.forward(x, nn::Pass<>().with_condition(condition));
  CHECK(verdict.logits.shape() == Shape{4, 1});
  CHECK(verdict.classes.shape() == Shape{4, 3});
  CHECK(verdict.twin.shape() == Shape{4, 3});
  for (Index n = 0; n < 4; ++n)
    for (Index k = 0; k < 3; ++k) CHECK(verdict.asked.data()[n * 3 + k] == (asked.data()[n] == k ? 1 : 0));
  CHECK_FALSE(discriminator.forward(x).asked.defined());
  const nn::Condition<float> other(Tensor<float>::zeros({4, 2}));
  CHECK_THROWS_AS(discriminator.forward(x, nn::Pass<>().with_condition(other)), ShapeError);
  const auto first = verdict.map([](const Variable<float>& part) { return rows(part, 0, 1); });
  CHECK(first.asked.shape() == Shape{1, 3});
}

TEST_CASE("at first a projection asks no more loudly than it looks", "[nn][condition]") {
  nn::Projection<nn::Linear<double>, nn::Linear<double>> layer(400, {.classes = 4});
  nn::initialize(layer, 1);
  double largest = 0;
  nn::for_each_parameter(layer, [&](const std::string& name, Parameter<double>& parameter) {
    if (name != "condition.weight") return;
    REQUIRE(parameter.shape() == Shape{400, 4});
    for (Index i = 0; i < parameter.size(); ++i) largest = std::max(largest, std::abs(parameter.data()[i]));
  });
  CHECK(largest <= std::sqrt(6.0 / 404));
  CHECK(largest > 0.9 * std::sqrt(6.0 / 404));
}
