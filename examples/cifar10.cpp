// Trains a GAN on CIFAR-10's pictures, or on shapes and textures that eigan paints itself.

#include <iostream>

#include <eigan/data/cifar.hpp>
#include <eigan/data/textures.hpp>

#include "support/command_line.hpp"
#include "support/image_run.hpp"
#include "support/recipe_list.hpp"

using namespace eigan;

int main(int argc, char** argv) {
  std::string data;
  examples::ImageRun run;
  run.out = "runs/cifar10";
  run.steps = 10'000;
  examples::CommandLine line("Trains a GAN on pictures of 32 x 32 pixels and ten classes, and writes new ones.");
  line.text("--data", data, "directory with CIFAR-10's binary files; without: shapes and textures that eigan paints",
            "EIGAN_CIFAR10");
  examples::add_flags(line, run);
  if (const auto status = line.parse(argc, argv)) return *status;
  if (run.recipe == "list") return examples::print_recipes();
  return examples::report_errors("cifar10", [&] {
    if (data.empty()) std::cout << "no --data given: training on shapes and textures painted by eigan itself\n";
    const data::ImageSet pictures = data.empty() ? data::make_textures(20'000, 0) : data::load_cifar10(data);
    return examples::train(run, pictures, data.empty() ? "procedural textures" : data);
  });
}
