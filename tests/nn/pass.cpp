// What a forward depends on besides its input.
#include <string>
#include <vector>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"

using namespace eigan;

namespace {

struct Unaware {
  Parameter<> gain{1};
  Variable<> forward(const Variable<>& x) const { return x * gain; }
  void visit(auto&& field) { field("gain", gain); }
};

struct Forgetful {
  nn::Sequential<> inner{nn::Linear(2, 2), nn::BatchNorm(2)};
  Variable<> forward(const Variable<>& x) const { return inner.forward(x); }
  void visit(auto&& field) { field("inner", inner); }
};

// Serves any Scalar, and registers that it has nothing.
struct Open {
  template <class S>
  Variable<S> forward(const Variable<S>& x) const {
    return x * 2.0;
  }
  void visit(auto&&) {}
};

template <class S = float>
Variable<S> ones(const Shape& shape) {
  return Variable<S>(Tensor<S>::full(shape, S(1)));
}

double sum_of(const Variable<>& x) {
  double total = 0;
  for (Index i = 0; i < x.size(); ++i) total += static_cast<double>(x.data()[i]);
  return total;
}

bool same_bits(const Tensor<float>& a, const Tensor<float>& b) {
  return a.shape() == b.shape() && std::equal(a.data(), a.data() + a.size(), b.data());
}

}  // namespace

TEST_CASE("a pass evaluates unless it says otherwise", "[nn]") {
  RandomStream stream(1, "dropout");
  const nn::Pass<> pass, training = nn::Pass<>::training(stream), frozen = training.with_frozen_statistics();
  CHECK_FALSE(pass.is_training());
  CHECK_FALSE(pass.updates_statistics());
  CHECK(training.is_training());
  CHECK(training.updates_statistics());
  CHECK(frozen.is_training());
  CHECK_FALSE(frozen.updates_statistics());
  CHECK(&frozen.stream() == &stream);
}

TEST_CASE("dropout changes nothing in evaluation", "[nn]") {
  const auto x = ones({3, 4});
  CHECK(nn::Dropout(0.5).forward(x).same_as(x));
  RandomStream stream(1, "dropout");
  CHECK(nn::Dropout(0).forward(x, nn::Pass<>::training(stream)).same_as(x));
}

TEST_CASE("dropout keeps the mean, and drops what its stream says", "[nn]") {
  const auto x = ones({100, 100});
  const nn::Sequential model{nn::Dropout(0.2)};
  RandomStream stream(1, "dropout"), again(1, "dropout");
  const Variable<> first = model(x, nn::Pass<>::training(stream)), second = model(x, nn::Pass<>::training(stream));
  CHECK(sum_of(first) == Approx(10000).epsilon(0.02));
  for (Index i = 0; i < first.size(); ++i) CHECK((first.data()[i] == 0 || first.data()[i] == 1.25f));
  CHECK_FALSE(same_bits(first.value(), second.value()));
  CHECK(same_bits(first.value(), model(x, nn::Pass<>::training(again)).value()));
  CHECK(sum_of(nn::Dropout(1).forward(x, nn::Pass<>::training(stream))) == 0);
}

TEST_CASE("dropout in training without a stream is an error", "[nn]") {
  const nn::Sequential model{nn::ReLU(), nn::Dropout(0.2)};
  CHECK_THROWS_WITH(model(ones({2, 2}), nn::Pass<>::training()),
                    Catch::StartsWith("layer 1 (Dropout): expected a random stream"));
  CHECK_THROWS_WITH(nn::Dropout(1.5), Catch::Contains("expected a rate within [0, 1], got 1.5"));
}

TEST_CASE("what dropout drops gets no gradient", "[nn]") {
  RandomStream stream(1, "dropout");
  const auto x = ones({5, 5});
  const Variable<> y = nn::Dropout(0.5).forward(x, nn::Pass<>::training(stream));
  const Variable<> dx = grad(sum(y), x);
  for (Index i = 0; i < x.size(); ++i) CHECK(dx.data()[i] == y.data()[i]);
}

