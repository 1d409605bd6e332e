// Trains a GAN on MNIST, Fashion-MNIST or eigan's own digits: the whole way from files to networks and their trainer;
// support/run.hpp has what is done after each step.

#include <filesystem>
#include <iostream>

#include <eigan/eigan.hpp>

#include "support/command_line.hpp"
#include "support/networks.hpp"
#include "support/recipe_list.hpp"
#include "support/run.hpp"

using namespace eigan;

struct Arguments : examples::RunFlags {
  std::string data, model = "dcgan", recipe, loss;
  bool conditional = false;

  std::string objective() const { return loss.empty() ? recipe : loss; }  ///< as it was asked for
};

nn::Sequential<> make_generator(const std::string& model) {
  if (model == "mlp")
    return nn::Sequential{nn::Linear(100, 256),  nn::LeakyReLU(0.2),                       //
                          nn::Linear(256, 512),  nn::BatchNorm(512),  nn::LeakyReLU(0.2),  //
                          nn::Linear(512, 1024), nn::BatchNorm(1024), nn::LeakyReLU(0.2),  //
                          nn::Linear(1024, 784), nn::Tanh(),          nn::Reshape({28, 28, 1})};
  return nn::Sequential{
      nn::Linear(100, 7 * 7 * 128, nn::Bias::no),
      nn::Reshape({7, 7, 128}),
      nn::BatchNorm(128),
      nn::ReLU(),
      nn::ConvTranspose2d({.in = 128, .out = 64, .kernel = 4, .stride = 2, .padding = 1, .bias = nn::Bias::no}),
      nn::BatchNorm(64),
      nn::ReLU(),
      nn::ConvTranspose2d({.in = 64, .out = 1, .kernel = 4, .stride = 2, .padding = 1}),
      nn::Tanh()};
}

/// A gradient penalty looks at each sample by itself; batch norm, which mixes them, has to go then.
nn::Sequential<> make_discriminator(const std::string& model, bool batch_norm) {
  if (model == "mlp")
    return nn::Sequential{nn::Flatten(),        nn::Linear(784, 512), nn::LeakyReLU(0.2),
                          nn::Linear(512, 256), nn::LeakyReLU(0.2),   nn::Linear(256, 1)};
  nn::Sequential discriminator{nn::Conv2d({.in = 1, .out = 64, .kernel = 4, .stride = 2, .padding = 1}),
                               nn::LeakyReLU(0.2)};
  discriminator.add(nn::Conv2d({.in = 64,
                                .out = 128,
                                .kernel = 4,
                                .stride = 2,
                                .padding = 1,
                                .bias = batch_norm ? nn::Bias::no : nn::Bias::yes}));
  if (batch_norm) discriminator.add(nn::BatchNorm(128));
  return discriminator.add(nn::LeakyReLU(0.2)).add(nn::Flatten()).add(nn::Linear(7 * 7 * 128, 1));
}

examples::NetworkSettings network_settings(const Arguments& arguments) {
  return {.model = arguments.model,
          .recipe = arguments.recipe,
          .size = 28,
          .channels = 1,
          .classes = arguments.conditional ? 10 : 0};
}

/// The networks above, or others of their size where digits are asked for or the recipe wants more than plain layers.
models::Networks<> make_networks(const Arguments& arguments) {
  const recipes::Networks wanted = examples::recipe_networks(arguments.recipe);
  if (arguments.conditional) return examples::make_networks(network_settings(arguments));
  models::Networks<> networks{.generator = make_generator(arguments.model)};
  networks.discriminator = examples::is_special(wanted)
                               ? examples::make_networks(network_settings(arguments)).discriminator
                               : make_discriminator(arguments.model, wanted.batch_norm);
  return networks;
}

/// Loss, penalties, optimizers and schedules as the papers have them.
train::AdversarialOptions<> make_options(const Arguments& arguments) {
  train::AdversarialOptions<> options = examples::recipe_options(arguments.recipe, arguments.steps);
  if (arguments.loss == "minimax") {
    // Goodfellow's own loss teaches the generator little once the discriminator is ahead, so that is held back.
    options.loss = loss::Minimax();
    options.discriminator_optimizer = optim::Adam{.learning_rate = 2e-5, .beta1 = 0.5};
  }
  if (arguments.recipe == "began") {
    // At the paper's rates and feedback, which are for faces, all samples are still one shape after 6,500 steps.
    options.loss = loss::BoundaryEquilibrium({.gamma = 0.7, .lambda = 1e-2});
    options.generator_optimizer = optim::Adam{.learning_rate = 1e-3, .beta1 = 0.5};
    options.discriminator_optimizer = optim::Adam{.learning_rate = 2e-4, .beta1 = 0.5};
  }
  options.latent = {100};
  options.average = 0.999;  // samples come from averaged weights, which wander less
  options.batch = arguments.batch;
  options.seed = arguments.seed;
  options.description = examples::describe(network_settings(arguments));
  return options;
}

int run(const Arguments& arguments) {
  set_threads(arguments.threads);
  std::filesystem::create_directories(arguments.out);

  const bool procedural = arguments.data.empty();
  if (procedural) std::cout << "no --data given: training on digits drawn by eigan itself\n";
  const data::ImageSet digits = procedural ? data::make_digits(20'000, 0) : data::load_mnist(arguments.data);

  auto [generator, discriminator, latent] = make_networks(arguments);
  train::AdversarialTrainer trainer{generator, discriminator, make_options(arguments)};

  examples::train(trainer, digits, arguments, arguments.conditional ? 80 : 64, arguments.conditional ? 10 : 0,
                  {.seed = arguments.seed,
                   .data = procedural ? "procedural digits" : arguments.data,
                   .model = arguments.model,
                   .loss = arguments.objective()});
  return 0;
}

int main(int argc, char** argv) {
  Arguments arguments;
  arguments.out = "runs/mnist";
  examples::CommandLine line("Trains a GAN on handwritten digits and writes pictures of new ones.");
  line.text("--data", arguments.data,
            "directory with MNIST's or Fashion-MNIST's IDX files; without: eigan's own digits", "EIGAN_DATA");
  line.choice("--model", arguments.model, "networks", {"mlp", "dcgan"});
  line.choice("--recipe", arguments.recipe, "how they are trained; list: shows what there is and ends",
              examples::recipe_choices());
  line.choice("--loss", arguments.loss, "instead of a recipe: what they are trained for (nonsaturating)",
              {"minimax", "nonsaturating", "wasserstein", "wgan-gp"});
  line.exclude("--recipe", "--loss");
  line.flag("--conditional", arguments.conditional, "ask for each digit by its class: a picture's rows are 0 to 9");
  examples::add_flags(line, arguments);
  if (const auto status = line.parse(argc, argv)) return *status;
  if (arguments.recipe == "list") return examples::print_recipes();
  if (arguments.recipe.empty()) arguments.recipe = examples::recipe_for(arguments.loss);
  return examples::report_errors("mnist", [&] { return run(arguments); });
}
