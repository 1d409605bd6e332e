// Penalties: their gradient in the parameters against finite differences, what they look at, and their state.
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <eigan/autograd/check.hpp>
#include <eigan/loss/loss.hpp>

#include "catch.hpp"
#include "loss/critics.hpp"

using namespace eigan;
using namespace test;
using Var = Variable<double>;
using Context = loss::PenaltyContext<double>;
using Penalty = loss::AnyPenalty<double>;

namespace {

Context context(const loss::CriticFunction<double>& critic, const Var& real, const Var& fake, RandomStream& stream) {
  return {critic, real, fake, stream};
}

/// The penalty as a function of the critic's parameters, each time from the same state and stream.
template <class Critic>
GradientErrors errors_of(const Penalty& penalty) {
  const Var real = normal("real", Critic::batch()), fake = normal("fake", Critic::batch(), 0.8);
  const auto function = [&](const std::vector<Var>& parameters) {
    const Critic critic{parameters};
    RandomStream stream(3, "penalty");
    Penalty fresh = penalty;
    const Var latent = normal("z", Shape{real.extent(0), 3}),
              mixing = normal("mixing", {real.size() / real.extent(0), 3});
    const auto generator = [&](const Var& z) { return reshape(tanh(linear(z, mixing)), real.shape()); };
    return fresh(Context{.critic = critic,
                         .real = real,
                         .fake = fake,
                         .stream = stream,
                         .latent = latent,
                         .generator = loss::GeneratorFunction<double>(generator),
                         .parameters = parameters});
  };
  const auto numeric = eigan::detail::numeric_jacobian(function, Critic().parameters, 1e-3);
  return {eigan::detail::largest_error(eigan::detail::analytic_jacobian(function, Critic().parameters), numeric), 0};
}

const auto scale = [](const Var& x, RandomStream& stream) { return x * (1 + stream.uniform()); };

std::map<std::string, double> numbers_of(Penalty& penalty) {
  std::map<std::string, double> found;
  penalty.visit([&](std::string_view name, auto& state) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(state)>, double>) found[std::string(name)] = state;
  });
  return found;
}

/// LeCam's averages move with the outputs that they are taken from, though no gradient flows: a decay of 1 keeps them
/// where one update before put them.
Penalty settled_lecam(bool one_sided) {
  Penalty penalty = loss::LeCam(0.3, {.decay = 1, .one_sided = one_sided});
  RandomStream stream(3, "penalty");
  const auto constant = [](const Var& x) { return mean(x, 1); };
  penalty(constant, normal("before", {5, 4}), normal("then", {5, 4}), stream);
  return penalty;
}

}  // namespace

TEST_CASE("the parameter gradient of every penalty on a critic equals finite differences",
          "[loss][penalty][second-order]") {
  const std::vector<std::pair<const char*, Penalty>> penalties = {
      {"gradient_penalty", loss::GradientPenalty(10)},
      {"dragan", loss::Dragan(10)},
      {"r1", loss::R1(10)},
      {"r2", loss::R2(10)},
      {"r1r2", loss::R1R2(10)},
      {"lazy r1", loss::Lazily(4, loss::R1(10))},
      {"scheduled r1", loss::Scheduled([](Index) { return 0.3; }, loss::R1(10))},
      {"consistency", loss::ConsistencyRegularisation(10, scale)},
      {"balanced_consistency", loss::BalancedConsistency(10, 5, scale)},
      {"latent_consistency", loss::LatentConsistency(5, 0.4)},
      {"lecam", settled_lecam(false)},
      {"one-sided lecam", settled_lecam(true)},
      {"orthogonal", loss::Orthogonal(0.1)},
      {"orthonormal", loss::Orthogonal(0.1, loss::OrthogonalForm::identity)}};
  for (const auto& [name, penalty] : penalties) {
    INFO(name);
    CHECK(errors_of<MlpCritic>(penalty).first_order < 1e-8);
    CHECK(errors_of<ConvolutionCritic>(penalty).first_order < 1e-8);
  }
  CHECK(errors_of<ConvolutionCritic>(loss::ConsistencyRegularisation(10, loss::FlipAndShift{.shift = 1})).first_order <
        1e-8);
}

TEST_CASE("the generator's gradient of latent consistency equals finite differences", "[loss][penalty]") {
  const Var latent = normal("z", {5, 3}), real = normal("real", {5, 4});
  const MlpCritic critic;
  const auto function = [&](const std::vector<Var>& p) {
    const auto generator = [&](const Var& z) { return linear(tanh(linear(z, p[0], p[1])), p[2]); };
    RandomStream stream(3, "penalty");
    return loss::LatentConsistency(2, 0.3)(Context{.critic = critic,
                                                   .real = real,
                                                   .fake = generator(latent),
                                                   .stream = stream,
                                                   .side = loss::Side::generator,
                                                   .latent = latent,
                                                   .generator = loss::GeneratorFunction<double>(generator)});
  };
  const std::vector<Var> parameters = {normal("g1", {4, 3}), normal("g2", {4}), normal("g3", {4, 4})};
  CHECK(function(parameters).item() < 0);
  CHECK(check_gradients(function, parameters).first_order < 1e-8);
}