TEST_CASE("parameters are rebound for one pass, and the gradient flows to what they are bound to", "[nn]") {
  nn::Sequential model{nn::Linear(3, 2), nn::Tanh(), nn::Sequential{nn::Linear(2, 1)}};
  nn::initialize(model, 1);
  const auto own = parameters(model);
  const auto x = ones({4, 3});
  const Variable<> before = model(x);

  // One step of gradient descent, itself differentiable.
  const auto slopes = grad(sum(before), own, {.create_graph = true});
  std::vector<Variable<>> updated;
  for (std::size_t i = 0; i < own.size(); ++i) updated.push_back(own[i] - slopes[i] * 0.1);
  const nn::Bindings<> bindings(own, updated);
  const Variable<> after = model(x, nn::Pass<>().with_bindings(bindings));

  nn::Sequential stepped = model;
  std::size_t next = 0;
  nn::for_each_parameter(stepped, [&](const std::string&, Parameter<>& p) { p.assign(updated[next++].value()); });
  CHECK(same_bits(after.value(), stepped(x).value()));
  CHECK(same_bits(before.value(), model(x).value()));

  const auto through = grad(sum(after), updated);
  const auto direct = grad(sum(stepped(x)), parameters(stepped));
  for (std::size_t i = 0; i < through.size(); ++i) CHECK(same_bits(through[i].value(), direct[i].value()));
  CHECK(grad(sum(after), own).size() == own.size());  // through the update, to where it started
}

TEST_CASE("a binding is checked, and may be replaced", "[nn]") {
  nn::Linear layer(3, 2, nn::Bias::no);
  nn::initialize(layer, 1);
  const auto own = parameters(layer);
  nn::Bindings<> bindings;
  CHECK(bindings.empty());
  CHECK_THROWS_WITH(bindings.bind(own[0], ones({3, 2})),
                    Catch::Contains("expected a value of the parameter's shape [2, 3], got [3, 2]"));
  bindings.bind(own[0], ones({2, 3}));
  bindings.bind(own[0], ones({2, 3}) * 2.0);
  CHECK(layer.forward(ones({1, 3}), nn::Pass<>().with_bindings(bindings)).data()[0] == 6);
  CHECK_THROWS_WITH((nn::Bindings<>(own, {})), Catch::Contains("expected a value for each of 1 parameters, got 0"));
}

TEST_CASE("a layer that cannot be rebound says so", "[nn]") {
  nn::Sequential model{nn::Linear(2, 2), Unaware{}};
  nn::initialize(model, 1);
  const auto own = parameters(model);
  const nn::Bindings<> bindings(own, own);
  CHECK_NOTHROW(model(ones({1, 2})));
  CHECK_THROWS_WITH(model(ones({1, 2}), nn::Pass<>().with_bindings(bindings)),
                    "layer 1 (Unaware): expected a forward(x, pass) that hands the pass on to its parameters, which "
                    "other values stand in for, got a forward(x)");
}

TEST_CASE("a layer of one's own cannot silently train as if it evaluated", "[nn]") {
  nn::Sequential model{Forgetful{}, nn::Sequential{Forgetful{}}};
  nn::initialize(model, 1);
  CHECK_NOTHROW(model(ones({2, 2})));
  CHECK_THROWS_WITH(model(ones({2, 2}), nn::Pass<>::training()),
                    Catch::StartsWith("layer 0 (Forgetful): expected a forward(x, pass)"));
  CHECK_NOTHROW(nn::Sequential<double>{Open{}}(ones<double>({2, 2}), nn::Pass<double>::training()));
  nn::Sequential fine{Unaware{}};
  nn::initialize(fine, 1);
  CHECK_NOTHROW(fine(ones({2, 2}), nn::Pass<>::training()));
}
