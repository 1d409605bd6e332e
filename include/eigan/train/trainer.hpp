#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/random.hpp"
#include "../data/loader.hpp"
#include "../nn/average.hpp"
#include "../nn/condition.hpp"
#include "../nn/fields.hpp"
#include "../nn/inspect.hpp"
#include "../nn/pass.hpp"
#include "adversarial_step.hpp"
#include "callbacks.hpp"
#include "checkpoint.hpp"
#include "fitness.hpp"
#include "options.hpp"
#include "session.hpp"
#include "step_report.hpp"
#include "trainer_state.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// Trains a generator and a discriminator against each other. It refers to both models, which must outlive it and stay
/// where they are; it owns the optimizers' state, the random streams and the averaged generator. Parameters that hold
/// nothing yet are filled from the seed. The same seed and options give the same bits, at any number of threads.
template <class Generator, class Discriminator>
class AdversarialTrainer final : public Session<nn::ScalarOf<Generator>> {
 public:
  using Scalar = nn::ScalarOf<Generator>;
  static_assert(std::same_as<Scalar, nn::ScalarOf<Discriminator>>,
                "eigan: generator and discriminator differ in Scalar");

  /// Throws ConfigError for options that are out of range, or that cannot work with these networks; warns of what the
  /// papers advise against. (In the initialiser of a member, g++ 12 needs their type said: AdversarialOptions<>{...}.)
  AdversarialTrainer(Generator& generator, Discriminator& discriminator,
                     AdversarialOptions<nn::ScalarOf<Generator>, OutputOf<Discriminator>> options);
  AdversarialTrainer(const AdversarialTrainer&) = delete;
  AdversarialTrainer& operator=(const AdversarialTrainer&) = delete;

  /// Calls callback(report) or callback(report, session) after every step, in the order in which they were added; if it
  /// has them, start(session) and finish(report, session) around train(), and warning(text) for each warning.
  template <class Callback>
  void add(Callback callback) {
    callbacks_.add(detail::AnyCallback<Scalar>(std::move(callback)));
  }

  /// Trains on the set until `last_step` steps are taken in all, or request_stop() is called; returns the steps taken.
  /// Throws DivergenceError when a loss or gradient is no longer finite, and what callbacks and the set throw.
  template <data::SampleSet Set>
  Index train(const Set& set, Index last_step);

  /// One step for a loop of one's own; every discriminator update of the step sees `real` [N, ...]. Conditional
  /// networks need to be told of what it is: labels [N], or values [N, D].
  StepReport step(const Tensor<Scalar>& real, const nn::Condition<Scalar>& condition = {});

  Index step() const override { return step_; }
  void request_stop() override { stop_.store(true, std::memory_order_relaxed); }
  void warn(const std::string& text) override { callbacks_.warn(text); }
  const std::vector<std::string>& warnings() const override { return callbacks_.warnings(); }

  /// What samples come from: the averaged generator if there is one, else the generator.
  const Generator& sampler() const { return average_ ? *average_ : play_.generator.model(); }

  /// Samples of sampler(), in evaluation, always from the same `count` latents and, of options with .codes, the same
  /// codes. Throws ConfigError if the generator is conditional and nobody says what is asked for.
  Tensor<Scalar> sample(Index count) const override { return sample(count, nn::Condition<Scalar>()); }
  /// The same where something is asked of each: labels [count], or values [count, D].
  Tensor<Scalar> sample(Index count, const nn::Condition<Scalar>& condition) const override;
  /// Samples of one class: `trainer.sample(16, 7)`, sixteen sevens.
  Tensor<Scalar> sample(Index count, std::int32_t label) const {
    return sample(count, nn::Condition<Scalar>::of_class(label, count));
  }
  /// Samples of sampler() from the given latents [N, latent...].
  Tensor<Scalar> sample(const Tensor<Scalar>& z, const nn::Condition<Scalar>& condition = {}) const {
    const NoGrad values_only;
    return nn::detail::forward(sampler(), Variable<Scalar>(z), nn::Pass<Scalar>().with_condition(condition)).value();
  }

  /// Writes all that the run depends on: weights, averages, statistics, optimizers, streams, position, configuration.
  void save(const std::filesystem::path& path) const override;

  /// Goes on from a checkpoint, bit for bit; warns where another instruction set forbids that. Throws CheckpointError,
  /// and changes nothing, if it is damaged, belongs to other networks or options; DataError if it cannot be read.
  void resume(const std::filesystem::path& path);