TEST_CASE("R1 looks at the real samples, R2 at the generated ones, both at once in one call", "[loss][penalty]") {
  const Var real = normal("real", {4, 3}), fake = normal("fake", {6, 3});
  const Var w = normal("w", {1, 3});
  Index calls = 0;
  // D(x) = (w x)^2 / 2 has the slope (w x) w.
  const auto critic = [&](const Var& x) {
    ++calls;
    return 0.5 * square(linear(x, w));
  };
  const auto expected = [&](const Var& x) {
    double total = 0, length = 0;
    for (Index i = 0; i < 3; ++i) length += w.data()[i] * w.data()[i];
    for (Index n = 0; n < x.extent(0); ++n) {
      double product = 0;
      for (Index i = 0; i < 3; ++i) product += w.data()[i] * x.data()[n * 3 + i];
      total += product * product * length;
    }
    return total / static_cast<double>(x.extent(0));
  };
  RandomStream stream(3, "penalty");
  CHECK(loss::R1(6)(context(critic, real, fake, stream)).item() == Approx(3 * expected(real)).epsilon(1e-12));
  CHECK(loss::R2(6)(context(critic, real, fake, stream)).item() == Approx(3 * expected(fake)).epsilon(1e-12));
  CHECK(loss::zero_centred_penalty(critic, fake, 2).item() == Approx(expected(fake)).epsilon(1e-12));
  calls = 0;
  CHECK(loss::R1R2(6)(context(critic, real, fake, stream)).item() ==
        Approx(3 * (expected(real) + expected(fake))).epsilon(1e-12));
  CHECK(calls == 1);
  CHECK(stream.state().counter == 0);
}

TEST_CASE("R1 and R2 from the update's own outputs are those of a call of their own, gradients too",
          "[loss][penalty]") {
  const test::MlpCritic mlp;
  Index calls = 0;
  const auto critic = [&](const Var& x) {
    ++calls;
    return mlp(x);
  };
  const Var real = test::normal("real", {5, 4}), fake = test::normal("fake", {3, 4});
  RandomStream stream(3, "penalty");
  const Var apart = loss::R1R2(6)(context(critic, real, fake, stream));
  const auto expected = grad(apart, mlp.parameters, {.unreached = Unreached::zeros});
  for (const bool joined : {false, true}) {
    auto here = context(critic, real, fake, stream);
    const Var both = joined ? mlp(append_rows(real, fake)) : Var();
    here.real_outputs = joined ? rows(both, 0, 5) : mlp(real);
    here.fake_outputs = joined ? rows(both, 5, 3) : mlp(fake);
    calls = 0;
    const Var penalty = loss::R1R2(6)(here);
    CHECK(calls == 0);
    CHECK(penalty.item() == Approx(apart.item()).epsilon(1e-12));
    const auto gradients = grad(penalty, mlp.parameters, {.unreached = Unreached::zeros});
    for (std::size_t k = 0; k < expected.size(); ++k)
      for (Index i = 0; i < expected[k].size(); ++i)
        CHECK(gradients[k].data()[i] == Approx(expected[k].data()[i]).epsilon(1e-10).margin(1e-13));
  }
}

