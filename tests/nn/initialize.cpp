// First values: by name, by scheme, from each layer's own.
#include <algorithm>
#include <cmath>
#include <string>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"

using namespace eigan;

namespace {

bool same_bits(const Variable<>& a, const Variable<>& b) {
  return a.shape() == b.shape() && std::equal(a.data(), a.data() + a.size(), b.data());
}

struct Statistics {
  double mean = 0, deviation = 0, largest = 0;
};

template <class S>
Statistics statistics(const Variable<S>& values) {
  double sum = 0, squares = 0, largest = 0;
  for (Index i = 0; i < values.size(); ++i) {
    const auto value = static_cast<double>(values.data()[i]);
    sum += value;
    squares += value * value;
    largest = std::max(largest, std::abs(value));
  }
  const double mean = sum / static_cast<double>(values.size());
  return {mean, std::sqrt(squares / static_cast<double>(values.size()) - mean * mean), largest};
}

template <class M>
auto parameter(const M& model, const std::string& name) {
  Variable<nn::ScalarOf<M>> found;
  nn::for_each_parameter(model, [&](const std::string& other, const auto& p) {
    if (other == name) found = p;
  });
  REQUIRE(found.defined());
  return found;
}

auto small_model() { return nn::Sequential{nn::Linear(200, 100), nn::BatchNorm(100), nn::ReLU(), nn::Linear(100, 50)}; }

}  // namespace

TEST_CASE("initialisation fills what is unfilled, and nothing else", "[nn]") {
  nn::Linear layer(2, 2);
  layer.visit([](std::string_view name, Parameter<>& p) {
    if (name == "bias") p.assign(Tensor<float>::from({5.f, 6.f}));
  });
  nn::initialize(layer, 1);
  CHECK(parameter(layer, "bias").data()[1] == 6);
  const Variable<> weight(parameter(layer, "weight").value());
  nn::initialize(layer, 2);
  CHECK(same_bits(weight, parameter(layer, "weight")));
}

TEST_CASE("a parameter's start depends on seed and name alone", "[nn]") {
  auto model = small_model(), again = small_model(), other = small_model(), prefixed = small_model();
  nn::Sequential longer{nn::Linear(200, 100), nn::BatchNorm(100), nn::PReLU(), nn::Linear(100, 50), nn::Linear(50, 1)};
  nn::initialize(model, 1);
  nn::initialize(again, 1);
  nn::initialize(other, 2);
  nn::initialize(prefixed, 1, "generator");
  nn::initialize(longer, 1);
  CHECK(same_bits(parameter(model, "3.weight"), parameter(again, "3.weight")));
  CHECK(same_bits(parameter(model, "3.weight"), parameter(longer, "3.weight")));
  CHECK_FALSE(same_bits(parameter(model, "3.weight"), parameter(other, "3.weight")));
  CHECK_FALSE(same_bits(parameter(model, "3.weight"), parameter(prefixed, "3.weight")));
  CHECK_FALSE(same_bits(parameter(model, "0.bias"), parameter(model, "3.bias")));
}

TEST_CASE("layers start as PyTorch's do", "[nn]") {
  nn::Sequential model{nn::Linear(400, 300), nn::Conv2d({.in = 32, .out = 64, .kernel = 3, .groups = 2}),
                       nn::ConvTranspose2d({.in = 64, .out = 32, .kernel = 4}), nn::PReLU(7), nn::BatchNorm(7)};
  nn::initialize(model, 1);
  const auto check_bound = [&](const char* name, double bound) {
    const Statistics found = statistics(parameter(model, name));
    INFO(name);
    CHECK(found.largest <= bound);
    CHECK(found.largest > 0.95 * bound);
    if (parameter(model, name).size() > 1000) CHECK(found.deviation == Approx(bound / std::sqrt(3)).epsilon(0.02));
  };
  check_bound("0.weight", 1 / std::sqrt(400.0));
  check_bound("0.bias", 1 / std::sqrt(400.0));
  check_bound("1.weight", 1 / std::sqrt(16.0 * 9));
  check_bound("1.bias", 1 / std::sqrt(16.0 * 9));
  check_bound("2.weight", 1 / std::sqrt(32.0 * 16));
  CHECK(parameter(model, "3.weight").data()[6] == 0.25f);
  CHECK(parameter(model, "4.weight").data()[6] == 1);
  CHECK(parameter(model, "4.bias").data()[6] == 0);
  nn::Embedding table(100, 200);
  nn::initialize(table, 1);
  CHECK(statistics(parameter(table, "weight")).deviation == Approx(1).epsilon(0.02));
}

