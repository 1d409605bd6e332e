// Losses on a discriminator that classifies: closed forms, and gradients against finite differences.
#include <algorithm>
#include <cmath>
#include <vector>

#include <eigan/loss/loss.hpp>
#include <eigan/nn/verdict.hpp>

#include "catch.hpp"
#include "ops/gradients.hpp"

using namespace eigan;
using Var = Variable<double>;
using Verdict = nn::Verdict<double>;

namespace {

constexpr Index samples = 4, classes = 3;
const std::vector<Index> labels{2, 0, 2, 1};

Var one_hot(Index width) {
  Tensor<double> asked = Tensor<double>::zeros({samples, width});
  for (Index n = 0; n < samples; ++n) asked.mutable_data()[n * width + labels[static_cast<std::size_t>(n)]] = 1;
  return Var(asked);
}

Verdict verdict(std::uint64_t seed, Index width, bool twin) {
  return {test::random({samples, 1}, seed), test::random({samples, width}, seed + 1),
          twin ? test::random({samples, width}, seed + 2) : Var(), one_hot(width)};
}

/// The mean of -log softmax at the labels.
double cross_entropy_of(const Var& logits) {
  double total = 0;
  for (Index n = 0; n < samples; ++n) {
    const double* const row = logits.data() + n * classes;
    double sum = 0;
    for (Index k = 0; k < classes; ++k) sum += std::exp(row[k]);
    total += std::log(sum) - row[labels[static_cast<std::size_t>(n)]];
  }
  return total / samples;
}

/// The mean over samples of max(0, 1 - the right one + the largest other).
double margin_of(const Var& scores, const std::vector<Index>& right) {
  const Index width = scores.extent(1);
  double total = 0;
  for (Index n = 0; n < samples; ++n) {
    const double* const row = scores.data() + n * width;
    double other = -1e300;
    for (Index k = 0; k < width; ++k)
      if (k != right[static_cast<std::size_t>(n)]) other = std::max(other, row[k]);
    total += std::max(0.0, 1 - row[right[static_cast<std::size_t>(n)]] + other);
  }
  return total / samples;
}

/// Derivatives in the heads of two verdicts, of both sides of the loss.
template <class Loss>
void check_loss_derivatives(const char* name, Loss loss, const Verdict& real, const Verdict& fake) {
  std::vector<Var> inputs{real.logits, real.classes, fake.logits, fake.classes};
  if (fake.twin.defined()) inputs.push_back(fake.twin);
  for (const bool of_discriminator : {true, false})
    test::check_derivatives(
        name,
        [&](const std::vector<Var>& in) {
          const Var twin = in.size() > 4 ? in[4] : Var();
          const Verdict r{in[0], in[1], twin, real.asked}, f{in[2], in[3], twin, fake.asked};
          return of_discriminator ? loss.discriminator(r, f) : loss.generator(r, f);
        },
        inputs, 1e-4);
}

}  // namespace

TEST_CASE("AC-GAN adds both classifications, TAC-GAN the twin's", "[loss][condition]") {
  loss::AuxiliaryClassifier loss(0.5, loss::Hinge());
  loss::Hinge base;
  const Verdict real = verdict(1, classes, false), fake = verdict(11, classes, false);
  CHECK(loss.discriminator(real, fake).item() ==
        Approx(base.discriminator(real.logits, fake.logits).item() +
               0.5 * (cross_entropy_of(real.classes) + cross_entropy_of(fake.classes))));
  CHECK(loss.generator(real, fake).item() ==
        Approx(base.generator(real.logits, fake.logits).item() + 0.5 * cross_entropy_of(fake.classes)));

  const Verdict twin_real = verdict(21, classes, true), twin_fake = verdict(31, classes, true);
  CHECK(loss.discriminator(twin_real, twin_fake).item() ==
        Approx(base.discriminator(twin_real.logits, twin_fake.logits).item() +
               0.5 * (cross_entropy_of(twin_real.classes) + cross_entropy_of(twin_fake.twin))));
  CHECK(loss.generator(twin_real, twin_fake).item() ==
        Approx(base.generator(twin_real.logits, twin_fake.logits).item() +
               0.5 * (cross_entropy_of(twin_fake.classes) - cross_entropy_of(twin_fake.twin))));
}

