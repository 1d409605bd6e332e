// What a penalty is told, how its type is erased, and how it is applied in some of the steps alone or ever less.
#include <map>
#include <string>
#include <vector>

#include <eigan/core/random.hpp>
#include <eigan/loss/loss.hpp>
#include <eigan/optim/schedule.hpp>

#include "catch.hpp"

using namespace eigan;
using Var = Variable<double>;
using Context = loss::PenaltyContext<double>;

namespace {

Var normal(const char* name, const Shape& shape) { return Var(RandomStream(7, name).normal<double>(shape)); }

const auto critic = [](const Var& x) { return sum(square(x), 1); };
const auto generator = [](const Var& z) { return 3 * z; };

/// Counts its calls and keeps a state of the parameters' shapes.
struct Counting {
  static constexpr const char* name = "counting";
  static constexpr bool needs_per_sample_critic = true;
  double calls = 0;
  Buffer<double> first = {};
  Var operator()(const Context& here) {
    ++calls;
    return mean(here.outputs_of_fake()) * calls;
  }
  void prepare(std::span<const Var> parameters, std::span<const std::string>) {
    first.value = Tensor<double>::zeros(parameters[0].shape());
  }
  void settings(auto&& field) const { field("weight", 2); }
  void visit(auto&& field) {
    field("calls", calls);
    field("first", first);
  }
};

std::map<std::string, double> state_of(loss::AnyPenalty<double>& penalty) {
  std::map<std::string, double> found;
  penalty.visit([&](std::string_view name, auto& state) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(state)>, double>)
      found[std::string(name)] = state;
    else
      found[std::string(name)] = static_cast<double>(state.value.size());
  });
  return found;
}

}  // namespace

TEST_CASE("a penalty is told all there is, and what is missing is asked for or refused", "[loss][penalty]") {
  const Var real = normal("real", {4, 3}), fake = normal("fake", {5, 3}), kept = normal("kept", {5, 1});
  RandomStream stream(3, "penalty");
  const Context bare{critic, real, fake, stream};
  CHECK(bare.step == 0);
  CHECK(bare.side == loss::Side::discriminator);
  CHECK(bare.outputs_of_real().data()[1] == critic(real).data()[1]);
  CHECK(bare.outputs_of_fake().data()[1] == critic(fake).data()[1]);
  CHECK_THROWS_AS(bare.latents(), ConfigError);
  CHECK_THROWS_AS(bare.generate(fake), ConfigError);

  const Context full{.critic = critic,
                     .real = real,
                     .fake = fake,
                     .stream = stream,
                     .real_outputs = kept,
                     .fake_outputs = kept,
                     .latent = fake,
                     .generator = generator};
  CHECK(full.outputs_of_real().same_as(kept));
  CHECK(full.outputs_of_fake().same_as(kept));
  CHECK(full.latents().same_as(fake));
  CHECK(full.generate(fake).data()[2] == 3 * fake.data()[2]);
}

TEST_CASE("a penalty may be called with the whole context or with critic, batches and stream", "[loss][penalty]") {
  const Var real = normal("real", {4, 3}), fake = normal("fake", {4, 3});
  RandomStream stream(3, "penalty");
  loss::AnyPenalty<double> old = [](const auto& d, const auto& x, const auto& y, RandomStream& drawn) {
    return mean(d(x)) - mean(d(y)) + drawn.uniform();
  };
  loss::AnyPenalty<double> rich = [](const Context& here) { return mean(here.critic(here.real)) + double(here.step); };
  loss::AnyPenalty<double> nothing = [](const Context&) { return Var(); };
  const double difference = mean(critic(real)).item() - mean(critic(fake)).item();
  const double drawn = RandomStream(3, "penalty").uniform();
  const Context here{.critic = critic, .real = real, .fake = fake, .stream = stream, .step = 5};
  CHECK(old(here).item() == Approx(difference + drawn).epsilon(1e-12));
  CHECK(stream.state().counter == 1);
  CHECK(rich(here).item() == mean(critic(real)).item() + 5);
  CHECK(rich(critic, real, fake, stream).item() == mean(critic(real)).item());
  CHECK_FALSE(nothing(here).defined());
}

TEST_CASE("any penalty says what its type says, and keeps its state apart from a copy's", "[loss][penalty]") {
  const Var real = normal("real", {4, 3}), fake = normal("fake", {4, 3});
  RandomStream stream(3, "penalty");
  loss::AnyPenalty<double> any = Counting();
  CHECK(any.name() == "counting");
  CHECK(any.needs_per_sample_critic());
  CHECK(any.settings() == Settings{{"weight", 2}});
  CHECK(loss::AnyPenalty<double>(loss::GradientPenalty()).needs_per_sample_critic());
  CHECK_FALSE(loss::AnyPenalty<double>([](const Context&) { return Var(); }).needs_per_sample_critic());

  const std::vector<Var> parameters = {normal("w", {2, 3})};
  const std::vector<std::string> names = {"w"};
  any.prepare(parameters, names);
  any(critic, real, fake, stream);
  loss::AnyPenalty<double> copy = any;
  copy(critic, real, fake, stream);
  CHECK(state_of(any) == std::map<std::string, double>{{"calls", 1}, {"first", 6}});
  CHECK(state_of(copy) == std::map<std::string, double>{{"calls", 2}, {"first", 6}});
}

