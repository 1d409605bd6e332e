// Trains a GAN on a directory of your own images.

#include <iostream>

#include <eigan/core/error.hpp>
#include <eigan/data/image_folder.hpp>

#include "support/command_line.hpp"
#include "support/image_run.hpp"
#include "support/recipe_list.hpp"

using namespace eigan;

int main(int argc, char** argv) {
  std::filesystem::path data;
  data::ImageFolderOptions folder{.size = 32};
  bool grey = false, stream = false;
  examples::ImageRun run;
  run.out = "runs/images";
  run.steps = 10'000;
  examples::CommandLine line(
      "Trains a GAN on the PNG, JPEG and PNM images of a directory, each cropped to its middle and resized, and writes "
      "new ones.");
  line.path("--data", data, "the directory; its sub-directories, if it has any, are classes");
  line.path("--labels", folder.labels, "a table of file,class instead of sub-directories");
  line.number("--size", folder.size, "height and width, a multiple of 8 up to 128");
  line.flag("--grey", grey, "without colour");
  line.flag("--skip-unreadable", folder.skip_unreadable, "leave out what cannot be read");
  line.flag("--stream", stream, "read files when they are needed, for more images than memory holds");
  examples::add_flags(line, run);
  if (const auto status = line.parse(argc, argv)) return *status;
  if (run.recipe == "list") return examples::print_recipes();
  return examples::report_errors("images", [&] {
    if (data.empty()) throw ConfigError("expected a directory of images: --data DIRECTORY");
    if (folder.size % 8 != 0 || folder.size > 128)
      throw ConfigError("expected a --size of 8, 16, ... 128, got " + std::to_string(folder.size));
    folder.channels = grey ? 1 : 3;
    if (stream) return examples::train(run, data::ImageFolder(data, folder), data.string());
    const data::LoadedFolder loaded = data::read_image_folder(data, folder);
    for (const std::string& fault : loaded.skipped) std::cerr << "images: skipped " << fault << "\n";
    std::cout << loaded.images.size() << " images of " << loaded.images.classes.size() << " classes\n";
    return examples::train(run, loaded.images, data.string());
  });
}
