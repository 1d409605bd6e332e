// What loading costs: training steps that draw shuffled, flipped batches from a data set, as train() does, against
// steps on one batch that is already there, in turns. Prints for each case the median ratio of the two and where half
// of all ratios lie.

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include <eigan/eigan.hpp>

#include "../../examples/support/command_line.hpp"
#include "../support/cases.hpp"
#include "../support/clock.hpp"

using namespace eigan;

struct Arguments {
  std::string data;
  Index turns = 24, milliseconds = 1000;
  int threads = 0;
};

void compare(const std::string& name, support::Networks networks, support::Game game, const data::ImageSet& images,
             const Arguments& arguments) {
  support::Training training(std::move(networks), 64, game);
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
  std::vector<double> ratios;
  for (Index turn = 0; turn < arguments.turns; ++turn) {
    // Either goes first in every second turn.
    const double before = turn % 2 == 0 ? loaded(steps) : there(steps);
    const double after = turn % 2 == 0 ? there(steps) : loaded(steps);
    ratios.push_back(turn % 2 == 0 ? before / after : after / before);
  }
  std::sort(ratios.begin(), ratios.end());
  const std::size_t count = ratios.size();
  std::cout << name << ": " << ratios[count / 2] << " [" << ratios[count / 4] << ", " << ratios[3 * count / 4] << "], "
            << count << " turns of " << steps << " steps\n";
}

int main(int argc, char** argv) {
  Arguments arguments;
  examples::CommandLine line("Compares training steps that load their batches with steps on a batch that is there.");
  line.text("--data", arguments.data, "CIFAR-10's binary files; without: pictures that eigan paints", "EIGAN_CIFAR10");
  line.number("--turns", arguments.turns, "for each case");
  line.number("--milliseconds", arguments.milliseconds, "of each half of a turn, about");
  line.number("--threads", arguments.threads, "threads; 0: one per processor", 0);
  if (const auto status = line.parse(argc, argv)) return *status;
  return examples::report_errors("loader", [&] {
    set_threads(arguments.threads);
    const data::ImageSet images =
        arguments.data.empty() ? data::make_textures(20'000, 0) : data::load_cifar10(arguments.data);
    compare("dcgan_cifar", support::dcgan_cifar(), support::Game::non_saturating, images, arguments);
    compare("wgangp_cifar", support::wgangp_cifar(), support::Game::wasserstein, images, arguments);
    compare("sngan_cifar", support::sngan_cifar(), support::Game::hinge, images, arguments);
    return 0;
  });
}
