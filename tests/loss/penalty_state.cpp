// What penalties keep from update to update, through a checkpoint and back.
#include <string>
#include <vector>

#include <eigan/io/safetensors.hpp>
#include <eigan/loss/loss.hpp>
#include <eigan/train/checkpoint.hpp>

#include "catch.hpp"
#include "loss/critics.hpp"

using namespace eigan;
using namespace test;
using Var = Variable<double>;
using Context = loss::PenaltyContext<double>;
using Penalty = loss::AnyPenalty<double>;

namespace {

const std::vector<std::string> names = {"0.weight", "0.bias"};

std::vector<Var> parameters_of(Index step) {
  return {normal("w" + std::to_string(step), {3, 4}), normal("b" + std::to_string(step), {3})};
}

/// One update of many, each with parameters and batches of its own.
double update(Penalty& penalty, Index step) {
  const std::vector<Var> parameters = parameters_of(step);
  const auto critic = [&](const Var& x) { return linear(x, parameters[0], parameters[1]); };
  const Var real = normal("real" + std::to_string(step), {5, 4}), fake = normal("fake" + std::to_string(step), {5, 4});
  RandomStream stream(3, "penalty");
  const Var added = penalty(Context{.critic = critic,
                                    .real = real,
                                    .fake = fake,
                                    .stream = stream,
                                    .step = step,
                                    .parameters = parameters,
                                    .parameter_names = names});
  return added.defined() ? added.item() : 0;
}

/// Hands the state over as a trainer does.
template <class Archive>
void show(Penalty& penalty, Archive& archive) {
  penalty.visit([&](std::string_view name, auto& value) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(value)>, double>)
      archive.real("penalty." + std::string(name), value);
    else
      archive.tensor("penalty." + std::string(name), value.value);
  });
}

}  // namespace

TEST_CASE("a penalty goes on from a checkpoint bit for bit, in a run that never called it", "[loss][penalty]") {
  for (const Penalty& made : {Penalty(loss::HistoricalAveraging<double>(0.5)),
                              Penalty(loss::Lazily(2, loss::HistoricalAveraging<double>(0.5))),
                              Penalty(loss::LeCam(0.3, {.decay = 0.7, .start = 1}))}) {
    INFO(made.name());
    Penalty straight = made, resumed = made;
    straight.prepare(parameters_of(0), names);
    for (Index step = 0; step < 4; ++step) update(straight, step);
    train::detail::CheckpointWriter<double> writer;
    show(straight, writer);

    resumed.prepare(parameters_of(9), names);
    for (const bool apply : {false, true}) {
      train::detail::CheckpointReader<double> reader(writer.file(), apply);
      show(resumed, reader);
    }
    double total = 0;
    for (Index step = 4; step < 8; ++step) {
      const double expected = update(straight, step);
      CHECK(update(resumed, step) == expected);
      total += expected;
    }
    CHECK(total > 0);
    // One that forgot would say something else.
    Penalty forgetful = made;
    double forgotten = 0;
    for (Index step = 4; step < 8; ++step) forgotten += update(forgetful, step);
    CHECK(forgotten != total);
  }
}

TEST_CASE("historical averaging names a mean for each parameter, of its shape, before the first update",
          "[loss][penalty]") {
  Penalty penalty = loss::HistoricalAveraging<double>(1);
  penalty.prepare(parameters_of(0), names);
  train::detail::CheckpointWriter<double> writer;
  show(penalty, writer);
  CHECK(writer.file().contains("penalty.count"));
  REQUIRE(writer.file().contains("penalty.mean.0.weight"));
  CHECK(std::get<Tensor<double>>(writer.file().at("penalty.mean.0.weight")).shape() == Shape{3, 4});
  CHECK(std::get<Tensor<double>>(writer.file().at("penalty.mean.0.bias")).shape() == Shape{3});

  // A checkpoint of another network is refused.
  Penalty other = loss::HistoricalAveraging<double>(1);
  const std::vector<Var> larger = {normal("w", {4, 4}), normal("b", {4})};
  other.prepare(larger, names);
  train::detail::CheckpointReader<double> reader(writer.file(), false);
  CHECK_THROWS_AS(show(other, reader), CheckpointError);
}

TEST_CASE("a copy of a penalty keeps its history apart", "[loss][penalty]") {
  Penalty penalty = loss::HistoricalAveraging<double>(1);
  update(penalty, 0);
  Penalty copy = penalty;
  const double second = update(penalty, 1);
  CHECK(second > 0);
  update(copy, 5);
  CHECK(update(copy, 1) != second);
}
