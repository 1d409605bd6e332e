// Optimizers, schedules and clipping against 50 steps of PyTorch's.
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <eigan/optim/optim.hpp>

#include "catch.hpp"
#include "reference/reference.hpp"

using namespace eigan;
using reference::Reference;

namespace {

// Rounding grows over 50 steps.
template <class S>
constexpr double trajectory_tolerance = sizeof(S) == sizeof(double) ? 1e-10 : 1e-4;

template <class S>
optim::AnyOptimizer<S> rule_of(const nlohmann::json& config) {
  const std::string name = config["optimizer"];
  const double rate = config["learning_rate"], decay = config.value("weight_decay", 0.0);
  const double momentum = config.value("momentum", 0.0);
  const double beta1 = config.value("beta1", 0.0), beta2 = config.value("beta2", 0.0);
  if (name == "sgd")
    return optim::SGD{.learning_rate = rate,
                      .momentum = momentum,
                      .nesterov = config.value("nesterov", false),
                      .weight_decay = decay};
  if (name == "rmsprop")
    return optim::RMSProp{.learning_rate = rate,
                          .alpha = config["alpha"],
                          .epsilon = config["epsilon"],
                          .momentum = momentum,
                          .centered = config.value("centered", false),
                          .weight_decay = decay};
  if (name == "adam")
    return optim::Adam{
        .learning_rate = rate, .beta1 = beta1, .beta2 = beta2, .epsilon = config["epsilon"], .weight_decay = decay};
  REQUIRE(name == "adamw");
  return optim::AdamW{
      .learning_rate = rate, .beta1 = beta1, .beta2 = beta2, .epsilon = config["epsilon"], .weight_decay = decay};
}

std::vector<std::string> cases_of_all_optimizers(const Reference& file) {
  std::vector<std::string> all;
  for (const char* optimizer : {"sgd", "rmsprop", "adam", "adamw"})
    for (const std::string& found : file.cases("optimizer", optimizer)) all.push_back(found);
  REQUIRE(all.size() == 13);
  return all;
}

template <class T>
Tensor<T> row(const Tensor<T>& matrix, Index index) {
  return matrix.rows(index, 1).reshaped(Shape{matrix.extent(1)});
}

// `count` of the elements of a rank 1 tensor, as a tensor of its own.
template <class T>
Tensor<T> part(const Tensor<T>& whole, Index first, Index count) {
  return Tensor<T>::from(std::span<const T>(whole.data() + first, static_cast<std::size_t>(count)), Shape{count});
}

}  // namespace

TEMPLATE_TEST_CASE("an optimizer's 50 fused steps equal PyTorch's", "[optim][reference]", float, double) {
  using S = TestType;
  const Reference file("optimizers.safetensors");
  const Tensor<S> initial = file.tensor<S>("problem.initial"), gradients = file.tensor<S>("problem.gradients");
  const Index head = 32, tail = initial.size() - head;

  for (const std::string& name : cases_of_all_optimizers(file)) {
    const Tensor<double> expected = file.tensor<double>(name + ".parameters");
    // In two tensors, so that what should advance once a step does not advance once a tensor.
    Parameter<S> first(part(initial, 0, head)), second(part(initial, head, tail));
    Parameter<S>* const parameters[] = {&first, &second};
    optim::Optimizer<S> optimizer(rule_of<S>(file.config(name)), {"first", "second"}, parameters);
    for (Index step = 0; step < 50; ++step) {
      const Tensor<S> gradient = row(gradients, step);
      const Variable<S> both[] = {Variable<S>(part(gradient, 0, head)), Variable<S>(part(gradient, head, tail))};
      optimizer.step(parameters, both);
      if ((step + 1) % 10 != 0) continue;
      const std::string when = name + " after step " + std::to_string(step + 1);
      const Tensor<double> at = row(expected, (step + 1) / 10);
      reference::check_close(when, first.value(), part(at, 0, head), trajectory_tolerance<S>);
      reference::check_close(when, second.value(), part(at, head, tail), trajectory_tolerance<S>);
    }
  }
}

TEMPLATE_TEST_CASE("an optimizer's formula in differentiable ops takes the same 50 steps", "[optim][reference]", float,
                   double) {
  using S = TestType;
  const Reference file("optimizers.safetensors");
  const Tensor<S> gradients = file.tensor<S>("problem.gradients");
  const NoGrad values_only;

  for (const std::string& name : cases_of_all_optimizers(file)) {
    const Tensor<double> expected = file.tensor<double>(name + ".parameters");
    const optim::AnyOptimizer<S> rule = rule_of<S>(file.config(name));
    Variable<S> parameter(file.tensor<S>("problem.initial"));
    std::vector<Variable<S>> state(rule.slots().size(), Variable<S>(Tensor<S>::zeros(parameter.shape())));
    for (Index step = 0; step < 50; ++step) {
      parameter = rule.differentiable_step(parameter, Variable<S>(row(gradients, step)), state, step + 1);
      if ((step + 1) % 10 == 0)
        reference::check_close(name + " after step " + std::to_string(step + 1), parameter.value(),
                               row(expected, (step + 1) / 10), trajectory_tolerance<S>);
    }
  }
}

TEST_CASE("schedules give PyTorch's learning rates", "[optim][reference]") {
  const Reference file("optimizers.safetensors");
  const std::pair<const char*, optim::AnySchedule> schedules[] = {
      {"constant", optim::ConstantSchedule{}},
      {"cosine", optim::CosineSchedule{.steps = 50}},
      {"cosine_floor", optim::CosineSchedule{.to = 0.1, .steps = 50}},
      {"linear", optim::LinearSchedule{.steps = 50}},
      {"linear_short", optim::LinearSchedule{.to = 0.2, .steps = 30}},
      {"warmup", optim::warm_up(10)},
      {"warmup_cosine", optim::warm_up(10, optim::CosineSchedule{.steps = 40})},
  };
  for (const auto& [name, schedule] : schedules) {
    Tensor<double> rates(Shape{50});
    const double base = file.config(name)["base"];
    for (Index step = 0; step < 50; ++step) rates.mutable_data()[step] = base * schedule(step);
    reference::check_close(name, rates, file.tensor<double>(std::string(name) + ".rates"));
  }
}

TEMPLATE_TEST_CASE("clipping gives PyTorch's gradients", "[optim][reference]", float, double) {
  using S = TestType;
  const Reference file("optimizers.safetensors");
  for (const std::string name : {"clip_norm", "clip_norm_unchanged", "clip_value"}) {
    const nlohmann::json config = file.config(name);
    std::vector<Variable<S>> gradients;
    for (int i = 0; i < 3; ++i) gradients.emplace_back(file.tensor<S>(name + ".gradient" + std::to_string(i)));
    const double norm = optim::global_norm(gradients);
    CHECK(norm == Approx(file.tensor<double>(name + ".norm").item()).epsilon(reference::tolerance<S>));
    if (config["by"] == "norm")
      CHECK(optim::clip_by_norm(gradients, config["limit"]) == norm);
    else
      optim::clip_by_value(gradients, config["limit"]);
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      const std::string clipped = name + ".clipped" + std::to_string(i);
      reference::check_close(clipped, gradients[i].value(), file.tensor<double>(clipped));
    }
  }
}
