#include <cmath>

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