TEST_CASE("images are mirrored and moved whole, each by itself, within the shift", "[loss][augmentation]") {
  // Each pixel says where it is: 100 n + 10 i + j.
  const Index count = 40, height = 7, width = 6, shift = 2;
  Tensor<double> places(Shape{count, height, width, 2});
  for (Index k = 0; k < places.size(); ++k) {
    const Index pixel = k / 2, n = pixel / (height * width), i = pixel / width % height, j = pixel % width;
    places.mutable_data()[k] = static_cast<double>((k % 2 ? -1 : 1) * (1 + 100 * n + 10 * i + j));
  }
  RandomStream stream(5, "augmentation");
  const Var x(places), moved = loss::FlipAndShift{.shift = shift}(x, stream);
  REQUIRE(moved.shape() == x.shape());
  CHECK(stream.state().counter == 3 * count);
  std::map<Index, Index> flips, downs, rights;
  for (Index n = 0; n < count; ++n) {
    // The one motion that explains the image.
    Index explained = 0;
    for (const bool flip : {false, true})
      for (Index down = -shift; down <= shift; ++down)
        for (Index right = -shift; right <= shift; ++right) {
          bool fits = true;
          for (Index i = 0; i < height; ++i)
            for (Index j = 0; j < width; ++j) {
              const Index row = i - down, column = j - right;
              if (row < 0 || row >= height || column < 0 || column >= width) continue;
              const Index from = ((n * height + row) * width + (flip ? width - 1 - column : column)) * 2;
              const Index to = ((n * height + i) * width + j) * 2;
              fits = fits && moved.data()[to] == places.data()[from] && moved.data()[to + 1] == places.data()[from + 1];
            }
          if (!fits) continue;
          ++explained;
          ++flips[flip];
          ++downs[down];
          ++rights[right];
        }
    CHECK(explained == 1);
  }
  CHECK(flips.size() == 2);
  CHECK(downs.size() == 5);
  CHECK(rights.size() == 5);

  RandomStream other(5, "augmentation");
  const Var still = loss::FlipAndShift{.flip = false, .shift = 0}(x, other);
  for (Index k = 0; k < places.size(); ++k) REQUIRE(still.data()[k] == places.data()[k]);
  CHECK_THROWS_AS(loss::FlipAndShift{.shift = 6}(x, other), ShapeError);
  CHECK_THROWS_AS(loss::FlipAndShift()(normal("flat", {4, 9}), other), ShapeError);
  const auto augment = [](const std::vector<Var>& in) {
    RandomStream again(5, "augmentation");
    return loss::FlipAndShift{.shift = 1}(in[0], again);
  };
  CHECK(check_gradients(augment, {normal("images", {2, 3, 2, 1})}).first_order < 1e-9);
}

TEST_CASE("orthogonal filters of any length have no penalty of the first form, orthonormal ones none of the second",
          "[loss][penalty]") {
  const Var rows(Tensor<double>::from({2.0, 0, 0, 0, 3, 0}).reshaped(Shape{2, 3}));     // [out, in]
  const Var columns(Tensor<double>::from({0.0, 1, 1, 0}).reshaped(Shape{1, 2, 1, 2}));  // [k, k, in, out]
  const Var bias = normal("bias", {9});
  const MlpCritic critic;
  RandomStream stream(3, "penalty");
  const auto of = [&](loss::OrthogonalForm form, const std::vector<Var>& parameters) {
    return loss::Orthogonal(
        2, form)(Context{.critic = critic, .real = {}, .fake = {}, .stream = stream, .parameters = parameters});
  };
  using loss::OrthogonalForm;
  CHECK(of(OrthogonalForm::off_diagonal, {rows, bias, columns}).item() == 0);
  CHECK(of(OrthogonalForm::identity, {columns}).item() == 0);
  CHECK(of(OrthogonalForm::identity, {rows, bias}).item() == 2 * (9 + 64));
  CHECK_FALSE(of(OrthogonalForm::identity, {bias}).defined());
  // Twice as many filters as they are long: the smaller Gram matrix says the same as the larger one.
  const Var wide = normal("wide", {8, 3});
  double off_diagonal = 0, identity = 0;
  for (Index i = 0; i < 8; ++i)
    for (Index j = 0; j < 8; ++j) {
      double product = 0;
      for (Index k = 0; k < 3; ++k) product += wide.data()[3 * i + k] * wide.data()[3 * j + k];
      off_diagonal += i == j ? 0 : product * product;
      identity += (product - (i == j)) * (product - (i == j));
    }
  CHECK(of(OrthogonalForm::off_diagonal, {wide}).item() == Approx(2 * off_diagonal).epsilon(1e-12));
  CHECK(of(OrthogonalForm::identity, {wide}).item() == Approx(2 * identity).epsilon(1e-12));
}

TEST_CASE("historical averaging pulls back to the mean of what was, finite differences say how hard",
          "[loss][penalty]") {
  const std::vector<Var> before = {normal("w", {3, 2}), normal("b", {3})};
  const std::vector<Var> now = {normal("w'", {3, 2}), normal("b'", {3})};
  RandomStream stream(3, "penalty");
  const MlpCritic critic;
  const auto at = [&](const std::vector<Var>& parameters) {
    return Context{.critic = critic, .real = {}, .fake = {}, .stream = stream, .parameters = parameters};
  };
  Penalty penalty = loss::HistoricalAveraging<double>(3);
  CHECK(penalty(at(before)).item() == 0);
  CHECK(numbers_of(penalty).at("count") == 1);
  const auto second = [&](const std::vector<Var>& parameters) {
    Penalty copy = penalty;
    return copy(at(parameters));
  };
  // The mean of two moves half as far as the parameters do, and no gradient flows through it: the gradient is twice
  // what differences show.
  const auto numeric = eigan::detail::numeric_jacobian(second, now, 1e-3);
  const auto analytic = eigan::detail::analytic_jacobian(second, now);
  REQUIRE(numeric.size() == 9);
  for (std::size_t i = 0; i < 9; ++i) CHECK(analytic[i] == Approx(2 * numeric[i]).epsilon(1e-8));
  CHECK_THROWS_AS(penalty(at({before[0]})), ConfigError);
  CHECK_THROWS_AS(loss::HistoricalAveraging<double>(1)(at({})), ConfigError);
}

