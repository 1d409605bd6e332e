#include <cmath>
#include <map>
#include <string>

#include <eigan/autograd/check.hpp>
#include <eigan/core/random.hpp>
#include <eigan/loss/loss.hpp>

#include "catch.hpp"

using namespace eigan;
using Var = Variable<double>;

namespace {

Var logits(std::uint64_t seed, Index count, double scale = 2) {
  RandomStream stream(seed, "logits");
  return Var(stream.normal<double>(Shape{count, 1}, 0, scale));
}

/// The mean of f over the elements, term by term.
template <class F>
double mean_of(const Var& x, const F& f) {
  double total = 0;
  for (Index i = 0; i < x.size(); ++i) total += f(x.data()[i]);
  return total / static_cast<double>(x.size());
}

double probability(double logit) { return 1 / (1 + std::exp(-logit)); }
double log_probability(double logit) { return std::log(probability(logit)); }
double log_improbability(double logit) { return std::log(1 - probability(logit)); }

/// Compares both halves of a loss with finite differences.
template <class L>
void check_loss_gradients(L loss) {
  const std::vector<Var> batches = {logits(3, 5), logits(4, 7)};
  const auto discriminator =
      check_gradients([&](const std::vector<Var>& x) { return loss.discriminator(x[0], x[1]); }, batches);
  const auto generator =
      check_gradients([&](const std::vector<Var>& x) { return loss.generator(x[0], x[1]); }, batches);
  CHECK(discriminator.first_order < 1e-9);
  CHECK(discriminator.second_order < 1e-9);
  CHECK(generator.first_order < 1e-9);
  CHECK(generator.second_order < 1e-9);
}

/// A loss with a state of its own: counts how often the discriminator asked.
struct Counting {
  static constexpr bool generator_needs_real = true;
  double asked = 0;
  Buffer<double> last = {};
  Var discriminator(const Var& real, const Var& fake) {
    ++asked;
    last.value = fake.value();
    return mean(fake) - mean(real);
  }
  Var generator(const Var& real, const Var& fake) { return mean(real) - mean(fake); }
  void visit(auto&& field) {
    field("asked", asked);
    field("last", last);
  }
};

double asked(loss::AnyLoss<double>& loss) {
  double found = -1;
  loss.visit([&](std::string_view name, auto& state) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(state)>, double>)
      if (name == "asked") found = state;
  });
  return found;
}

}  // namespace

TEST_CASE("minimax is the log-likelihood game of Goodfellow et al.", "[loss]") {
  const Var real = logits(1, 6), fake = logits(2, 9);
  const loss::Minimax loss;
  CHECK(loss.discriminator(real, fake).item() ==
        Approx(-mean_of(real, log_probability) - mean_of(fake, log_improbability)).epsilon(1e-12));
  CHECK(loss.generator(Var(), fake).item() == Approx(mean_of(fake, log_improbability)).epsilon(1e-12));
  check_loss_gradients(loss);
}

TEST_CASE("the non-saturating generator maximises log D", "[loss]") {
  const Var real = logits(1, 6), fake = logits(2, 9);
  const loss::NonSaturating loss;
  CHECK(loss.discriminator(real, fake).item() ==
        Approx(-mean_of(real, log_probability) - mean_of(fake, log_improbability)).epsilon(1e-12));
  CHECK(loss.generator(Var(), fake).item() == Approx(-mean_of(fake, log_probability)).epsilon(1e-12));
  check_loss_gradients(loss);
}

TEST_CASE("the Wasserstein loss is a difference of means", "[loss]") {
  const Var real = logits(1, 6), fake = logits(2, 9);
  const auto itself = [](double x) { return x; };
  const loss::Wasserstein loss;
  CHECK(loss.discriminator(real, fake).item() == Approx(mean_of(fake, itself) - mean_of(real, itself)).epsilon(1e-12));
  CHECK(loss.generator(Var(), fake).item() == Approx(-mean_of(fake, itself)).epsilon(1e-12));
  check_loss_gradients(loss);
}

TEST_CASE("the saturating generator's gradient vanishes where the other's does not", "[loss]") {
  const Var sure(Tensor<double>::full(Shape{4, 1}, -20.0));  // the discriminator is sure that these are generated
  CHECK(std::abs(grad(loss::Minimax().generator(Var(), sure), sure).data()[0]) < 1e-8);
  CHECK(grad(loss::NonSaturating().generator(Var(), sure), sure).data()[0] == Approx(-0.25).epsilon(1e-6));
}

