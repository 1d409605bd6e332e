// Batch norm's two lives, and its running statistics.
#include <cmath>
#include <string>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"

using namespace eigan;

namespace {

template <class M>
Tensor<double> buffer(const M& model, const std::string& name) {
  Tensor<double> found;
  nn::for_each_buffer(model, [&](const std::string& other, const auto& b) {
    if (other == name) found = b.value;
  });
  REQUIRE(found.defined());
  return found;
}

// Two channels with means 2.5 and -1, biased variances 1.25 and 4.
Variable<double> batch() {
  return Variable<double>(Tensor<double>::from(std::vector{1.0, -3.0, 2.0, 1.0, 3.0, -3.0, 4.0, 1.0}, Shape{2, 2, 2}));
}

}  // namespace

TEST_CASE("training normalises by the batch and moves the running statistics", "[nn]") {
  nn::BatchNorm<double> layer(2);
  nn::initialize(layer, 1);
  const Variable<double> y = layer.forward(batch(), nn::Pass<double>::training());
  CHECK(y.data()[0] == Approx(-1.5 / std::sqrt(1.25 + 1e-5)));
  CHECK(y.data()[7] == Approx(2 / std::sqrt(4 + 1e-5)));
  CHECK(buffer(layer, "running_mean").data()[0] == Approx(0.1 * 2.5));
  CHECK(buffer(layer, "running_mean").data()[1] == Approx(0.1 * -1));
  CHECK(buffer(layer, "running_var").data()[0] == Approx(0.9 + 0.1 * 1.25 * 4 / 3));
  CHECK(buffer(layer, "running_var").data()[1] == Approx(0.9 + 0.1 * 4.0 * 4 / 3));
}

TEST_CASE("evaluation uses the running statistics, and frozen training leaves them", "[nn]") {
  nn::BatchNorm<double> layer(2, {.epsilon = 0, .momentum = 1});
  nn::initialize(layer, 1);
  const Variable<double> before = layer.forward(batch());
  CHECK(before.data()[3] == 1);
  const auto frozen = nn::Pass<double>::training().with_frozen_statistics();
  CHECK(layer.forward(batch(), frozen).data()[0] == Approx(-1.5 / std::sqrt(1.25)));
  CHECK(buffer(layer, "running_mean").data()[0] == 0);
  (void)layer.forward(batch(), nn::Pass<double>::training());
  CHECK(layer.forward(batch()).data()[0] == Approx(-1.5 / std::sqrt(1.25 * 4 / 3)));
}

TEST_CASE("a sample's evaluation does not depend on its batch", "[nn]") {
  nn::Sequential model{nn::Linear(3, 4), nn::BatchNorm(4), nn::ReLU(), nn::Linear(4, 2)};
  nn::initialize(model, 1);
  RandomStream stream(1, "test");
  const Tensor<float> x = stream.normal<float>({6, 3});
  (void)model(Variable<>(x), nn::Pass<>::training(stream));
  const Tensor<float> all = model(x), one = model(x.rows(2, 1));
  for (Index i = 0; i < 2; ++i) CHECK(one.data()[i] == Approx(all.data()[2 * 2 + i]));
}

TEST_CASE("a batch norm with a (leaky) ReLU behind it is the two, one after the other", "[nn]") {
  RandomStream stream(1, "test");
  const Variable<double> x(stream.normal<double>({5, 3, 4}));
  for (const double slope : {0.0, 0.2}) {
    nn::Sequential<double> fused{nn::BatchNorm<double>(4)};
    if (slope == 0)
      fused.add(nn::ReLU());
    else
      fused.add(nn::LeakyReLU(slope));
    nn::initialize(fused, 1, nn::init::dcgan());
    const nn::Sequential<double> apart = fused;
    const auto training = nn::Pass<double>::training();
    const Variable<double> y = fused(x, training), expected = apart[1].forward(apart[0].forward(x, training), training);
    for (Index i = 0; i < y.size(); ++i) CHECK(y.data()[i] == Approx(expected.data()[i]));
    CHECK(buffer(fused, "0.running_mean").data()[1] == buffer(apart, "0.running_mean").data()[1]);

    const Variable<double> weights(stream.normal<double>(x.shape()));
    const auto first = grad(sum(y * weights), {x, parameters(fused)[0]});
    const auto second = grad(sum(expected * weights), {x, parameters(apart)[0]});
    for (std::size_t k = 0; k < first.size(); ++k)
      for (Index i = 0; i < first[k].size(); ++i)
        CHECK(first[k].data()[i] == Approx(second[k].data()[i]).margin(1e-12));
  }
}

TEST_CASE("a copy of a batch norm has running statistics of its own", "[nn]") {
  nn::BatchNorm<double> layer(2);
  nn::initialize(layer, 1);
  const nn::BatchNorm<double> copy = layer;
  (void)layer.forward(batch(), nn::Pass<double>::training());
  CHECK(buffer(copy, "running_mean").data()[0] == 0);
}

TEST_CASE("batch norm says what it cannot do", "[nn]") {
  nn::Sequential model{nn::BatchNorm(2)};
  nn::initialize(model, 1);
  CHECK_THROWS_WITH(model(Tensor<float>::zeros({4, 3})), "layer 0 (BatchNorm): expected input [N, ..., 2], got [4, 3]");
  CHECK_THROWS_WITH(model(Tensor<float>::zeros({1, 2}), nn::Pass<>::training()),
                    "layer 0 (BatchNorm): expected more than one value per channel to train on, got input [1, 2]");
  CHECK_NOTHROW(model(Tensor<float>::zeros({1, 2})));
  CHECK_THROWS_AS(nn::BatchNorm(2, {.momentum = 2}), ConfigError);
}
