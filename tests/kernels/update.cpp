// The optimizers' passes against their formulas, element by element in double; sums of squares and the search for what
// is not finite.

#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include <eigan/kernels/inspect.hpp>
#include <eigan/kernels/update.hpp>

#include "catch.hpp"
#include "support.hpp"

namespace {

namespace rule = eigan::kernels::rule;
using eigan::kernels::StepTensor;

/// One parameter of a formula in double: p, its gradient, its slots.
using Formula = std::function<void(double& p, double g, double* slots, Index t)>;

/// Tensors of odd sizes, an empty one, and one that spans several pieces.
template <class T>
struct Model {
  std::vector<std::vector<T>> values;
  std::vector<std::vector<std::vector<T>>> slots;
  std::vector<std::vector<T*>> pointers;

  explicit Model(int slot_count) {
    Numbers numbers(5);
    for (const Index size : {Index{1}, Index{17}, Index{0}, Index{100003}, Index{64}, Index{3}}) {
      values.push_back(numbers.values<T>(size));
      slots.emplace_back(static_cast<std::size_t>(slot_count), std::vector<T>(static_cast<std::size_t>(size)));
    }
  }

  static std::vector<T> gradient(std::size_t tensor, Index size, Index t) {
    return Numbers(static_cast<unsigned>(100 * t) + static_cast<unsigned>(tensor)).values<T>(size);
  }

  template <class Rule>
  void step(const Rule& rule, Index t, T scale = T(1)) {
    std::vector<std::vector<T>> gradients;
    std::vector<StepTensor<T>> tensors;
    pointers.assign(values.size(), {});
    for (std::size_t i = 0; i < values.size(); ++i) {
      gradients.push_back(gradient(i, static_cast<Index>(values[i].size()), t));
      for (auto& slot : slots[i]) pointers[i].push_back(slot.data());
    }
    for (std::size_t i = 0; i < values.size(); ++i)
      tensors.push_back({values[i].data(), gradients[i].data(), pointers[i], static_cast<Index>(values[i].size())});
    eigan::kernels::update<Rule, T>(rule, tensors, scale);
  }
};

/// The largest difference after some steps between update() with make_rule(t) and `formula`.
template <class T, class MakeRule>
double difference(const MakeRule& make_rule, const Formula& formula, T scale = T(1)) {
  constexpr int slot_count = decltype(make_rule(Index{1}))::slots;
  Model<T> model(slot_count), start = model;
  for (Index t = 1; t <= 12; ++t) model.step(make_rule(t), t, scale);
  double worst = 0;
  for (std::size_t i = 0; i < start.values.size(); ++i) {
    const auto size = static_cast<Index>(start.values[i].size());
    std::vector<std::vector<T>> gradients;
    for (Index t = 1; t <= 12; ++t) gradients.push_back(Model<T>::gradient(i, size, t));
    for (std::size_t k = 0; k < start.values[i].size(); ++k) {
      double p = static_cast<double>(start.values[i][k]), slots[3] = {};
      for (Index t = 1; t <= 12; ++t)
        formula(p, static_cast<double>(scale) * static_cast<double>(gradients[static_cast<std::size_t>(t - 1)][k]),
                slots, t);
      worst = std::max(worst, std::abs(p - static_cast<double>(model.values[i][k])));
      for (std::size_t s = 0; s < static_cast<std::size_t>(slot_count); ++s)
        worst = std::max(worst, std::abs(slots[s] - static_cast<double>(model.slots[i][s][k])));
    }
  }
  return worst;
}

template <class T>
constexpr double tolerance = std::is_same_v<T, float> ? 5e-6 : 1e-13;

Formula adam(double rate, double beta1, double beta2, double epsilon, double decay, bool is_decoupled) {
  return [=](double& p, double g, double* s, Index t) {
    if (is_decoupled)
      p *= 1 - rate * decay;
    else
      g += decay * p;
    s[0] = beta1 * s[0] + (1 - beta1) * g;
    s[1] = beta2 * s[1] + (1 - beta2) * g * g;
    const double correction1 = 1 - std::pow(beta1, t), correction2 = 1 - std::pow(beta2, t);
    p -= rate / correction1 * s[0] / (std::sqrt(s[1]) / std::sqrt(correction2) + epsilon);
  };
}

Formula rms_prop(bool is_centered, double momentum) {
  return [=](double& p, double g, double* s, Index) {
    g += 0.01 * p;
    s[0] = 0.9 * s[0] + 0.1 * g * g;
    if (is_centered) s[1] = 0.9 * s[1] + 0.1 * g;
    const double spread = is_centered ? s[0] - s[1] * s[1] : s[0], move = g / (std::sqrt(spread) + 1e-3);
    double& velocity = s[is_centered ? 2 : 1];
    if (momentum != 0) velocity = momentum * velocity + move;
    p -= 0.01 * (momentum != 0 ? velocity : move);
  };
}

}  // namespace

TEMPLATE_TEST_CASE("stochastic gradient descent, with momentum and Nesterov's", "[kernels][update]", float, double) {
  using T = TestType;
  on_every_instruction_set([] {
    CHECK(difference<T>(
              [](Index) {
                return rule::Sgd<T>{T(0.1), T(0.01)};
              },
              [](double& p, double g, double*, Index) { p -= 0.1 * (g + 0.01 * p); }) < tolerance<T>);
    for (const bool nesterov : {false, true})
      CHECK(difference<T>(
                [=](Index) {
                  return rule::MomentumSgd<T>{T(0.1), T(0.9), T(0.01), nesterov};
                },
                [=](double& p, double g, double* s, Index) {
                  g += 0.01 * p;
                  s[0] = 0.9 * s[0] + g;
                  p -= 0.1 * (nesterov ? g + 0.9 * s[0] : s[0]);
                }) < tolerance<T>);
  });
}

