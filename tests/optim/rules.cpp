#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include <eigan/autograd/check.hpp>
#include <eigan/core/parallel.hpp>
#include <eigan/ops/reduce.hpp>
#include <eigan/ops/reshape.hpp>
#include <eigan/ops/slice.hpp>
#include <eigan/optim/optim.hpp>

#include "catch.hpp"
#include "plain_rules.hpp"
#include "problem.hpp"

using namespace eigan;
using Var = Variable<double>;

namespace {

constexpr Index steps = 50;

double factor_at(Index step) { return step < 25 ? 1 : 0.5; }

/// The largest difference after 50 steps between the fused optimizer in S and the plain loops, relative to the largest
/// parameter.
template <class S, class Rule>
double difference_from_plain(const Rule& rule) {
  test::Problem<S> problem;
  optim::Optimizer<S> optimizer = problem.optimizer(rule);
  std::vector<double> plain;
  for (const S value : problem.values()) plain.push_back(static_cast<double>(value));
  std::vector<test::PlainState> states(plain.size());
  for (Index step = 0; step < steps; ++step) {
    std::size_t at = 0;
    for (const Variable<S>& gradient : problem.gradients(step))
      for (Index i = 0; i < gradient.size(); ++i, ++at)
        plain[at] = test::plain_step(rule, plain[at], static_cast<double>(gradient.data()[i]), states[at], step + 1,
                                     factor_at(step));
    problem.step(optimizer, step, factor_at(step));
  }
  double difference = 0, scale = 0;
  const std::vector<S> values = problem.values();
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const double off = std::abs(static_cast<double>(values[i]) - plain[i]);
    if (!(off <= difference)) difference = off;
    scale = std::max(scale, std::abs(plain[i]));
  }
  return difference / scale;
}

}  // namespace

TEST_CASE("each optimizer follows its formula for 50 steps", "[optim]") {
  test::for_each_rule([](const char* title, const auto& rule) {
    INFO(title);
    STATIC_REQUIRE(optim::FusedRule<std::remove_cvref_t<decltype(rule)>, float>);
    CHECK(difference_from_plain<double>(rule) < 1e-12);
    CHECK(difference_from_plain<float>(rule) < 1e-5);
  });
}

TEST_CASE("an optimizer's differentiable step is its fused one", "[optim]") {
  test::for_each_rule([](const char* title, const auto& rule) {
    INFO(title);
    test::Problem<double> fused;
    optim::Optimizer<double> optimizer = fused.optimizer(rule);
    Var parameter(fused.parameters[0].value());
    std::vector<Var> state = optimizer.state(0);
    REQUIRE(state.size() == rule.slots().size());
    for (Index step = 0; step < steps; ++step) {
      parameter =
          optimizer.rule().differentiable_step(parameter, fused.gradients(step)[0], state, step + 1, factor_at(step));
      fused.step(optimizer, step, factor_at(step));
    }
    const auto check_same = [](const Var& a, const Var& b) {
      REQUIRE(a.shape() == b.shape());
      for (Index i = 0; i < a.size(); ++i) CHECK(a.data()[i] == Approx(b.data()[i]).epsilon(1e-12).margin(1e-14));
    };
    check_same(parameter, fused.parameters[0]);
    for (std::size_t slot = 0; slot < state.size(); ++slot) check_same(state[slot], optimizer.state(0)[slot]);
  });
}

TEST_CASE("an optimizer's step differentiates as finite differences do", "[optim][second-order]") {
  test::for_each_rule([](const char* title, const auto& rule) {
    INFO(title);
    // Parameter, gradient and state in; the new parameter and the new state out.
    const auto step = [&](const std::vector<Var>& in) {
      std::vector<Var> state(in.begin() + 2, in.end());
      std::vector<Var> out{reshape(rule.differentiable_step(in[0], in[1], std::span<Var>(state), 3, 7.0), Shape{1, 6})};
      for (const Var& slot : state) out.push_back(reshape(slot, Shape{1, 6}));
      return concat(out, 0);
    };
    RandomStream stream(9, title);
    std::vector<Var> in = {Var(stream.normal<double>(Shape{6})), Var(stream.normal<double>(Shape{6}))};
    for (const std::string_view slot : rule.slots()) {
      const bool squares = slot == "second_moment" || slot == "square_average";
      in.emplace_back(squares ? stream.uniform<double>(Shape{6}, 0.8, 2) : stream.normal<double>(Shape{6}, 0, 0.3));
    }
    const GradientErrors errors = check_gradients(step, in);
    CHECK(errors.first_order < 1e-8);
    CHECK(errors.second_order < 1e-7);
  });
}

TEST_CASE("a step that starts from nothing can be differentiated at a gradient of zero", "[optim]") {
  test::for_each_rule([](const char* title, const auto& rule) {
    INFO(title);
    const Var parameter(Tensor<double>::from({1.0, -2.0})), gradient(Tensor<double>::from({0.0, 1.0}));
    std::vector<Var> state(rule.slots().size(), Var(Tensor<double>::zeros(Shape{2})));
    const Var moved = rule.differentiable_step(parameter, gradient, std::span<Var>(state), 1);
    const Var slope = grad(sum(moved), gradient);
    for (Index i = 0; i < 2; ++i) CHECK(std::isfinite(slope.data()[i]));
  });
}

TEST_CASE("an optimizer's bits do not depend on the number of threads", "[optim]") {
  test::for_each_rule([](const char* title, const auto& rule) {
    INFO(title);
    std::vector<std::vector<float>> runs;
    for (const int count : {1, 2, 3}) {
      set_threads(count);
      test::Problem<float> problem(test::Size::large);
      optim::Optimizer<float> optimizer = problem.optimizer(rule);
      for (Index step = 0; step < 3; ++step) problem.step(optimizer, step);
      runs.push_back(problem.values());
    }
    set_threads(0);
    CHECK(runs[1] == runs[0]);
    CHECK(runs[2] == runs[0]);
  });
}

TEST_CASE("hyper-parameters out of range are refused by name", "[optim]") {
  using Any = optim::AnyOptimizer<float>;
  CHECK_THROWS_AS(Any(optim::SGD{.learning_rate = -1}), ConfigError);
  CHECK_THROWS_AS(Any(optim::SGD{.nesterov = true}), ConfigError);
  CHECK_THROWS_AS(Any(optim::RMSProp{.alpha = 1}), ConfigError);
  CHECK_THROWS_AS(Any(optim::Adam{.beta1 = 1}), ConfigError);
  CHECK_THROWS_AS(Any(optim::AdamW{.weight_decay = -0.1}), ConfigError);
  try {
    Any(optim::Adam{.beta2 = 1.5});
  } catch (const ConfigError& error) {
    CHECK(std::string(error.what()).find("beta2") != std::string::npos);
  }
}

TEST_CASE("an optimizer names its hyper-parameters", "[optim]") {
  const optim::AnyOptimizer<float> any = optim::Adam{.learning_rate = 1e-4, .beta1 = 0, .beta2 = 0.9};
  CHECK(any.name() == "adam");
  CHECK(any.learning_rate() == 1e-4);
  CHECK(any.settings() ==
        Settings{{"learning_rate", 1e-4}, {"beta1", 0}, {"beta2", 0.9}, {"epsilon", 1e-8}, {"weight_decay", 0}});
}