TEST_CASE("losses stay finite on huge logits", "[loss]") {
  const Variable<float> high(Tensor<float>::full(Shape{3}, 1e4F)), low(Tensor<float>::full(Shape{3}, -1e4F));
  for (const bool swapped : {false, true}) {
    const auto& real = swapped ? low : high;
    const auto& fake = swapped ? high : low;
    const float expected = swapped ? 2e4F : 0.0F;
    CHECK(loss::Minimax().discriminator(real, fake).item() == expected);
    CHECK(loss::NonSaturating().discriminator(real, fake).item() == expected);
    CHECK(loss::NonSaturating().generator({}, fake).item() == (swapped ? 0.0F : 1e4F));
    CHECK(loss::Minimax().generator({}, fake).item() == (swapped ? -1e4F : 0.0F));
  }
}

TEST_CASE("any loss goes behind one type, and a copy has its own state", "[loss]") {
  const Var real = logits(1, 6), fake = logits(2, 6);
  loss::AnyLoss<double> any = loss::Wasserstein();
  CHECK(any.name() == "wasserstein");
  CHECK_FALSE(any.generator_needs_real());
  CHECK(any.discriminator(real, fake).item() == loss::Wasserstein().discriminator(real, fake).item());

  any = Counting();
  CHECK(any.name() == "custom");
  CHECK(any.generator_needs_real());
  any.discriminator(real, fake);
  loss::AnyLoss<double> copy = any;
  copy.discriminator(real, fake);
  CHECK(asked(any) == 1);
  CHECK(asked(copy) == 2);
}

TEST_CASE("two callables make a loss", "[loss]") {
  const Var real = logits(1, 6), fake = logits(2, 6);
  loss::AnyLoss<double> least_squares = loss::Custom<double>{
      .discriminator = [](const auto& r, const auto& f) { return mean(square(r - 1)) + mean(square(f)); },
      .generator = [](const auto&, const auto& f) { return mean(square(f - 1)); }};
  CHECK(least_squares.generator(Var(), fake).item() ==
        Approx(mean_of(fake, [](double x) { return (x - 1) * (x - 1); })).epsilon(1e-12));
  CHECK_FALSE(least_squares.generator_needs_real());

  const loss::Custom<double> half{.discriminator = [](const auto& r, const auto& f) { return mean(r) - mean(f); }};
  CHECK_THROWS_AS(loss::AnyLoss<double>(half), ConfigError);
}

TEST_CASE("a loss reads whatever struct a discriminator returns", "[loss]") {
  struct Heads {
    Var logit, features;
  };
  struct Matching {
    Var discriminator(const Heads& real, const Heads& fake) const { return mean(fake.logit) - mean(real.logit); }
    Var generator(const Heads& real, const Heads& fake) const {
      return mean(square(mean(real.features, 0) - mean(fake.features, 0)));
    }
    bool generator_needs_real = true;
  };
  loss::AnyLoss<double, Heads> any = Matching();
  const Heads real{logits(1, 4), logits(2, 4)}, fake{logits(3, 4), logits(4, 4)};
  CHECK(any.generator_needs_real());
  CHECK(any.generator(real, fake).item() == Matching().generator(real, fake).item());
}

TEST_CASE("smoothing moves the discriminator's optimum to the target, and no further", "[loss]") {
  // With D(x) = 0.9 a target of 0.9 is met: the loss has slope 0 there.
  const Var met(Tensor<double>::full(Shape{3, 1}, std::log(0.9 / 0.1)));
  const Var fake = logits(2, 3);
  CHECK(std::abs(grad(loss::NonSaturating{.real_target = 0.9}.discriminator(met, fake), met).data()[0]) < 1e-12);
  CHECK(std::abs(grad(loss::Minimax{.real_target = 0.9}.discriminator(met, fake), met).data()[0]) < 1e-12);
  CHECK(std::abs(grad(loss::NonSaturating().discriminator(met, fake), met).data()[0]) > 1e-2);
  CHECK_THROWS_AS(loss::AnyLoss<double>(loss::NonSaturating{.real_target = 1.1}), ConfigError);
  CHECK_THROWS_AS(loss::AnyLoss<double>(loss::Minimax{.real_target = 0.1}), ConfigError);
}

