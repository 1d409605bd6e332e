// Samples from a checkpoint that another example has left: its networks are rebuilt from what it says of itself.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>

#include <eigan/io/io.hpp>
#include <eigan/nn/nn.hpp>
#include <eigan/train/latent_codes.hpp>

#include "support/command_line.hpp"
#include "support/sampler.hpp"

using namespace eigan;
using examples::Sampler;

struct Arguments {
  std::filesystem::path checkpoint, out = "samples.png";
  std::string what = "samples";
  Index rows = 8, columns = 8;
  int label = -1;
  std::uint64_t seed = 1;
};

/// What is asked of each sample where the picture does not say: the label that was given, or classes or codes drawn.
nn::Condition<float> drawn_condition(const Sampler& sampler, const Arguments& arguments, Index rows, Index columns,
                                     RandomStream& stream) {
  const Index count = rows * columns;
  if (sampler.settings().categories + sampler.settings().continuous > 0) {
    train::LatentCodes codes{.continuous = sampler.settings().continuous};
    if (sampler.settings().categories > 0) codes.categories = {sampler.settings().categories};
    return codes.draw<float>(count, stream);
  }
  if (sampler.settings().classes == 0) return {};
  Labels labels(Shape{count});
  for (Index row = 0; row < rows; ++row) {  // the samples of a row are of one class, so that they can be compared
    const auto drawn = static_cast<std::int32_t>(stream.below(sampler.settings().classes));
    std::fill_n(labels.mutable_data() + row * columns, columns, arguments.label >= 0 ? arguments.label : drawn);
  }
  return {labels};
}

/// Rows that lead from one latent to another along a great circle, where normal latents lie (White 2016).
Tensor<float> interpolated(const Sampler& sampler, Index rows, Index columns, RandomStream& stream) {
  const Index width = sampler.latent_size();
  const Tensor<float> ends = sampler.latents(2 * rows, stream);
  Tensor<float> z(Shape{rows * columns, width});
  for (Index row = 0; row < rows; ++row) {
    const float *const a = ends.data() + 2 * row * width, *const b = a + width;
    double dot = 0, of_a = 0, of_b = 0;
    for (Index i = 0; i < width; ++i) dot += a[i] * b[i], of_a += a[i] * a[i], of_b += b[i] * b[i];
    const double angle = std::acos(std::clamp(dot / std::sqrt(of_a * of_b), -1.0, 1.0));
    for (Index column = 0; column < columns; ++column) {
      const double t = columns > 1 ? static_cast<double>(column) / static_cast<double>(columns - 1) : 0;
      const double of_b_now = angle > 0 ? std::sin(t * angle) / std::sin(angle) : t;
      const double of_a_now = angle > 0 ? std::sin((1 - t) * angle) / std::sin(angle) : 1 - t;
      for (Index i = 0; i < width; ++i)
        z.mutable_data()[(row * columns + column) * width + i] = static_cast<float>(of_a_now * a[i] + of_b_now * b[i]);
    }
  }
  return z;
}

/// The same latents in every row.
Tensor<float> repeated(const Sampler& sampler, Index rows, Index columns, RandomStream& stream) {
  const Tensor<float> row = sampler.latents(columns, stream);
  Tensor<float> z(Shape{rows * columns, sampler.latent_size()});
  for (Index i = 0; i < rows; ++i) std::copy_n(row.data(), row.size(), z.mutable_data() + i * row.size());
  return z;
}

/// From -1 to 1, over the columns.
float sweep(Index column, Index columns) {
  return columns > 1 ? -1 + 2 * static_cast<float>(column) / static_cast<float>(columns - 1) : 0;
}

/// A category each row, the first continuous code from -reach to reach in each, the others 0.
nn::Condition<float> category_rows(const examples::NetworkSettings& settings, Index rows, Index columns, float reach) {
  const Index width = settings.categories + settings.continuous;
  Tensor<float> values = Tensor<float>::zeros(Shape{rows * columns, width});
  for (Index i = 0; i < rows * columns; ++i) {
    if (settings.categories > 0) values.mutable_data()[i * width + i / columns] = 1;
    if (settings.continuous > 0)
      values.mutable_data()[i * width + settings.categories] = reach * sweep(i % columns, columns);
  }
  return {values};
}

