#include <map>
#include <span>
#include <string>
#include <vector>

#include <eigan/core/pool.hpp>
#include <eigan/ops/arithmetic.hpp>
#include <eigan/ops/elementwise.hpp>
#include <eigan/optim/optim.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "plain_rules.hpp"
#include "problem.hpp"

using namespace eigan;

namespace {

using Saved = std::map<std::string, Tensor<float>>;

Saved saved(const optim::Optimizer<float>& optimizer) {
  Saved slots;
  optimizer.save("g", [&](const std::string& name, const Tensor<float>& slot) { slots[name] = slot; });
  return slots;
}

auto lookup(const Saved& slots) {
  return [&slots](const std::string& name) {
    const auto found = slots.find(name);
    return found == slots.end() ? nullptr : &found->second;
  };
}

/// A rule of a user's own: a formula in ops, nothing else. Moves by the sign of an average.
struct SignOfAverage {
  double learning_rate = 0.1;
  double keep = 0.5;
  optim::SlotNames slots() const { return {"average"}; }
  template <class S>
  Variable<S> differentiable_step(const Variable<S>& parameter, const Variable<S>& gradient,
                                  std::span<Variable<S>> state, Index, double factor) const {
    state[0] = keep * state[0] + (1 - keep) * gradient;
    return parameter - learning_rate * factor * sign(state[0]);
  }
};

}  // namespace

TEST_CASE("an optimizer saved and restored continues bit for bit", "[optim]") {
  test::for_each_rule([](const char* title, const auto& rule) {
    INFO(title);
    test::Problem<float> straight, resumed;
    optim::Optimizer<float> first = straight.optimizer(rule), before = resumed.optimizer(rule);
    for (Index step = 0; step < 5; ++step) straight.step(first, step);
    for (Index step = 0; step < 3; ++step) resumed.step(before, step);
    const Saved slots = saved(before);
    CHECK(slots.size() == rule.slots().size() * 4);
    resumed.step(before, 17);  // what is saved does not change with what comes after
    test::Problem<float> again;
    optim::Optimizer<float> after = again.optimizer(rule);
    for (Index step = 0; step < 3; ++step) again.step(after, step);
    after = again.optimizer(rule);
    after.restore("g", 3, lookup(slots));
    for (Index step = 3; step < 5; ++step) again.step(after, step);
    CHECK(after.steps() == 5);
    CHECK(again.values() == straight.values());
    const Saved expected = saved(first), found = saved(after);
    for (const auto& [name, slot] : expected) {
      const Tensor<float>& other = found.at(name);
      CHECK(std::equal(slot.data(), slot.data() + slot.size(), other.data()));
    }
  });
}

TEST_CASE("slots are named after their purpose and their parameter", "[optim]") {
  test::Problem<float> problem;
  const Saved slots = saved(problem.optimizer(optim::Adam{}));
  CHECK(slots.count("g.first_moment.0.weight") == 1);
  CHECK(slots.count("g.second_moment.scale") == 1);
  CHECK(slots.at("g.first_moment.0.weight").shape() == Shape{5, 7});
}

TEST_CASE("slots that are missing or of another shape are refused by name and change nothing", "[optim]") {
  test::Problem<float> problem;
  optim::Optimizer<float> optimizer = problem.optimizer(optim::Adam{});
  problem.step(optimizer, 0);
  const Saved before = saved(optimizer);
  const auto message = [&](const Saved& slots) -> std::string {
    try {
      optimizer.restore("g", 9, lookup(slots));
    } catch (const CheckpointError& error) {
      return error.what();
    }
    return "nothing thrown";
  };
  Saved missing = before, bent = before;
  missing.erase("g.second_moment.last");
  bent["g.second_moment.last"] = Tensor<float>::zeros(Shape{17, 11});
  CHECK(message(missing).find("g.second_moment.last") != std::string::npos);
  CHECK(message(bent).find("expected shape [11, 17], got [17, 11]") != std::string::npos);
  CHECK(optimizer.steps() == 1);
  const Saved after = saved(optimizer);
  for (const auto& [name, slot] : after) CHECK(slot.data() == before.at(name).data());
}

TEST_CASE("parameters and gradients that do not belong are refused before anything moves", "[optim]") {
  test::Problem<float> problem;
  optim::Optimizer<float> optimizer = problem.optimizer(optim::SGD{.momentum = 0.9});
  const std::vector<float> before = problem.values();
  auto gradients = problem.gradients(0);
  gradients.back() = gradients.front();
  CHECK_THROWS_AS(optimizer.step(problem.pointers(), gradients), ShapeError);
  gradients.pop_back();
  CHECK_THROWS_AS(optimizer.step(problem.pointers(), gradients), ShapeError);
  CHECK(problem.values() == before);
  CHECK(optimizer.steps() == 0);
}

TEST_CASE("a copy of an optimizer goes on by itself", "[optim]") {
  test::Problem<float> problem;
  optim::Optimizer<float> optimizer = problem.optimizer(optim::Adam{});
  problem.step(optimizer, 0);
  const std::vector<float> values = problem.values();
  const optim::Optimizer<float> snapshot = optimizer;
  test::Problem<float> lookahead = problem;
  problem.step(optimizer, 1);
  const std::vector<float> expected = problem.values();
  optim::Optimizer<float> other = snapshot;
  CHECK(other.steps() == 1);
  lookahead.step(other, 1);
  CHECK(lookahead.values() == expected);
  CHECK(values != expected);
}

TEST_CASE("a step does not touch tensors that share a parameter's memory", "[optim]") {
  test::Problem<float> problem;
  optim::Optimizer<float> optimizer = problem.optimizer(optim::SGD{});
  const Tensor<float> snapshot = problem.parameters[0].value();
  const float before = snapshot.data()[0];
  problem.step(optimizer, 0);
  CHECK(snapshot.data()[0] == before);
  CHECK(problem.parameters[0].data()[0] != before);
}

TEST_CASE("a rule of one formula is an optimizer", "[optim]") {
  test::Problem<float> problem;
  optim::Optimizer<float> optimizer = problem.optimizer(SignOfAverage{});
  CHECK(optimizer.rule().name() == "custom");
  const std::vector<float> before = problem.values();
  problem.step(optimizer, 0, 2);
  const std::vector<float> after = problem.values();
  const auto gradients = problem.gradients(0);
  for (std::size_t i = 0; i < 35; ++i) {
    const float direction = gradients[0].data()[i] > 0 ? 1.0F : -1.0F;
    CHECK(after[i] == Approx(before[i] - 0.2F * direction));
  }
  CHECK(optimizer.state(0)[0].data()[3] == 0.5F * gradients[0].data()[3]);
}

TEST_CASE("a warm step takes nothing from the system", "[optim]") {
  test::Problem<float> problem;
  optim::Optimizer<float> optimizer = problem.optimizer(optim::Adam{});
  const auto pointers = problem.pointers();
  const auto gradients = problem.gradients(0);
  optimizer.step(pointers, gradients, 1, optim::clip_scale(gradients, 1));
  const MemoryStatistics before = Pool::instance().statistics();
  const long allocations_before = test::allocation_count();
  for (int step = 0; step < 5; ++step) optimizer.step(pointers, gradients, 1, optim::clip_scale(gradients, 1));
  CHECK(test::allocation_count() == allocations_before);
  CHECK(Pool::instance().statistics().in_use == before.in_use);
  CHECK(Pool::instance().statistics().reserved == before.reserved);
}