TEST_CASE("the multi-class hinge is Crammer and Singer's margin, generated samples being a class",
          "[loss][condition]") {
  const loss::MultiHinge loss;
  const Verdict real = verdict(1, classes + 1, false), fake = verdict(11, classes + 1, false);
  const std::vector<Index> generated(samples, classes);
  CHECK(loss.discriminator(real, fake).item() ==
        Approx(margin_of(real.classes, labels) + margin_of(fake.classes, generated)));
  CHECK(loss.generator(real, fake).item() == Approx(margin_of(fake.classes, labels)));
}

TEST_CASE("InfoGAN adds what the codes of generated samples are found out to be", "[loss][condition]") {
  loss::InfoGAN loss({classes}, 1, 0.3);
  loss::NonSaturating base;
  const Verdict real = verdict(1, classes + 2, false);
  Verdict fake = verdict(11, classes + 2, false);
  const Var numbers = test::random({samples, 2}, 5);
  fake.asked = concat<double>({one_hot(classes), numbers}, 1);
  const Var guessed = narrow(fake.classes, 1, classes, 2);
  double squares = 0;
  for (Index i = 0; i < 2 * samples; ++i) squares += std::pow(guessed.data()[i] - numbers.data()[i], 2) / samples;
  const double codes = cross_entropy_of(narrow(fake.classes, 1, 0, classes)) + 0.3 * 0.5 * squares;
  CHECK(loss.discriminator(real, fake).item() == Approx(base.discriminator(real.logits, fake.logits).item() + codes));
  CHECK(loss.generator(real, fake).item() == Approx(base.generator(real.logits, fake.logits).item() + codes));
  CHECK_THROWS_AS(loss::InfoGAN({classes, classes}).generator(real, fake), ShapeError);
}

TEST_CASE("losses on classes have the gradients of finite differences", "[loss][condition][gradients]") {
  for (const bool twin : {false, true})
    check_loss_derivatives("AuxiliaryClassifier", loss::AuxiliaryClassifier(0.5), verdict(1, classes, twin),
                           verdict(11, classes, twin));
  check_loss_derivatives("MultiHinge", loss::MultiHinge(), verdict(1, classes + 1, false),
                         verdict(11, classes + 1, false));
  Verdict fake = verdict(11, classes + 2, false);
  fake.asked = concat<double>({one_hot(classes), test::random({samples, 2}, 5)}, 1);
  check_loss_derivatives("InfoGAN", loss::InfoGAN({classes}), verdict(1, classes + 2, false), fake);
}

TEST_CASE("a loss on classes refuses samples that nobody asked for", "[loss][condition]") {
  Verdict real = verdict(1, classes, false), fake = verdict(11, classes, false);
  fake.asked = {};
  CHECK_THROWS_WITH(loss::AuxiliaryClassifier().discriminator(real, fake),
                    Catch::Contains("train on a set with labels"));
  CHECK_THROWS_AS(loss::InfoGAN({classes}).generator(real, fake), ConfigError);
  CHECK_THROWS_AS(loss::MultiHinge().generator(real, fake), ConfigError);
}

TEST_CASE("a loss on another says what that one needs, known at run time only or before", "[loss][condition]") {
  const auto check = [](const auto& loss, bool needs_real, bool compares) {
    const loss::AnyLoss<double, Verdict> any(loss);
    INFO(any.name());
    CHECK(any.generator_needs_real() == needs_real);
    CHECK(any.compares_outputs() == compares);
  };
  const auto nothing = [](const Var& real, const Var&) { return real; };
  const loss::Custom<double> custom{nothing, nothing, true, true};
  check(loss::AuxiliaryClassifier(), false, false);
  check(loss::AuxiliaryClassifier(1, loss::Hinge()), false, false);
  check(loss::AuxiliaryClassifier(1, loss::Wasserstein()), false, true);
  check(loss::AuxiliaryClassifier(1, loss::RelativisticPaired()), true, true);
  check(loss::AuxiliaryClassifier(1, custom), true, true);
  check(loss::InfoGAN({3}), false, false);
  check(loss::InfoGAN({3}, 1, 0.1, loss::RelativisticAverage()), true, true);
  check(loss::InfoGAN({3}, 1, 0.1, custom), true, true);
  using Features = loss::LogitsAndFeatures<double>;
  CHECK_FALSE(loss::AnyLoss<double, Features>(loss::FeatureMatching()).compares_outputs());
  CHECK(loss::AnyLoss<double, Features>(loss::FeatureMatching(loss::Wasserstein())).compares_outputs());
}
