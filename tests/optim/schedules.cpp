#include <cmath>
#include <numbers>

#include <eigan/core/error.hpp>
#include <eigan/optim/any_schedule.hpp>

#include "catch.hpp"

using namespace eigan;
using optim::AnySchedule;

TEST_CASE("a constant schedule is constant", "[optim][schedule]") {
  CHECK(optim::ConstantSchedule{}(123) == 1);
  CHECK(optim::ConstantSchedule{.factor = 0.5}(0) == 0.5);
  CHECK(AnySchedule()(7) == 1);
}

TEST_CASE("a linear schedule goes straight and then stays", "[optim][schedule]") {
  const optim::LinearSchedule schedule{.from = 1, .to = 0.2, .steps = 4};
  CHECK(schedule(0) == 1);
  CHECK(schedule(1) == Approx(0.8));
  CHECK(schedule(3) == Approx(0.4));
  CHECK(schedule(4) == 0.2);
  CHECK(schedule(400) == 0.2);
}

TEST_CASE("a cosine schedule is half a cosine and then stays at its floor", "[optim][schedule]") {
  const optim::CosineSchedule schedule{.to = 0.1, .steps = 8};
  for (Index step = 0; step <= 8; ++step)
    CHECK(schedule(step) ==
          Approx(0.1 + 0.9 * 0.5 * (1 + std::cos(std::numbers::pi * static_cast<double>(step) / 8))).epsilon(1e-14));
  CHECK(schedule(0) == 1);
  CHECK(schedule(8) == Approx(0.1).epsilon(1e-14));
  CHECK(schedule(9) == schedule(8));
}

TEST_CASE("a warm-up climbs to 1, then the next schedule starts from its beginning", "[optim][schedule]") {
  const optim::CosineSchedule cosine{.steps = 20};
  const AnySchedule schedule = optim::warm_up(10, cosine);
  CHECK(schedule(0) == Approx(0.1));
  CHECK(schedule(4) == Approx(0.5));
  CHECK(schedule(9) == 1);
  for (Index step = 0; step < 25; ++step) CHECK(schedule(10 + step) == cosine(step));
  CHECK(optim::warm_up(2)(100) == 1);
}

TEST_CASE("a linear schedule holds before its line begins", "[optim]") {
  const optim::LinearSchedule schedule{.from = 1, .to = 0.5, .steps = 10, .hold = 20};
  CHECK(schedule(0) == 1);
  CHECK(schedule(20) == 1);
  CHECK(schedule(25) == Approx(0.75));
  CHECK(schedule(30) == 0.5);
  CHECK(schedule(1000) == 0.5);
  CHECK_THROWS_AS(optim::AnySchedule(optim::LinearSchedule{.steps = 10, .hold = -1}), ConfigError);
}

TEST_CASE("any schedule tells its name and numbers; a function is a schedule too", "[optim][schedule]") {
  const AnySchedule linear = optim::LinearSchedule{.from = 1, .to = 0, .steps = 100};
  CHECK(linear.name() == "linear");
  CHECK(linear.settings() == Settings{{"from", 1}, {"to", 0}, {"steps", 100}, {"hold", 0}});
  const AnySchedule warm = optim::warm_up(5, optim::CosineSchedule{.to = 0.5, .steps = 10});
  CHECK(warm.settings() == Settings{{"steps", 5}, {"then.to", 0.5}, {"then.steps", 10}});
  const AnySchedule halving = [](Index step) { return std::pow(0.5, static_cast<double>(step)); };
  CHECK(halving(3) == 0.125);
  CHECK(halving.name() == "custom");
  const AnySchedule copy = linear;
  CHECK(copy(50) == 0.5);
}

TEST_CASE("a schedule without a horizon is refused when it is handed over", "[optim][schedule]") {
  CHECK_THROWS_AS(AnySchedule(optim::LinearSchedule{}), ConfigError);
  CHECK_THROWS_AS(AnySchedule(optim::CosineSchedule{.to = 0.1}), ConfigError);
  CHECK_THROWS_AS(AnySchedule(optim::warm_up(0)), ConfigError);
  CHECK_THROWS_AS(AnySchedule(optim::warm_up(5, optim::CosineSchedule{})), ConfigError);
}