TEST_CASE("DCGAN's scheme: small normal weights, gains around one, no biases", "[nn]") {
  nn::Sequential model{nn::Linear(200, 100), nn::BatchNorm(1000), nn::Conv2d({.in = 32, .out = 64, .kernel = 3}),
                       nn::PReLU(3), nn::LayerNorm(5)};
  nn::initialize(model, 1);
  nn::initialize(model, 1, nn::init::dcgan());
  CHECK(statistics(parameter(model, "0.weight")).deviation == Approx(0.02).epsilon(0.02));
  CHECK(statistics(parameter(model, "2.weight")).deviation == Approx(0.02).epsilon(0.02));
  CHECK(statistics(parameter(model, "1.weight")).mean == Approx(1).epsilon(0.005));
  CHECK(statistics(parameter(model, "1.weight")).deviation == Approx(0.02).epsilon(0.1));
  for (const char* bias : {"0.bias", "1.bias", "2.bias", "4.bias"})
    CHECK(statistics(parameter(model, bias)).largest == 0);
  CHECK(parameter(model, "3.weight").data()[0] == 0.25f);
  CHECK(parameter(model, "4.weight").data()[0] == 1);
}

TEST_CASE("what has values already keeps them where only the empty is asked for", "[nn]") {
  nn::Linear filled(200, 100);
  nn::initialize(filled, 1);
  const float first = parameter(filled, "weight").data()[0];
  nn::Sequential model{std::move(filled), nn::Linear(100, 200)};
  nn::initialize_empty(model, 1, nn::init::dcgan());
  CHECK(parameter(model, "0.weight").data()[0] == first);
  CHECK(statistics(parameter(model, "0.weight")).deviation == Approx(1 / std::sqrt(3 * 200.0)).epsilon(0.02));
  CHECK(statistics(parameter(model, "1.weight")).deviation == Approx(0.02).epsilon(0.02));
}

TEST_CASE("a scheme reaches layers at any depth, and a layer by itself", "[nn]") {
  nn::Sequential model{nn::Residual{nn::Sequential{nn::BatchNorm(500)}}};
  nn::BatchNorm alone(500);
  nn::initialize(model, 1, nn::init::dcgan());
  nn::initialize(alone, 1, nn::init::dcgan());
  CHECK(statistics(parameter(model, "0.inner.0.weight")).deviation == Approx(0.02).epsilon(0.1));
  CHECK(statistics(parameter(alone, "weight")).deviation == Approx(0.02).epsilon(0.1));
}

TEST_CASE("an orthogonal weight is one, times its gain", "[nn]") {
  const auto worst_of = [](Index rows, Index columns, auto&& at, double gain) {
    double worst = 0;
    const bool wide = rows <= columns;
    const Index count = wide ? rows : columns, length = wide ? columns : rows;
    for (Index a = 0; a < count; ++a)
      for (Index b = 0; b < count; ++b) {
        double product = 0;
        for (Index i = 0; i < length; ++i) product += wide ? at(a, i) * at(b, i) : at(i, a) * at(i, b);
        worst = std::max(worst, std::abs(product - (a == b ? gain * gain : 0)));
      }
    return worst;
  };
  for (const Shape& shape : {Shape{1, 1}, Shape{30, 20}, Shape{20, 30}, Shape{64, 64}, Shape{300, 260}}) {
    RandomStream stream(1, "test");
    const Tensor<double> weight = nn::init::orthogonal(2).draw(shape, stream);
    const auto at = [&](Index i, Index j) { return weight.data()[i * shape[1] + j]; };
    INFO(to_string(shape));
    CHECK(worst_of(shape[0], shape[1], at, 2) < 1e-12);
  }
  nn::Linear layer(50, 20);
  nn::initialize(layer, 1, nn::init::orthogonal());
  const Variable<> weight = parameter(layer, "weight");
  CHECK(worst_of(
            20, 50, [&](Index i, Index j) { return double(weight.data()[i * 50 + j]); }, 1) < 1e-6);
}

TEST_CASE("orthogonal weights are uniformly distributed: no sign is preferred", "[nn]") {
  double diagonal = 0;
  RandomStream stream(1, "test");
  for (int i = 0; i < 400; ++i) diagonal += nn::init::orthogonal().draw({3, 3}, stream).data()[0] / 400;
  CHECK(std::abs(diagonal) < 0.1);
}

TEST_CASE("fans need a matrix", "[nn]") {
  RandomStream stream(1, "test");
  CHECK_THROWS_WITH(nn::init::xavier_normal().draw({5}, stream),
                    Catch::Contains("expected a weight of rank 2 or more to count its fans, got shape [5]"));
}