TEMPLATE_TEST_CASE("RMSProp, centered and with momentum", "[kernels][update]", float, double) {
  using T = TestType;
  on_every_instruction_set([] {
    CHECK(difference<T>([](Index) { return rule::RmsProp<T>(0.01, 0.9, 1e-3, 0, 0.01); }, rms_prop(false, 0)) <
          tolerance<T>);
    CHECK(difference<T>([](Index) { return rule::RmsProp<T, false, true>(0.01, 0.9, 1e-3, 0.5, 0.01); },
                        rms_prop(false, 0.5)) < tolerance<T>);
    CHECK(difference<T>([](Index) { return rule::RmsProp<T, true, false>(0.01, 0.9, 1e-3, 0, 0.01); },
                        rms_prop(true, 0)) < 10 * tolerance<T>);
    CHECK(difference<T>([](Index) { return rule::RmsProp<T, true, true>(0.01, 0.9, 1e-3, 0.5, 0.01); },
                        rms_prop(true, 0.5)) < 10 * tolerance<T>);
  });
}

TEMPLATE_TEST_CASE("Adam, with both kinds of weight decay", "[kernels][update]", float, double) {
  using T = TestType;
  on_every_instruction_set([] {
    for (const bool is_decoupled : {false, true})
      CHECK(difference<T>([=](Index t) { return rule::Adam<T>(0.01, 0.5, 0.99, 1e-6, t, 0.1, is_decoupled); },
                          adam(0.01, 0.5, 0.99, 1e-6, 0.1, is_decoupled)) < tolerance<T>);
    CHECK(difference<T>([=](Index t) { return rule::Adam<T>(0.01, 0, 0.9, 1e-8, t); },
                        adam(0.01, 0, 0.9, 1e-8, 0, false)) < tolerance<T>);
  });
}

TEMPLATE_TEST_CASE("moving averages, clipping and scaled gradients", "[kernels][update]", float, double) {
  using T = TestType;
  on_every_instruction_set([] {
    CHECK(difference<T>([](Index) { return rule::MovingAverage<T>(0.9); },
                        [](double& p, double g, double*, Index) { p = 0.9 * p + 0.1 * g; }) < tolerance<T>);
    CHECK(difference<T>(
              [](Index) {
                return rule::Clip<T>{T(-0.25), T(0.5)};
              },
              [](double& p, double, double*, Index) { p = std::min(std::max(p, -0.25), 0.5); }) == 0);
    CHECK(difference<T>([](Index) { return rule::Sgd<T>{T(0.1)}; },
                        [](double& p, double g, double*, Index) { p -= 0.1 * g; }, T(0.25)) < tolerance<T>);
  });
}

TEST_CASE("an update has the same bits at any number of threads", "[kernels][update]") {
  CHECK(!same_at_any_thread_count([] {
           Model<float> model(2);
           for (Index t = 1; t <= 3; ++t) model.step(rule::Adam<float>(0.01, 0.5, 0.99, 1e-6, t), t);
           return model.values;
         }).empty());
}

TEMPLATE_TEST_CASE("the sum of squares of many arrays", "[kernels][inspect]", float, double) {
  using T = TestType;
  const Model<T> model(0);
  const auto at = [&](Index i) { return std::span<const T>(model.values[static_cast<std::size_t>(i)]); };
  const auto arrays = static_cast<Index>(model.values.size());
  long double sum = 0;
  for (const auto& values : model.values)
    for (const T value : values) sum += static_cast<long double>(value) * static_cast<long double>(value);
  const auto exact = static_cast<double>(sum);
  on_every_instruction_set([&] {
    CHECK(std::abs(eigan::kernels::sum_of_squares<T>(arrays, at) / exact - 1) < 1e-13);
    CHECK(!same_at_any_thread_count([&] {
             return std::vector<double>{eigan::kernels::sum_of_squares<T>(arrays, at)};
           }).empty());
    const T large[] = {T(3e30), T(-4e30)};
    CHECK(eigan::kernels::sum_of_squares(2, large) == Approx(25e60));
    CHECK(eigan::kernels::sum_of_squares(0, large) == 0);
  });
}

TEMPLATE_TEST_CASE("the first element that is not finite is found", "[kernels][inspect]", float, double) {
  using T = TestType;
  using Limits = std::numeric_limits<T>;
  on_every_instruction_set([] {
    Model<T> model(0);
    const auto at = [&](Index i) { return std::span<const T>(model.values[static_cast<std::size_t>(i)]); };
    const auto arrays = static_cast<Index>(model.values.size());
    model.values[3][7] = Limits::max();
    model.values[3][8] = Limits::denorm_min();
    CHECK(eigan::kernels::first_non_finite<T>(arrays, at).array == -1);
    model.values[5][2] = -Limits::quiet_NaN();
    CHECK(eigan::kernels::first_non_finite<T>(arrays, at).array == 5);
    for (const std::size_t place : {std::size_t{99999}, std::size_t{4321}, std::size_t{15}, std::size_t{0}}) {
      model.values[3][place] = place % 2 ? -Limits::infinity() : Limits::quiet_NaN();
      const auto found = eigan::kernels::first_non_finite<T>(arrays, at);
      CHECK(found.array == 3);
      CHECK(found.element == static_cast<Index>(place));
      CHECK(eigan::kernels::first_non_finite(static_cast<Index>(place) + 1, model.values[3].data()) ==
            static_cast<Index>(place));
      CHECK(eigan::kernels::first_non_finite(static_cast<Index>(place), model.values[3].data()) == -1);
    }
  });
}
