#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <eigan/core/parallel.hpp>
#include <eigan/optim/optim.hpp>

#include "catch.hpp"
#include "problem.hpp"

using namespace eigan;

namespace {

template <class S>
std::vector<S> numbers(const std::vector<Variable<S>>& list) {
  std::vector<S> all;
  for (const Variable<S>& x : list) all.insert(all.end(), x.data(), x.data() + x.size());
  return all;
}

double plain_norm(const auto& all) {
  double sum = 0;
  for (const auto x : all) sum += static_cast<double>(x) * static_cast<double>(x);
  return std::sqrt(sum);
}

}  // namespace

TEST_CASE("gradients are clipped by the norm of all of them together", "[optim][clipping]") {
  auto gradients = test::Problem<double>().gradients(0);
  const std::vector<double> before = numbers(gradients);
  const double norm = plain_norm(before);
  REQUIRE(norm > 2);
  CHECK(optim::global_norm(gradients) == Approx(norm).epsilon(1e-12));
  CHECK(optim::clip_scale(gradients, 1.5) == Approx(1.5 / (norm + 1e-6)).epsilon(1e-12));
  CHECK(optim::clip_scale(gradients, norm + 1) == 1);

  CHECK(optim::clip_by_norm(gradients, 1.5) == Approx(norm).epsilon(1e-12));
  const std::vector<double> after = numbers(gradients);
  for (std::size_t i = 0; i < after.size(); ++i)
    CHECK(after[i] == Approx(before[i] * 1.5 / (norm + 1e-6)).epsilon(1e-12));
  CHECK(plain_norm(after) <= 1.5);

  CHECK(optim::clip_by_norm(gradients, 100) == Approx(plain_norm(after)));
  CHECK(numbers(gradients) == after);
}

TEST_CASE("clipping while stepping is clipping before", "[optim][clipping]") {
  for (const auto& rule : {optim::AnyOptimizer<float>(optim::Adam{.weight_decay = 0.1}),
                           optim::AnyOptimizer<float>(optim::SGD{.momentum = 0.9})}) {
    test::Problem<float> together, apart;
    auto fused = together.optimizer(rule), separate = apart.optimizer(rule);
    for (Index step = 0; step < 3; ++step) {
      auto gradients = apart.gradients(step);
      fused.step(together.pointers(), gradients, 1, optim::clip_scale(gradients, 0.7));
      optim::clip_by_norm(gradients, 0.7);
      separate.step(apart.pointers(), gradients);
    }
    CHECK(together.values() == apart.values());
  }
}

TEST_CASE("gradients are clipped by value, element by element", "[optim][clipping]") {
  auto gradients = test::Problem<float>().gradients(0);
  const std::vector<float> before = numbers(gradients);
  optim::clip_by_value(gradients, 0.25);
  const std::vector<float> after = numbers(gradients);
  for (std::size_t i = 0; i < after.size(); ++i) CHECK(after[i] == std::min(std::max(before[i], -0.25F), 0.25F));
}

TEST_CASE("weights are clipped in place", "[optim][clipping]") {
  test::Problem<float> problem;
  const Tensor<float> snapshot = problem.parameters[0].value();
  const std::vector<float> before = problem.values();
  optim::clip_weights(problem.pointers(), 0.1);
  const std::vector<float> after = problem.values();
  for (std::size_t i = 0; i < after.size(); ++i) CHECK(after[i] == std::min(std::max(before[i], -0.1F), 0.1F));
  CHECK(snapshot.data()[0] == before[0]);
}

TEST_CASE("the norm of large gradients has the same bits at any number of threads", "[optim][clipping]") {
  const auto gradients = test::Problem<float>(test::Size::large).gradients(0);
  std::vector<double> norms;
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    norms.push_back(optim::global_norm(gradients));
  }
  set_threads(0);
  CHECK(norms[0] == norms[1]);
  CHECK(norms[0] == norms[2]);
  CHECK(norms[0] == Approx(plain_norm(numbers(gradients))).epsilon(1e-9));
}

TEST_CASE("limits that are not above 0 are refused", "[optim][clipping]") {
  auto gradients = test::Problem<float>().gradients(0);
  CHECK_THROWS_AS(optim::clip_by_norm(gradients, 0), ConfigError);
  CHECK_THROWS_AS(optim::clip_by_value(gradients, -1), ConfigError);
  CHECK_THROWS_AS(optim::clip_scale(gradients, std::nan("")), ConfigError);
  CHECK_THROWS_AS(optim::clip_weights(test::Problem<float>().pointers(), 0), ConfigError);
}

TEST_CASE("the first tensor that is not finite is found by name", "[optim][divergence]") {
  test::Problem<float> problem(test::Size::large);
  CHECK_FALSE(optim::find_non_finite(problem.names, problem.gradients(0)));
  CHECK_FALSE(optim::find_non_finite(problem.names, problem.pointers()));
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity()})
    for (const std::size_t first : {std::size_t{0}, std::size_t{1}, std::size_t{3}}) {
      std::vector<Tensor<float>> tensors;
      for (const auto& gradient : problem.gradients(0)) tensors.push_back(gradient.value());
      tensors[first].mutable_data()[tensors[first].size() - 1] = bad;
      tensors[3].mutable_data()[0] = bad;
      CHECK(optim::find_non_finite(tensors) == static_cast<Index>(first));
      CHECK(optim::find_non_finite(problem.names, tensors) == problem.names[first]);
    }
  problem.parameters[2].mutable_data()[0] = std::numeric_limits<float>::infinity();
  CHECK(optim::find_non_finite(problem.names, problem.pointers()) == "scale");
}