Tensor<float> make(const Sampler& sampler, const Arguments& arguments, Index& rows) {
  const auto& settings = sampler.settings();
  const Index columns = arguments.columns;
  RandomStream stream(arguments.seed, "sample"), asking(arguments.seed, "condition");
  const auto asked = [&] { return drawn_condition(sampler, arguments, rows, columns, asking); };
  if (arguments.what == "samples") {
    const Tensor<float> z = sampler.latents(rows * columns, stream);
    return sampler(z, asked());
  }
  if (arguments.what == "interpolation") return sampler(interpolated(sampler, rows, columns, stream), asked());
  if (arguments.what == "classes") {  // one class or category a row, the same latents in each
    if (settings.categories > 0) {
      rows = settings.categories;
      return sampler(repeated(sampler, rows, columns, stream), category_rows(settings, rows, columns, 0));
    }
    if (settings.classes == 0)
      throw ConfigError("these networks know no classes: train with --conditional, or ask for other pictures");
    rows = settings.classes;
    return sampler(repeated(sampler, rows, columns, stream), nn::Condition<float>::of_all_classes(rows, columns));
  }
  // A traversal: each row moves one number from -2 to 2. With codes, rows are categories and the first code moves.
  if (settings.categories + settings.continuous > 0) {
    rows = std::max<Index>(settings.categories, 1);
    const Tensor<float> one = sampler.latents(1, stream);
    Tensor<float> z(Shape{rows * columns, sampler.latent_size()});
    for (Index i = 0; i < rows * columns; ++i) std::copy_n(one.data(), one.size(), z.mutable_data() + i * one.size());
    return sampler(z, category_rows(settings, rows, columns, 2));
  }
  rows = std::min(rows, sampler.latent_size());
  const Tensor<float> one = sampler.latents(1, stream);
  Tensor<float> z(Shape{rows * columns, one.size()});
  for (Index i = 0; i < rows * columns; ++i) {
    std::copy_n(one.data(), one.size(), z.mutable_data() + i * one.size());
    z.mutable_data()[i * one.size() + i / columns] = 2 * sweep(i % columns, columns);
  }
  return sampler(z, asked());
}

int run(const Arguments& arguments) {
  const Sampler sampler(io::load_safetensors(arguments.checkpoint));
  if (arguments.label >= static_cast<int>(std::max<Index>(sampler.settings().classes, 1)))
    throw ConfigError("expected a class of 0 to " + std::to_string(sampler.settings().classes - 1) + ", got " +
                      std::to_string(arguments.label));
  Index rows = arguments.rows;
  const Tensor<float> samples = make(sampler, arguments, rows);
  io::save_image_grid(arguments.out, samples, arguments.columns);
  std::cout << rows << " x " << arguments.columns << " images in " << arguments.out.string() << "\n";
  return 0;
}

int main(int argc, char** argv) {
  Arguments arguments;
  examples::CommandLine line(
      "Makes pictures with the generator of a checkpoint that mnist, cifar10, images or classifying has left.");
  line.path("checkpoint", arguments.checkpoint, "the checkpoint, such as runs/mnist/checkpoint.safetensors");
  line.require("checkpoint");
  line.choice("--what", arguments.what,
              "samples; interpolation: from the first to the last of each row; classes: a class or "
              "category a row, by the same latents; traversal: a number of the latent, or a code, moves along each row",
              {"samples", "interpolation", "classes", "traversal"});
  line.number("--rows", arguments.rows, "rows of the picture");
  line.number("--columns", arguments.columns, "columns of the picture");
  line.number("--class", arguments.label, "class of all samples, from 0 on; -1: drawn", -1);
  line.number("--seed", arguments.seed, "of the latents");
  line.path("--out", arguments.out, "the picture to write");
  if (const auto status = line.parse(argc, argv)) return *status;
  return examples::report_errors("sample", [&] { return run(arguments); });
}