TEST_CASE("a loss lists its numbers by name", "[loss]") {
  CHECK(loss::AnyLoss<double>(loss::Wasserstein()).settings().empty());
  CHECK(loss::AnyLoss<double>(loss::NonSaturating{.real_target = 0.9}).settings() == Settings{{"real_target", 0.9}});
  CHECK(loss::AnyLoss<double>(loss::Minimax()).settings() == Settings{{"real_target", 1}});
  CHECK(loss::AnyLoss<double>(loss::LeastSquares{.fake_target = -1, .real_target = 2, .generator_target = 0})
            .settings() == Settings{{"fake_target", -1}, {"real_target", 2}, {"generator_target", 0}});
  CHECK(loss::AnyLoss<double>(loss::EnergyBased{.margin = 3}).settings() == Settings{{"margin", 3}});
  CHECK(loss::AnyLoss<double>(loss::RelativisticPaired{.base = loss::RelativisticBase::hinge}).settings() ==
        Settings{{"base", 1}});
  CHECK(loss::AnyLoss<double>(loss::BoundaryEquilibrium({.gamma = 0.7, .lambda = 0.1})).settings() ==
        Settings{{"gamma", 0.7}, {"lambda", 0.1}});
  const loss::AnyLoss<double, loss::LogitsAndFeatures<double>> matching =
      loss::FeatureMatching(loss::NonSaturating{.real_target = 0.8}, 0.5);
  CHECK(matching.name() == "feature_matching(nonsaturating)");
  CHECK(matching.settings() == Settings{{"base_weight", 0.5}, {"base.real_target", 0.8}});
}

TEST_CASE("options that make no loss are refused", "[loss]") {
  CHECK_THROWS_AS(loss::AnyLoss<double>(loss::LeastSquares{.fake_target = 1}), ConfigError);
  CHECK_THROWS_AS(loss::AnyLoss<double>(loss::EnergyBased{.margin = 0}), ConfigError);
  CHECK_THROWS_AS(loss::AnyLoss<double>(loss::BoundaryEquilibrium({.gamma = -1})), ConfigError);
  CHECK_THROWS_AS(loss::RelativisticPaired().discriminator(logits(1, 6), logits(2, 5)), ShapeError);
}

TEST_CASE("a relativistic loss pairs or averages batches, and asks for the real one", "[loss]") {
  CHECK(loss::AnyLoss<double>(loss::RelativisticAverage()).generator_needs_real());
  CHECK(loss::AnyLoss<double>(loss::RelativisticPaired()).generator_needs_real());
  // Averaging takes batches of two sizes, and logits that are all shifted by one number change nothing.
  const Var real = logits(1, 6), fake = logits(2, 9);
  const double before = loss::RelativisticAverage().discriminator(real, fake).item();
  CHECK(loss::RelativisticAverage().discriminator(real + 3, fake + 3).item() == Approx(before).epsilon(1e-12));
}

TEST_CASE("the state of boundary equilibrium survives being taken out and put back", "[loss]") {
  const auto errors = [](std::uint64_t seed) { return square(logits(seed, 4, 1)); };
  const auto step = [&](loss::AnyLoss<double>& loss, std::uint64_t i) {
    const double d = loss.discriminator(errors(3 * i), errors(3 * i + 1)).item();
    return d + loss.generator({}, 0.3 * errors(3 * i + 2)).item();
  };
  loss::AnyLoss<double> straight = loss::BoundaryEquilibrium({.gamma = 0.9, .lambda = 0.3}), fresh = straight;
  for (std::uint64_t i = 1; i < 5; ++i) step(straight, i);
  std::map<std::string, double> saved;
  straight.visit([&](std::string_view name, auto& state) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(state)>, double>) saved[std::string(name)] = state;
  });
  CHECK(saved.size() == 3);
  REQUIRE((saved.at("k") > 0 && saved.at("convergence") > 0));
  fresh.visit([&](std::string_view name, auto& state) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(state)>, double>) state = saved.at(std::string(name));
  });
  for (std::uint64_t i = 5; i < 8; ++i) CHECK(step(straight, i) == step(fresh, i));
}
