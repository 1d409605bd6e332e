// Trains a GAN on points in the plane, where one can see what it does: real and generated points over the
// discriminator.

#include <filesystem>
#include <iostream>

#include <eigan/eigan.hpp>

#include "support/command_line.hpp"
#include "support/plot.hpp"
#include "support/recipe_list.hpp"

using namespace eigan;

struct Arguments {
  std::string data = "ring", recipe, loss;
  std::filesystem::path out = "runs/mixtures";
  Index steps = 5000, batch = 256, every = 1000;
  std::uint64_t seed = 1;
  int threads = 0;
};

/// A layer with weights, spectrally normalised where the recipe wants that.
nn::AnyLayer<> weighted(nn::Linear<> layer, const recipes::Networks& wanted) {
  if (wanted.spectral_norm) return nn::SpectralNorm(std::move(layer));
  return layer;
}

nn::Sequential<> make_discriminator(const recipes::Networks& wanted) {
  if (wanted.autoencoder)
    return nn::Sequential{nn::ReconstructionError(nn::Sequential{nn::Linear(2, 128), nn::ELU(), nn::Linear(128, 1),
                                                                 nn::Linear(1, 128), nn::ELU(), nn::Linear(128, 2)})};
  nn::Sequential<> discriminator;
  if (wanted.packing > 1) discriminator.add(nn::Packing(wanted.packing));
  discriminator.add(weighted(nn::Linear(2 * wanted.packing, 128), wanted)).add(nn::LeakyReLU(0.2));
  discriminator.add(weighted(nn::Linear(128, 128), wanted)).add(nn::LeakyReLU(0.2));
  return discriminator.add(weighted(nn::Linear(128, 1), wanted));
}

/// The recipe, at the rates and with the bounds that suit points in the plane.
train::AdversarialOptions<> make_options(const Arguments& arguments) {
  train::AdversarialOptions<> options = examples::recipe_options(arguments.recipe, arguments.steps);
  const optim::Adam adam{.learning_rate = 1e-3, .beta1 = 0.5};
  options.generator_optimizer = options.discriminator_optimizer = adam;
  if (arguments.loss == "minimax") options.loss = loss::Minimax();
  if (arguments.recipe == "wgan") {
    options.weight_clipping = 0.05;
    options.generator_optimizer = options.discriminator_optimizer = optim::RMSProp{.learning_rate = 5e-4};
  }
  if (arguments.recipe == "wgan_gp") options.penalties = {loss::GradientPenalty(1)};
  options.latent = {32};
  options.average = 0.999;
  options.batch = arguments.batch;
  options.seed = arguments.seed;
  return options;
}

int run(const Arguments& arguments) {
  set_threads(arguments.threads);
  std::filesystem::create_directories(arguments.out);
  const data::PointSet set = arguments.data == "ring"   ? data::ring(20'000, arguments.seed)
                             : arguments.data == "grid" ? data::grid(20'000, arguments.seed)
                                                        : data::swiss_roll(20'000, arguments.seed);

  nn::Sequential generator{nn::Linear(32, 128), nn::ReLU(), nn::Linear(128, 128), nn::ReLU(), nn::Linear(128, 2)};
  const recipes::Networks wanted = examples::recipe_networks(arguments.recipe);
  nn::Sequential discriminator = make_discriminator(wanted);
  train::AdversarialTrainer trainer{generator, discriminator, make_options(arguments)};

  trainer.add(train::ProgressBar());
  trainer.add([&](const train::StepReport& report, const auto& session) {
    if (report.step % arguments.every != 0 && report.step != report.last_step) return;
    examples::Plot plot(set.points);
    if (wanted.packing == 1) plot.shade(discriminator(plot.pixels()));  // a packed one judges no single point
    plot.draw(set.points.rows(0, 1000), {40, 70, 160});
    plot.draw(session.sample(1000), {220, 90, 20});
    io::save_png(arguments.out / ("step-" + std::to_string(report.step) + ".png"), plot.image());
  });
  trainer.train(set, arguments.steps);
  std::cout << "real points blue, generated orange, lighter where the discriminator believes: see "
            << arguments.out.string() << "\n";
  return 0;
}

int main(int argc, char** argv) {
  Arguments arguments;
  examples::CommandLine line("Trains a GAN on points in the plane and draws what it has learnt.");
  line.choice("--data", arguments.data, "where the points lie", {"ring", "grid", "swiss-roll"});
  line.choice("--recipe", arguments.recipe, "how the networks are trained; list: shows what there is and ends",
              examples::recipe_choices());
  line.choice("--loss", arguments.loss, "instead of a recipe: what they are trained for (nonsaturating)",
              {"minimax", "nonsaturating", "wasserstein", "wgan-gp"});
  line.exclude("--recipe", "--loss");
  line.number("--steps", arguments.steps, "steps");
  line.number("--batch", arguments.batch, "points per update");
  line.number("--every", arguments.every, "steps between pictures");
  line.number("--seed", arguments.seed, "of everything random");
  line.number("--threads", arguments.threads, "threads; 0: one per processor", 0);
  line.path("--out", arguments.out, "directory for the pictures");
  if (const auto status = line.parse(argc, argv)) return *status;
  if (arguments.recipe == "list") return examples::print_recipes();
  if (arguments.recipe.empty()) arguments.recipe = examples::recipe_for(arguments.loss);
  return examples::report_errors("mixtures", [&] { return run(arguments); });
}
