// How soon a discriminator knows a small data set by heart: a GAN on a thousand digits, with or without the adaptive
// augmentation. Writes <out>/<name>.csv: the discriminator's mean logits on the training digits, on ones that it never
// sees and on generated ones, none of them augmented; and <out>/<name>, pictures.

#include <filesystem>
#include <sstream>
#include <string>

#include <eigan/eigan.hpp>

#include "../../examples/support/command_line.hpp"
#include "../support/images_of.hpp"

using namespace eigan;

struct Arguments {
  std::string data, augment = "none";
  std::filesystem::path out = "runs/studies";
  Index digits = 1000, steps = 6000, every = 250;
  std::uint64_t seed = 1;
  int threads = 0;

  std::string name() const { return "small-data-" + augment; }
};

/// The set's images from `first` on.
data::ImageSet part(const data::ImageSet& set, Index first, Index count) {
  return {set.images.rows(first, count), set.labels.rows(first, count)};
}

double mean_logit(const nn::Sequential<>& discriminator, const Tensor<float>& images) {
  const NoGrad values_only;
  return static_cast<double>(mean(discriminator(Variable<>(images))).item());
}

int run(const Arguments& arguments) {
  set_threads(arguments.threads);
  const data::ImageSet all = arguments.data.empty() ? data::make_digits(20'000, 0) : data::load_mnist(arguments.data);
  const data::ImageSet few = part(all, 0, arguments.digits), unseen = part(all, arguments.digits, arguments.digits);

  auto [generator, discriminator, latent] = models::dcgan({.size = 28, .channels = 1, .discriminator_norm = false});
  train::AdversarialOptions<> options = recipes::gan();
  options.latent = {latent};
  options.penalties = {loss::R1(1)};
  if (arguments.augment == "ada") options.augmentations = {augment::AdaptiveAugment({.adapt_over = 100'000})};
  options.average = 0.999;
  options.seed = arguments.seed;
  train::AdversarialTrainer trainer{generator, discriminator, options};

  const Tensor<float> training = benchmarks::images_of(few), held_out = benchmarks::images_of(unseen);
  std::ostringstream log;
  log << "step,training,held_out,generated,overfitting,strength\n";
  trainer.add(train::ProgressBar());
  trainer.add([&](const train::StepReport& report, const auto& session) {
    if (report.step % arguments.every != 0) return;
    const double known = mean_logit(discriminator, training), new_ones = mean_logit(discriminator, held_out),
                 generated = mean_logit(discriminator, session.sample(arguments.digits));
    // Karras et al. 2020, eq. 1: 0 for none, 1 where what is real but new is taken for generated.
    log << report.step << ',' << known << ',' << new_ones << ',' << generated << ','
        << (known - new_ones) / (known - generated) << ',' << report.augmentation << '\n';
  });
  trainer.add(train::SampleGrid{.every = 1000, .path = arguments.out / arguments.name()});
  trainer.train(few, arguments.steps);
  io::write_durably(arguments.out / (arguments.name() + ".csv"), log.str());
  return 0;
}

int main(int argc, char** argv) {
  Arguments arguments;
  examples::CommandLine line("Trains a GAN on few digits and follows how well its discriminator knows them.");
  line.text("--data", arguments.data, "directory with MNIST's IDX files; without: eigan's own digits", "EIGAN_DATA");
  line.choice("--augment", arguments.augment, "what the discriminator sees everything through", {"none", "ada"});
  line.number("--digits", arguments.digits, "to train on");
  line.number("--steps", arguments.steps, "steps");
  line.number("--every", arguments.every, "steps from one row of the table to the next");
  line.number("--seed", arguments.seed, "of everything random");
  line.number("--threads", arguments.threads, "threads; 0: one per processor", 0);
  line.path("--out", arguments.out, "directory for results");
  if (const auto status = line.parse(argc, argv)) return *status;
  return examples::report_errors("small_data", [&] {
    std::filesystem::create_directories(arguments.out);
    return run(arguments);
  });
}