TEST_CASE("nothing flows from a discriminator's penalty into the samples or the generator", "[loss][penalty]") {
  const Var z = normal("z", {5, 3}), mixing = normal("mixing", {4, 3}), real = normal("real", {5, 4});
  const MlpCritic critic;
  RandomStream stream(3, "penalty");
  const auto generator = [&](const Var& x) { return linear(x, mixing); };
  const Var fake(generator(z).value());
  for (Penalty penalty : {Penalty(loss::LatentConsistency(5)), Penalty(loss::R1R2(1)), Penalty(loss::Dragan()),
                          Penalty(loss::BalancedConsistency(1, 1, scale))}) {
    INFO(penalty.name());
    Context here{.critic = critic,
                 .real = real,
                 .fake = fake,
                 .stream = stream,
                 .real_outputs = critic(Var(real.value())),
                 .fake_outputs = critic(Var(fake.value())),
                 .latent = z,
                 .generator = loss::GeneratorFunction<double>(generator)};
    if (penalty.name() == "r1r2") here.real_outputs = here.fake_outputs = {};  // it takes slopes from them, at hand
    const Var added = penalty(here);
    for (const Var& target : {z, mixing, real, fake}) CHECK_THROWS_AS(grad(added, target), Error);
    CHECK_NOTHROW(grad(added, critic.parameters[0]));
  }
}

TEST_CASE("penalties list their settings, and say which need a critic that judges each sample alone",
          "[loss][penalty]") {
  const auto expect = [](const Penalty& penalty, const char* name, const Settings& settings, bool per_sample) {
    INFO(name);
    CHECK(penalty.name() == name);
    CHECK(penalty.settings() == settings);
    CHECK(penalty.needs_per_sample_critic() == per_sample);
  };
  expect(loss::R1(3), "r1", {{"weight", 3}}, true);
  expect(loss::R2(3), "r2", {{"weight", 3}}, true);
  expect(loss::R1R2(3), "r1r2", {{"weight", 3}}, true);
  expect(loss::Lazily(16, loss::R1(3)), "r1", {{"every", 16}, {"weight", 3}}, true);
  expect(loss::Dragan(2, {.noise = 1}), "dragan", {{"weight", 2}, {"target", 1}, {"noise", 1}}, true);
  expect(loss::ConsistencyRegularisation(2), "consistency",
         {{"weight", 2}, {"augmentation.flip", 1}, {"augmentation.shift", 4}}, false);
  expect(loss::BalancedConsistency(2, 3, scale), "balanced_consistency", {{"real_weight", 2}, {"fake_weight", 3}},
         false);
  expect(loss::LatentConsistency(2, 0.1), "latent_consistency", {{"weight", 2}, {"deviation", 0.1}}, false);
  expect(loss::LeCam(2, {.decay = 0.5, .start = 7}), "lecam",
         {{"weight", 2}, {"decay", 0.5}, {"start", 7}, {"one_sided", 0}}, false);
  expect(loss::Orthogonal(2, loss::OrthogonalForm::identity), "orthogonal", {{"weight", 2}, {"form", 1}}, false);
  expect(loss::HistoricalAveraging<double>(2), "historical_averaging", {{"weight", 2}}, false);
}

TEST_CASE("options that make no penalty are refused", "[loss][penalty]") {
  CHECK_THROWS_AS(loss::R1(-1), ConfigError);
  CHECK_THROWS_AS(loss::R2(-1), ConfigError);
  CHECK_THROWS_AS(loss::R1R2(-1), ConfigError);
  CHECK_THROWS_AS(loss::Dragan(1, {.noise = -1}), ConfigError);
  CHECK_THROWS_AS(loss::ConsistencyRegularisation(-1), ConfigError);
  CHECK_THROWS_AS(loss::BalancedConsistency(1, -1), ConfigError);
  CHECK_THROWS_AS(loss::LatentConsistency(1, 0), ConfigError);
  CHECK_THROWS_AS(loss::LeCam(1, {.decay = 1.1}), ConfigError);
  CHECK_THROWS_AS(loss::Orthogonal(-1), ConfigError);
  CHECK_THROWS_AS(loss::HistoricalAveraging<double>(-1), ConfigError);
}