  /// The same if there is such a file; else returns false.
  bool resume_if_present(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path)) return false;
    resume(path);
    return true;
  }

 private:
  template <class NextBatch>
  [[gnu::cold]] StepReport advance(const NextBatch& next_batch) {
    const StepReport report = play_(step_, next_batch);
    if (average_) nn::update_average(*average_, play_.generator.model(), average_decay());
    ++step_;
    return report;
  }

  template <class Batch>
  detail::RealBatch<Scalar> real_batch(Batch batch) const {
    if (!takes_conditions_) return {std::move(batch.images)};
    if (!batch.labels.defined() && !batch.conditions.defined())
      throw ConfigError(
          "AdversarialTrainer: expected a set with labels or conditions, since the networks are conditional, got one "
          "without");
    return {std::move(batch.images), {std::move(batch.labels), std::move(batch.conditions)}};
  }

  // Less at first, or the average would keep the initial weights for the first 1 / (1 - decay) steps.
  double average_decay() const {
    if (step_ < play_.options.average_warm_up) return 0;
    const auto steps = static_cast<double>(step_);
    return std::min(play_.options.average, (1 + steps) / (10 + steps));
  }

  detail::AdversarialStep<Generator, Discriminator> play_;
  std::optional<Generator> average_;
  data::LoaderPosition position_;
  bool takes_conditions_ = false;  // of the data; codes are drawn
  Index step_ = 0;
  std::atomic<bool> stop_ = false;
  detail::Callbacks<Scalar> callbacks_;
};

// Not in the class: what a class defines in itself is inline, so that users of eigan::compiled would compile it too.

template <class Generator, class Discriminator>
[[gnu::cold]] AdversarialTrainer<Generator, Discriminator>::AdversarialTrainer(
    Generator& generator, Discriminator& discriminator,
    AdversarialOptions<nn::ScalarOf<Generator>, OutputOf<Discriminator>> options)
    : play_(generator, discriminator, detail::checked(std::move(options), generator, discriminator)) {
  takes_conditions_ =
      play_.options.codes.empty() && (nn::is_conditional(generator) || nn::is_conditional(discriminator));
  for (const std::string& warning : detail::doubts_about(play_.options, discriminator)) warn(warning);
  if (play_.options.average > 0) average_.emplace(generator);
}

template <class Generator, class Discriminator>
template <data::SampleSet Set>
[[gnu::cold]] Index AdversarialTrainer<Generator, Discriminator>::train(const Set& set, Index last_step) {
  data::Loader<Set, Scalar> loader(set, {.batch = play_.options.batch, .seed = play_.options.seed});
  loader.seek(position_);
  const typename detail::Callbacks<Scalar>::Run run(callbacks_);
  callbacks_.start(*this);
  StepReport report{.step = step_, .last_step = last_step};
  while (step_ < last_step && !stop_.load(std::memory_order_relaxed)) {
    report = advance([&] { return real_batch(loader.next()); });
    position_ = loader.position();
    report.last_step = last_step;
    callbacks_.after_step(report, *this);
  }
  stop_.store(false, std::memory_order_relaxed);
  callbacks_.finish(report, *this);
  return step_;
}

template <class Generator, class Discriminator>
[[gnu::cold]] StepReport AdversarialTrainer<Generator, Discriminator>::step(const Tensor<Scalar>& real,
                                                                            const nn::Condition<Scalar>& condition) {
  if (takes_conditions_ && (condition.empty() || real.rank() == 0 || condition.size() != real.extent(0)))
    throw ConfigError("AdversarialTrainer::step: expected a condition for each sample of " + to_string(real.shape()) +
                      ", since the networks are conditional, got " + std::to_string(condition.size()));
  const typename detail::Callbacks<Scalar>::Run run(callbacks_);
  const StepReport report = advance([&] { return detail::RealBatch<Scalar>{real, condition}; });
  callbacks_.after_step(report, *this);
  return report;
}

template <class Generator, class Discriminator>
[[gnu::cold]] auto AdversarialTrainer<Generator, Discriminator>::sample(Index count,
                                                                        const nn::Condition<Scalar>& condition) const
    -> Tensor<Scalar> {
  RandomStream stream(play_.options.seed, "sample");
  const Tensor<Scalar> z = play_.latents(count, stream);
  if (play_.options.codes.empty() || !condition.empty()) return sample(z, condition);
  return sample(z, play_.options.codes.template draw<Scalar>(count, stream));
}

template <class Generator, class Discriminator>
[[gnu::cold]] void AdversarialTrainer<Generator, Discriminator>::save(const std::filesystem::path& path) const {
  detail::CheckpointWriter<Scalar> writer;
  detail::show_state(play_, average_, position_, step_, writer);
  io::save_safetensors(path, writer.file());
}

template <class Generator, class Discriminator>
[[gnu::cold]] void AdversarialTrainer<Generator, Discriminator>::resume(const std::filesystem::path& path) {
  const io::SafetensorsFile file = io::load_safetensors(path);
  for (const bool apply : {false, true}) {
    detail::CheckpointReader<Scalar> reader(file, apply);
    detail::show_state(play_, average_, position_, step_, reader);
  }
  if (const auto warning = detail::other_instruction_set(file)) warn(*warning);
}

}  // namespace eigan::inline EIGAN_ABI::train
