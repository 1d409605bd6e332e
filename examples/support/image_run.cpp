#include "image_run.hpp"

#include <algorithm>

#include <eigan/eigan.hpp>

#include "networks.hpp"
#include "recipe_list.hpp"

namespace examples {

using namespace eigan;

namespace {

/// One row a class, as long as that is a picture and not a wall.
constexpr Index most_rows = 20;

/// A schedule on learning rates that are `factor` times those of a recipe.
struct ScaledSchedule {
  static constexpr const char* name = "scaled";
  double factor;
  optim::AnySchedule schedule;

  double operator()(Index step) const { return factor * schedule(step); }
  void settings(auto&& field) const {
    field("rates", factor);
    for (const auto& [its_name, value] : schedule.settings()) field(its_name, value);
  }
};

train::AdversarialOptions<> make_options(const ImageRun& run, const NetworkSettings& settings, Index latent) {
  train::AdversarialOptions<> options = recipe_options(run.recipe, run.steps);
  if (run.augment == "diffaugment") options.augmentations = {augment::DiffAugment()};
  if (run.augment == "ada") options.augmentations = {augment::AdaptiveAugment()};
  for (optim::AnySchedule* const schedule : {&options.generator_schedule, &options.discriminator_schedule})
    if (run.rates != 1) *schedule = ScaledSchedule{run.rates, *schedule};
  if (run.critic_steps > 0) options.critic_steps = run.critic_steps;
  options.latent = {latent};
  options.average = 0.999;
  options.batch = run.batch;
  options.seed = run.seed;
  options.description = describe(settings);
  return options;
}

template <class Set>
int train_on(const ImageRun& run, const Set& images, Index classes, const std::string& name) {
  set_threads(run.threads);
  const Shape shape = images.sample_shape();
  if (run.conditional && classes < 2)
    throw ConfigError("--conditional needs images of two classes or more, got " + std::to_string(classes));
  const NetworkSettings settings{.model = run.model.empty() ? model_for(run.recipe) : run.model,
                                 .recipe = run.recipe,
                                 .size = shape[0],
                                 .channels = shape[2],
                                 .classes = run.conditional ? classes : 0};
  auto [generator, discriminator, latent] = make_networks(settings);
  std::filesystem::create_directories(run.out);
  train::AdversarialTrainer trainer{generator, discriminator, make_options(run, settings, latent)};

  const Index rows = run.conditional ? std::min(classes, most_rows) : 0;
  train(trainer, images, run, rows > 0 ? 10 * rows : 100, rows,
        {.seed = run.seed, .data = name, .model = settings.model, .loss = run.recipe});
  return 0;
}

template <class Set>
int flipped_or_not(const ImageRun& run, const Set& images, Index classes, const std::string& name) {
  if (run.flip) return train_on(run, data::Augmented<Set>(images, {.flip = true}), classes, name);
  return train_on(run, images, classes, name);
}

}  // namespace

void add_flags(CommandLine& line, ImageRun& run) {
  line.choice("--recipe", run.recipe, "how the networks are trained; list: shows what there is and ends",
              recipe_choices());
  line.choice("--model", run.model, "networks; by default those of the recipe's paper", model_choices());
  line.flag("--conditional", run.conditional, "ask for classes: a picture's rows are the classes");
  line.choice("--augment", run.augment, "what the discriminator sees everything through, for small data sets",
              {"none", "diffaugment", "ada"});
  line.factor("--rates", run.rates, "what the recipe's learning rates are multiplied with");
  line.number("--critic-steps", run.critic_steps, "updates of the discriminator a step; 0: as the recipe has them", 0);
  line.flag("--flip", run.flip, "half of the real images mirrored, where a mirrored one is as real");
  add_flags(line, static_cast<RunFlags&>(run));
}

int train(const ImageRun& run, const data::ImageSet& images, const std::string& name) {
  Index classes = static_cast<Index>(images.classes.size());
  if (images.labels.defined())
    for (Index i = 0; i < images.size(); ++i) classes = std::max<Index>(classes, images.labels.data()[i] + 1);
  return flipped_or_not(run, images, classes, name);
}

int train(const ImageRun& run, const data::ImageFolder& images, const std::string& name) {
  return flipped_or_not(run, images, static_cast<Index>(images.classes().size()), name);
}

}  // namespace examples
