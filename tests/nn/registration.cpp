// What visit yields: names, parameters, copies.
#include <string>
#include <type_traits>
#include <vector>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"

using namespace eigan;

namespace {

struct Block {
  nn::Linear<> inner{4, 4};
  Parameter<> gain{1};
  Buffer<> steps{Tensor<float>::zeros(Shape{1})};
  Variable<> forward(const Variable<>& x, const nn::Pass<>& pass = {}) const {
    return x + pass(gain) * inner.forward(x, pass);
  }
  void visit(auto&& field) {
    field("inner", inner);
    field("gain", gain);
    field("steps", steps);
  }
};

template <class S = float>
struct Scaled {
  Parameter<S> w{3};
  Variable<S> forward(const Variable<S>& x) const { return x * w; }
  void visit(auto&& field) { field("w", w); }
};

struct Tenth {
  template <class S>
  Variable<S> forward(const Variable<S>& x) const {
    return x * 0.1;
  }
};

struct Tower {
  std::vector<Block> blocks = std::vector<Block>(2);
  nn::Sequential<> head{nn::Linear(4, 1), nn::Tanh()};
  Variable<> forward(const Variable<>& x, const nn::Pass<>& pass = {}) const {
    Variable<> h = x;
    for (const Block& block : blocks) h = block.forward(h, pass);
    return head.forward(h, pass);
  }
  void visit(auto&& field) {
    field("blocks", blocks);
    field("head", head);
  }
};

struct ConditionalCritic {
  using Scalar = float;
  nn::Linear<> judge{8, 1};
  Variable<> forward(const Variable<>& x, const Labels&, const nn::Pass<>& pass = {}) const {
    return judge.forward(x, pass);
  }
  void visit(auto&& field) { field("judge", judge); }
};

template <class M>
std::vector<std::string> names(M& model, std::string_view prefix = {}) {
  std::vector<std::string> found;
  nn::for_each_leaf(
      model, [&](const std::string& name, auto&) { found.push_back(name); }, prefix);
  return found;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a leaf's name is its way through the model", "[nn]") {
  nn::Sequential model{nn::Linear(4, 4), nn::ReLU(), Block{}, nn::Sequential{Tenth{}, nn::Linear(4, 2, nn::Bias::no)}};
  const Names expected{"0.weight", "0.bias", "2.inner.weight", "2.inner.bias", "2.gain", "2.steps", "3.1.weight"};
  CHECK(names(model) == expected);
  CHECK(names(std::as_const(model)) == expected);
  CHECK(names(model, "generator").front() == "generator.0.weight");
}

TEST_CASE("a vector of layers is named by positions", "[nn]") {
  Tower tower;
  CHECK(names(tower) == Names{"blocks.0.inner.weight", "blocks.0.inner.bias", "blocks.0.gain", "blocks.0.steps",
                              "blocks.1.inner.weight", "blocks.1.inner.bias", "blocks.1.gain", "blocks.1.steps",
                              "head.0.weight", "head.0.bias"});
}

TEST_CASE("a const model hands out const fields, a mutable one mutable ones", "[nn]") {
  Tower tower;
  nn::for_each_parameter(std::as_const(tower), [](const std::string&, auto& parameter) {
    STATIC_REQUIRE(std::same_as<decltype(parameter), const Parameter<float>&>);
  });
  nn::for_each_buffer(tower, [](const std::string& name, auto& buffer) {
    STATIC_REQUIRE(std::same_as<decltype(buffer), Buffer<float>&>);
    CHECK(Catch::EndsWith("steps").match(name));
  });
  int own = 0;
  nn::visit(std::as_const(tower), [&](std::string_view, auto& field) {
    STATIC_REQUIRE(std::is_const_v<std::remove_reference_t<decltype(field)>>);
    ++own;
  });
  CHECK(own == 2);
}

TEST_CASE("parameters are handles on the model's own", "[nn]") {
  nn::Sequential model{nn::Linear(3, 2), nn::Tanh()};
  nn::initialize(model, 1);
  const auto first = parameters(model), second = nn::parameters(std::as_const(model));
  REQUIRE(first.size() == 2);
  CHECK(first[0].shape() == Shape{2, 3});
  CHECK(first[0].same_as(second[0]));
  CHECK(nn::parameter_count(model) == 8);
}

TEST_CASE("a copied model is independent, a moved one the same", "[nn]") {
  nn::Sequential model{nn::Linear(3, 2), Block{}, nn::Sequential{Scaled{}}};
  nn::initialize(model, 1);
  const auto before = parameters(model);
  nn::Sequential copy{model};
  STATIC_REQUIRE(std::same_as<decltype(copy), nn::Sequential<float>>);
  nn::Sequential within{model, nn::Tanh()};
  const auto copied = parameters(copy), inner = parameters(within);
  REQUIRE(copied.size() == before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK_FALSE(before[i].same_as(copied[i]));
    CHECK_FALSE(before[i].same_as(inner[i]));
    CHECK(before[i].shape() == copied[i].shape());
  }
  nn::for_each_parameter(copy, [](const std::string&, Parameter<>& parameter) { *parameter.mutable_data() = 77; });
  for (const auto& parameter : parameters(model)) CHECK(parameter.data()[0] != 77);

  const auto moved = std::move(model);
  const auto after = parameters(moved);
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(before[i].same_as(after[i]));
}

TEST_CASE("assigning a layer replaces what it holds by copies", "[nn]") {
  nn::AnyLayer any = nn::Linear(3, 3);
  const nn::AnyLayer other = nn::Sequential{nn::Linear(2, 2), nn::ReLU()};
  any = other;
  CHECK(names(any) == Names{"0.weight", "0.bias"});
  CHECK_FALSE(parameters(any)[0].same_as(parameters(other)[0]));
}

TEST_CASE("a container's Scalar is that of its layers", "[nn]") {
  nn::Sequential single{nn::Linear(2, 2), nn::ReLU(), Tenth{}, Block{}};
  nn::Sequential twice{nn::Linear<double>(2, 16),
                       nn::ReLU(),
                       Scaled<double>{},
                       nn::BatchNorm<double>(16),
                       nn::Conv2d<double>({.in = 1, .out = 2, .kernel = 3}),
                       nn::LeakyReLU(0.2)};
  nn::AnyLayer layer = nn::Linear<double>(3, 3);
  nn::Residual residual{nn::Sequential{nn::Linear<double>(3, 3)}};
  nn::Sequential weightless{nn::ReLU(), nn::Tanh()};
  STATIC_REQUIRE(std::same_as<decltype(single)::Scalar, float>);
  STATIC_REQUIRE(std::same_as<decltype(twice)::Scalar, double>);
  STATIC_REQUIRE(std::same_as<decltype(layer)::Scalar, double>);
  STATIC_REQUIRE(std::same_as<decltype(residual)::Scalar, double>);
  STATIC_REQUIRE(std::same_as<decltype(weightless)::Scalar, float>);
  STATIC_REQUIRE(std::same_as<nn::ScalarOf<Scaled<double>>, double>);
  STATIC_REQUIRE(std::same_as<nn::ScalarOf<Block>, float>);
}

TEST_CASE("a model that takes a condition is walked like any", "[nn]") {
  ConditionalCritic critic;
  CHECK(names(critic) == Names{"judge.weight", "judge.bias"});
  CHECK(parameters(critic).size() == 2);
}

TEST_CASE("a network may be put together at run time", "[nn]") {
  nn::Sequential<> model;
  for (Index i = 0; i < 3; ++i) model.add(nn::Linear(4, 4)).add(nn::ReLU()).add(Block{});
  model.add(nn::BatchNorm(4));
  auto copy = model;
  CHECK(parameters(model).size() == 3 * 5 + 2);
  CHECK_FALSE(parameters(model)[0].same_as(parameters(copy)[0]));
  CHECK(model.size() == 10);
  CHECK(model[2].name() == "Block");
  CHECK_THROWS_WITH(model[10], Catch::Contains("expected a position below 10, got 10"));
}

TEST_CASE("a layer is called what its author calls it", "[nn]") {
  CHECK(nn::name_of(nn::Linear(1, 1)) == "Linear");
  CHECK(nn::name_of(nn::Conv3d<double>({.in = 1, .out = 1, .kernel = 1})) == "Conv3d");
  CHECK(nn::name_of(Scaled<double>{}) == "Scaled");
  CHECK(nn::name_of(Tenth{}) == "Tenth");
  CHECK(type_name<std::vector<std::vector<int>>>() == "vector");
  CHECK(type_name<double>() == "double");
}