TEST_CASE("a lazy penalty is applied in every k-th step, k times as strong", "[loss][penalty]") {
  const Var real = normal("real", {4, 3}), fake = normal("fake", {4, 3});
  RandomStream stream(3, "penalty");
  const double once = mean(critic(fake)).item();
  // What wraps a type and what wraps any type are the same.
  for (loss::AnyPenalty<double> lazy :
       {loss::AnyPenalty<double>(loss::Lazily(3, Counting())),
        loss::AnyPenalty<double>(loss::Lazily(3, loss::AnyPenalty<double>(Counting())))}) {
    CHECK(lazy.name() == "counting");
    CHECK(lazy.needs_per_sample_critic());
    CHECK(lazy.settings() == Settings{{"every", 3}, {"weight", 2}});
    const std::vector<Var> parameters = {normal("w", {2, 3})};
    lazy.prepare(parameters, {});
    double calls = 0;
    for (Index step = 0; step < 8; ++step) {
      const Var added = lazy(Context{.critic = critic, .real = real, .fake = fake, .stream = stream, .step = step});
      REQUIRE(added.defined() == (step % 3 == 0));
      if (added.defined()) CHECK(added.item() == Approx(3 * ++calls * once).epsilon(1e-12));
    }
    CHECK(calls == 3);
    CHECK(state_of(lazy) == std::map<std::string, double>{{"calls", 3}, {"first", 6}});
  }
  loss::AnyPenalty<double> nothing = loss::Lazily(1, [](const Context&) { return Var(); });
  CHECK_FALSE(nothing(Context{critic, real, fake, stream}).defined());
  CHECK_FALSE(nothing.needs_per_sample_critic());
  CHECK(nothing.name() == "custom");
  CHECK_THROWS_AS(loss::Lazily(0, Counting()), ConfigError);
}

TEST_CASE("a scheduled penalty is as strong as its schedule says of the step", "[loss][penalty]") {
  const Var real = normal("real", {4, 3}), fake = normal("fake", {4, 3});
  RandomStream stream(3, "penalty");
  const double once = mean(critic(fake)).item();
  const optim::LinearSchedule schedule{.from = 1, .to = 0.5, .steps = 4, .hold = 2};
  loss::AnyPenalty<double> fading = loss::Scheduled(schedule, Counting());
  CHECK(fading.name() == "counting");
  CHECK(fading.needs_per_sample_critic());
  CHECK(
      fading.settings() ==
      Settings{{"schedule.from", 1}, {"schedule.to", 0.5}, {"schedule.steps", 4}, {"schedule.hold", 2}, {"weight", 2}});
  const std::vector<Var> parameters = {normal("w", {2, 3})};
  fading.prepare(parameters, {});
  const std::vector<double> factors = {1, 1, 1, 0.875, 0.75, 0.625, 0.5, 0.5};
  double calls = 0;
  for (std::size_t step = 0; step < factors.size(); ++step) {
    const Var added = fading(
        Context{.critic = critic, .real = real, .fake = fake, .stream = stream, .step = static_cast<Index>(step)});
    CHECK(added.item() == Approx(factors[step] * ++calls * once).epsilon(1e-12));
  }
  CHECK(state_of(fading) == std::map<std::string, double>{{"calls", 8}, {"first", 6}});

  loss::AnyPenalty<double> of_both = loss::Lazily(2, loss::Scheduled([](Index step) { return 1 + step; }, Counting()));
  CHECK(of_both.settings() == Settings{{"every", 2}, {"weight", 2}});
  of_both.prepare(parameters, {});
  const auto at = [&](Index step) {
    return of_both(Context{.critic = critic, .real = real, .fake = fake, .stream = stream, .step = step});
  };
  CHECK(at(2).item() == Approx(2 * 3 * once).epsilon(1e-12));
  CHECK_FALSE(at(3).defined());
  loss::AnyPenalty<double> nothing = loss::Scheduled(schedule, [](const Context&) { return Var(); });
  CHECK_FALSE(nothing(Context{critic, real, fake, stream}).defined());
  CHECK_THROWS_WITH(loss::Scheduled(optim::CosineSchedule{.to = 0.1}, Counting()),
                    Catch::Contains("CosineSchedule: expected .steps above 0"));
}
