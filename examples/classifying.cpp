// Digits from a discriminator that also says what it sees: AC-GAN, TAC-GAN and the multi-class hinge learn from labels,
// InfoGAN finds kinds of digits by itself.

#include <filesystem>
#include <iostream>

#include <eigan/eigan.hpp>

#include "support/command_line.hpp"
#include "support/networks.hpp"
#include "support/run.hpp"

using namespace eigan;

constexpr Index classes = 10, continuous_codes = 2, features = 256;

struct Arguments : examples::RunFlags {
  std::string data, method = "acgan";

  bool infogan() const { return method == "infogan"; }
};

/// A generator that is asked for a class, or fed codes whose meaning it chooses.
examples::NetworkSettings network_settings(const Arguments& arguments) {
  examples::NetworkSettings settings{.model = "dcgan", .recipe = "gan", .size = 28, .channels = 1};
  if (arguments.infogan())
    settings.categories = classes, settings.continuous = continuous_codes;
  else
    settings.classes = classes;
  return settings;
}

/// Half the height and half the width.
nn::Conv2d<> halving(Index in, Index out) {
  return nn::Conv2d({.in = in, .out = out, .kernel = 4, .stride = 2, .padding = 1});
}

/// InfoGAN's features and, on them, how real a sample looks and what its codes are (Chen et al. 2016, table 1).
nn::Classifying<> make_decoder() {
  nn::Sequential body{halving(1, 64),
                      nn::LeakyReLU(0.2),
                      halving(64, 128),
                      nn::BatchNorm(128),
                      nn::LeakyReLU(0.2),
                      nn::Flatten(),
                      nn::Linear(7 * 7 * 128, features),
                      nn::BatchNorm(features),
                      nn::LeakyReLU(0.2)};
  return nn::Classifying(std::move(body), {.features = features, .classes = classes + continuous_codes});
}

/// Features and, on them, how real a sample looks and what it is. Without batch norm, by which it would tell a
/// generated batch from a real one, and name the classes in each by rules of their own.
nn::Classifying<> make_classifier(const std::string& method) {
  nn::Sequential body{halving(1, 64),
                      nn::LeakyReLU(0.2),
                      halving(64, 128),
                      nn::LeakyReLU(0.2),
                      nn::Dropout(0.3),
                      nn::Flatten(),
                      nn::Linear(7 * 7 * 128, features),
                      nn::LeakyReLU(0.2)};
  const Index outputs = method == "hinge" ? classes + 1 : classes;  // the last one: generated
  return nn::Classifying(std::move(body), {.features = features, .classes = outputs, .twin = method == "tacgan"});
}

loss::AnyLoss<float, nn::Verdict<>> make_loss(const Arguments& arguments) {
  if (arguments.method == "hinge") return loss::MultiHinge();
  if (arguments.infogan()) return loss::InfoGAN({classes});
  return loss::AuxiliaryClassifier();
}

int run(const Arguments& arguments) {
  set_threads(arguments.threads);
  std::filesystem::create_directories(arguments.out);
  const bool procedural = arguments.data.empty();
  if (procedural) std::cout << "no --data given: training on digits drawn by eigan itself\n";
  const data::ImageSet digits = procedural ? data::make_digits(20'000, 0) : data::load_mnist(arguments.data);

  auto [generator, unused, latent] = examples::make_networks(network_settings(arguments));
  nn::Classifying discriminator = arguments.infogan() ? make_decoder() : make_classifier(arguments.method);
  train::AdversarialOptions<float, nn::Verdict<>> options{.latent = {latent}, .loss = make_loss(arguments)};
  // InfoGAN's paper has 1e-3.
  options.generator_optimizer = optim::Adam{.learning_rate = arguments.infogan() ? 1e-3 : 5e-4, .beta1 = 0.5};
  options.discriminator_optimizer = optim::Adam{.learning_rate = 2e-4, .beta1 = 0.5};
  if (arguments.infogan()) options.codes = {.categories = {classes}, .continuous = continuous_codes};
  options.average = 0.999;
  options.batch = arguments.batch;
  options.seed = arguments.seed;
  options.description = examples::describe(network_settings(arguments));
  train::AdversarialTrainer trainer{generator, discriminator, options};

  examples::train(trainer, digits, arguments, 80, arguments.infogan() ? 0 : classes,
                  {.seed = arguments.seed,
                   .data = procedural ? "procedural digits" : arguments.data,
                   .model = "dcgan",
                   .loss = arguments.method});
  return 0;
}

int main(int argc, char** argv) {
  Arguments arguments;
  arguments.out = "runs/classifying";
  examples::CommandLine line("Trains a GAN on handwritten digits whose discriminator also says what it sees.");
  line.text("--data", arguments.data,
            "directory with MNIST's or Fashion-MNIST's IDX files; without: eigan's own digits", "EIGAN_DATA");
  line.choice("--method", arguments.method,
              "acgan: a classifier beside the discriminator; tacgan: two; hinge: classes and one more for what is "
              "generated; infogan: no labels, codes whose meaning the networks find",
              {"acgan", "tacgan", "hinge", "infogan"});
  examples::add_flags(line, arguments);
  if (const auto status = line.parse(argc, argv)) return *status;
  return examples::report_errors("classifying", [&] { return run(arguments); });
}
