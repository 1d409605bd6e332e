// Layers one after another: what they compute, and what is said when they do not fit.
#include <string>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"

using namespace eigan;

namespace {

struct Doubling {
  template <class S>
  Variable<S> forward(const Variable<S>& x) const {
    return x * 2.0;
  }
};

struct Picky {
  Variable<> forward(const Variable<>& x) const {
    throw ShapeError("expected something else, got " + to_string(x.shape()));
  }
};

template <class S>
Variable<S> ones(const Shape& shape) {
  return Variable<S>(Tensor<S>::full(shape, S(1)));
}

}  // namespace

TEST_CASE("layers are applied in order", "[nn]") {
  const nn::Sequential model{Doubling{}, nn::Flatten(), nn::Sequential{Doubling{}, nn::Reshape({3, 1})}};
  const Variable<> y = model(ones<float>({2, 1, 3}));
  CHECK(y.shape() == Shape{2, 3, 1});
  CHECK(y.data()[5] == 4);
  CHECK(nn::Sequential<>()(y).same_as(y));
}

TEST_CASE("a Tensor in gives a Tensor out, and nothing is recorded", "[nn]") {
  const nn::Sequential model{Doubling{}, nn::Tanh()};
  const Tensor<float> y = model(Tensor<float>::full({2, 2}, 0.5f));
  CHECK(y.data()[3] == Approx(std::tanh(1.0)));
  CHECK(is_recording());
  CHECK(std::string(model(ones<float>({1})).operation()) == "tanh");
}

TEST_CASE("a shape that does not fit is answered with position and layer", "[nn]") {
  nn::Sequential critic{nn::Tanh(), nn::LeakyReLU(0.2), nn::ReLU(), nn::Linear(784, 1)};
  nn::initialize(critic, 1);
  CHECK_THROWS_WITH(critic(ones<float>({64, 28, 28, 1})),
                    "layer 3 (Linear): expected input [N, 784], got [64, 28, 28, 1]; put a Flatten before it");
  CHECK_THROWS_WITH(critic(ones<float>({64, 100})), "layer 3 (Linear): expected input [N, 784], got [64, 100]");
  CHECK_THROWS_AS(critic(ones<float>({64, 100})), ShapeError);

  const nn::Sequential outer{nn::Tanh(), nn::Sequential{nn::ReLU(), Picky{}}};
  CHECK_THROWS_WITH(outer(ones<float>({2})), "layer 1 (Sequential), layer 1 (Picky): expected something else, got [2]");
}

TEST_CASE("a residual adds what its layer returns to what it got", "[nn]") {
  const nn::Residual twice{Doubling{}};
  CHECK(twice.forward(ones<float>({2, 3})).data()[4] == 3);
  const nn::Residual reshaped{nn::Flatten(), nn::Sequential{nn::Flatten(), Doubling{}}};
  CHECK(reshaped.forward(ones<float>({2, 1, 3})).shape() == Shape{2, 3});
  CHECK(reshaped.forward(ones<float>({2, 1, 3})).data()[0] == 3);

  const nn::Sequential wrong{nn::Residual{nn::Flatten()}};
  CHECK_THROWS_WITH(wrong(ones<float>({2, 1, 3})),
                    "layer 0 (Residual): expected Flatten to return the shape [2, 1, 3] of what it is added to, got "
                    "[2, 3]; give a projection");
}

TEST_CASE("a residual's layers are registered", "[nn]") {
  nn::Residual block{nn::Sequential{nn::Linear(4, 6)}, nn::Linear(4, 6, nn::Bias::no)};
  std::string names;
  nn::for_each_leaf(block, [&](const std::string& name, auto&) { names += name + " "; });
  CHECK(names == "inner.0.weight inner.0.bias projection.weight ");
}

TEST_CASE("the model of a first layer not yet initialised says so", "[nn]") {
  const nn::Sequential model{nn::Linear(3, 3)};
  CHECK_THROWS_WITH(model(ones<float>({1, 3})), Catch::Contains("not yet initialised"));
}

TEST_CASE("a (leaky) ReLU done in the pass of the layer before it changes nothing", "[nn]") {
  const auto check = [](const auto& layer, const Shape& input) {
    for (const double slope : {0.0, 0.2}) {
      nn::Sequential<double> model{layer};
      if (slope == 0)
        model.add(nn::ReLU());
      else
        model.add(nn::LeakyReLU(slope));
      nn::initialize(model, 1, nn::init::normal());
      RandomStream stream(1, "test");
      const Variable<double> x(stream.normal<double>(input));
      const Variable<double> y = model(x), expected = model[1].forward(model[0].forward(x));
      INFO(model[0].name());
      REQUIRE(y.shape() == expected.shape());
      CHECK(model[0].fuses_leaky_relu());
      CHECK(std::string(y.operation()) != "leaky_relu");
      for (Index i = 0; i < y.size(); ++i) CHECK(y.data()[i] == Approx(expected.data()[i]).margin(1e-12));
    }
  };
  check(nn::Linear<double>(5, 4), {3, 5});
  check(nn::Conv2d<double>({.in = 2, .out = 3, .kernel = 3, .padding = 1}), {2, 4, 4, 2});
  check(nn::ConvTranspose2d<double>({.in = 2, .out = 3, .kernel = 4, .stride = 2, .padding = 1}), {2, 3, 3, 2});
  check(nn::BatchNorm<double>(4), {3, 4});
  check(nn::LayerNorm<double>(4), {3, 4});
  check(nn::RMSNorm<double>(4), {3, 4});
  check(nn::GroupNorm<double>(2, 4), {3, 2, 4});
  check(nn::InstanceNorm<double>(4), {3, 2, 4});
}
