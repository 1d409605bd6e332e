// What loading costs: training steps that draw shuffled, flipped batches from a data set, as train() does, and whole
// runs of examples/cifar10, with their averaged weights, log, pictures and checkpoint, against as many steps of the
// benchmarks' cases on one batch that is already there; in turns. Prints for each case the median ratios and where half
// of all ratios lie.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <eigan/eigan.hpp>

#include "../../examples/support/command_line.hpp"
#include "../../examples/support/image_run.hpp"
#include "../support/cases.hpp"
#include "../support/clock.hpp"

using namespace eigan;

struct Arguments {
  std::string data;
  std::filesystem::path out = "runs/studies";
  Index turns = 24, milliseconds = 1000;
  int threads = 0;
};

/// A case of the benchmarks, and what examples/cifar10 calls the same.
struct Case {
  std::string name;
  support::Networks networks;
  support::Game game;
  std::string recipe, model;
  Index critic_steps;
};

/// The seconds of one run of examples/cifar10, as its summary has them.
double example_seconds(const Case& what, const data::ImageSet& images, const Arguments& arguments, Index steps) {
  examples::ImageRun run;
  run.out = arguments.out / ("loader-" + what.name);
  run.recipe = what.recipe, run.model = what.model, run.flip = true;
  run.steps = steps, run.threads = arguments.threads;
  examples::train(run, images, "loader");
  std::ifstream summary(run.out / "summary.json");
  return nlohmann::json::parse(summary).at("seconds").get<double>();
}

void print(const std::string& name, std::vector<double> ratios, Index steps) {
  std::sort(ratios.begin(), ratios.end());
  const std::size_t count = ratios.size();
  std::cout << name << ": " << ratios[count / 2] << " [" << ratios[count / 4] << ", " << ratios[3 * count / 4] << "], "
            << count << " turns of " << steps << " steps" << std::endl;
}

void compare(const Case& what, const data::ImageSet& images, const Arguments& arguments) {
  auto options = support::options_of(what.game, what.networks.latent);
  options.critic_steps = what.critic_steps;
  support::Training training(what.networks, options.batch, options);
  auto& trainer = training.trainer;
  const data::Augmented set(images, {.flip = true});
  const auto loaded = [&](Index steps) {
    return support::time_of([&] { trainer.train(set, trainer.step() + steps); });
  };
  const auto there = [&](Index steps) {
    return support::time_of([&] {
      for (Index i = 0; i < steps; ++i) trainer.step(training.real);
    });
  };
  loaded(2);
  const auto steps =
      std::max<Index>(2, static_cast<Index>(1e-3 * static_cast<double>(arguments.milliseconds) / (there(4) / 4)));
  // Either goes first in every second turn.
  const auto ratio = [](Index turn, const auto& one, const auto& other) {
    const double before = turn % 2 == 0 ? one() : other(), after = turn % 2 == 0 ? other() : one();
    return turn % 2 == 0 ? before / after : after / before;
  };
  std::vector<double> of_loading, of_example;
  for (Index turn = 0; turn < arguments.turns; ++turn)
    of_loading.push_back(ratio(
        turn, [&] { return loaded(steps); }, [&] { return there(steps); }));
  print(what.name + ", loaded / there", of_loading, steps);
  const Index run_steps = 10 * steps;  // what begins and ends a run is part of it
  for (Index turn = 0; turn < std::max<Index>(1, arguments.turns / 4); ++turn)
    of_example.push_back(ratio(
        turn, [&] { return example_seconds(what, images, arguments, run_steps); }, [&] { return there(run_steps); }));
  print(what.name + ", examples/cifar10 / there", of_example, run_steps);
}

int main(int argc, char** argv) {
  Arguments arguments;
  examples::CommandLine line("Compares training steps that load their batches with steps on a batch that is there.");
  line.text("--data", arguments.data, "CIFAR-10's binary files; without: pictures that eigan paints", "EIGAN_CIFAR10");
  line.number("--turns", arguments.turns, "for each case; a quarter of them for the example's runs");
  line.number("--milliseconds", arguments.milliseconds, "of each half of a turn, about; ten times that for a run");
  line.number("--threads", arguments.threads, "threads; 0: one per processor", 0);
  line.path("--out", arguments.out, "directory for what the example's runs leave");
  if (const auto status = line.parse(argc, argv)) return *status;
  return examples::report_errors("loader", [&] {
    set_threads(arguments.threads);
    const data::ImageSet images =
        arguments.data.empty() ? data::make_textures(20'000, 0) : data::load_cifar10(arguments.data);
    using support::Game;
    compare({"dcgan_cifar", support::dcgan_cifar(), Game::non_saturating, "dcgan", "dcgan", 1}, images, arguments);
    compare({"wgangp_cifar", support::wgangp_cifar(), Game::wasserstein, "wgan_gp", "dcgan", 5}, images, arguments);
    compare({"sngan_cifar", support::sngan_cifar(), Game::hinge, "sngan", "sngan", 5}, images, arguments);
    return 0;
  });
}
