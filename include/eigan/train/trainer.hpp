#pragma once

#include <algorithm>
#include <atomic>
#include <concepts>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../autograd/recording.hpp"
#include "../core/config.hpp"
#include "../core/random.hpp"
#include "../data/loader.hpp"
#include "../nn/average.hpp"
#include "../nn/pass.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../optim/clipping.hpp"
#include "callbacks.hpp"
#include "checkpoint.hpp"
#include "options.hpp"
#include "player.hpp"
#include "session.hpp"
#include "step_report.hpp"

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

  /// Throws ConfigError for options that are out of range.
  [[gnu::cold]] AdversarialTrainer(Generator& generator, Discriminator& discriminator,
                                   AdversarialOptions<nn::ScalarOf<Generator>> options)
      : options_(checked(std::move(options))),
        generator_("generator", generator, options_.generator_optimizer, options_.generator_schedule, options_.seed),
        discriminator_("discriminator", discriminator, options_.discriminator_optimizer,
                       options_.discriminator_schedule, options_.seed),
        noise_(options_.seed, "noise"),
        dropout_(options_.seed, "dropout"),
        penalty_(options_.seed, "penalty") {
    if (options_.average > 0) average_.emplace(generator);
  }
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
  Index train(const Set& set, Index last_step) {
    data::Loader<Set, Scalar> loader(set, {.batch = options_.batch, .seed = options_.seed});
    loader.seek(position_);
    const typename detail::Callbacks<Scalar>::Run run(callbacks_);
    callbacks_.start(*this);
    StepReport report{.step = step_, .last_step = last_step};
    while (step_ < last_step && !stop_.load(std::memory_order_relaxed)) {
      report = advance([&] { return loader.next().images; });
      position_ = loader.position();
      report.last_step = last_step;
      callbacks_.after_step(report, *this);
    }
    stop_.store(false, std::memory_order_relaxed);
    callbacks_.finish(report, *this);
    return step_;
  }

  /// One step for a loop of one's own; every discriminator update of the step sees `real` [N, ...].
  StepReport step(const Tensor<Scalar>& real) {
    const typename detail::Callbacks<Scalar>::Run run(callbacks_);
    const StepReport report = advance([&] { return real; });
    callbacks_.after_step(report, *this);
    return report;
  }

  Index step() const override { return step_; }
  void request_stop() override { stop_.store(true, std::memory_order_relaxed); }
  void warn(const std::string& text) override { callbacks_.warn(text); }
  const std::vector<std::string>& warnings() const override { return callbacks_.warnings(); }

  /// What samples come from: the averaged generator if there is one, else the generator.
  const Generator& sampler() const { return average_ ? *average_ : generator_.model(); }

  /// Samples of sampler(), in evaluation, always from the same `count` latents.
  Tensor<Scalar> sample(Index count) const override {
    return sample(RandomStream(options_.seed, "sample").template normal<Scalar>(latents(count)));
  }
  /// Samples of sampler() from the given latents [N, latent...].
  Tensor<Scalar> sample(const Tensor<Scalar>& z) const {
    const NoGrad values_only;
    return nn::detail::forward(sampler(), Variable<Scalar>(z), nn::Pass<Scalar>()).value();
  }

  /// Writes all that the run depends on: weights, averages, statistics, optimizers, streams, position, configuration.
  void save(const std::filesystem::path& path) const override {
    detail::CheckpointWriter<Scalar> writer;
    show_state(*this, writer);
    io::save_safetensors(path, writer.file());
  }

  /// Goes on from a checkpoint, bit for bit; warns where another instruction set forbids that. Throws CheckpointError,
  /// and changes nothing, if it is damaged, belongs to other networks or options; DataError if it cannot be read.
  void resume(const std::filesystem::path& path) {
    const io::SafetensorsFile file = io::load_safetensors(path);
    for (const bool apply : {false, true}) {
      detail::CheckpointReader<Scalar> reader(file, apply);
      show_state(*this, reader);
    }
    if (const auto warning = detail::other_instruction_set(file)) warn(*warning);
  }

  /// The same if there is such a file; else returns false.
  bool resume_if_present(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path)) return false;
    resume(path);
    return true;
  }

 private:
  [[gnu::cold]] static AdversarialOptions<Scalar> checked(AdversarialOptions<Scalar> options) {
    const auto expect = [](bool fits, const char* what) {
      if (!fits) throw ConfigError(std::string("AdversarialTrainer: expected ") + what);
    };
    expect(options.batch >= 1, "a batch of 1 or more");
    expect(options.critic_steps >= 1 && options.generator_steps >= 1, "1 or more updates of each network a step");
    expect(options.average >= 0 && options.average < 1, "a decay of the average in [0, 1)");
    expect(options.gradient_clipping >= 0 && options.weight_clipping >= 0, "clipping of 0 (none) or more");
    return options;
  }

  template <class NextBatch>
  StepReport advance(const NextBatch& next_batch) {
    generator_.keep_buffers();
    discriminator_.keep_buffers();
    try {
      StepReport report{.step = step_ + 1};
      Variable<Scalar> real, fake;
      for (Index i = 0; i < options_.critic_steps; ++i) {
        real = Variable<Scalar>(next_batch());
        // With one update each, both see the same generated batch; the papers with more draw anew for each.
        fake = generate(real.extent(0), options_.critic_steps == 1);
        update_discriminator(real, detach(fake), report);
        report.images += real.extent(0);
      }
      for (Index i = 0; i < options_.generator_steps; ++i) {
        if (i > 0 || options_.critic_steps > 1) fake = generate(real.extent(0), true);
        update_generator(real, std::exchange(fake, {}), report);
      }
      if (average_) nn::update_average(*average_, generator_.model(), average_decay());
      ++step_;
      return report;
    } catch (const DivergenceError&) {
      generator_.restore_buffers();
      discriminator_.restore_buffers();
      throw;
    }
  }

  // Less at first, or the average would keep the initial weights for the first 1 / (1 - decay) steps.
  double average_decay() const {
    const auto steps = static_cast<double>(step_);
    return std::min(options_.average, (1 + steps) / (10 + steps));
  }

  void update_discriminator(const Variable<Scalar>& real, const Variable<Scalar>& fake, StepReport& report) {
    const auto pass = nn::Pass<Scalar>::training(dropout_);
    const auto [on_real, on_fake] = discriminator_.forward(real, fake, pass);
    Variable<Scalar> total = options_.loss.discriminator(on_real, on_fake);
    report.discriminator_loss = static_cast<double>(total.item());
    report.penalty = 0;
    const auto critic = [&](const Variable<Scalar>& x) {
      return discriminator_.forward(x, pass.with_frozen_statistics());
    };
    for (auto& penalty : options_.penalties) {
      const Variable<Scalar> added = penalty(critic, real, fake, penalty_);
      report.penalty += static_cast<double>(added.item());
      total = total + added;
    }
    discriminator_.update(std::move(total), step_, options_.gradient_clipping);
    if (options_.weight_clipping > 0) optim::clip_weights(discriminator_.parameters(), options_.weight_clipping);
  }

  void update_generator(const Variable<Scalar>& real, Variable<Scalar> fake, StepReport& report) {
    const auto pass = nn::Pass<Scalar>::training(dropout_);
    Variable<Scalar> loss = options_.loss.generator(
        options_.loss.generator_needs_real() ? discriminator_.forward(real, pass) : Variable<Scalar>(),
        discriminator_.forward(fake, pass));
    fake = {};
    report.generator_loss = static_cast<double>(loss.item());
    generator_.update(std::move(loss), step_, options_.gradient_clipping);
  }

  Variable<Scalar> generate(Index count, bool recorded) {
    const RecordingGuard recording(recorded);
    return generator_.forward(Variable<Scalar>(noise_.template normal<Scalar>(latents(count))),
                              nn::Pass<Scalar>::training(dropout_));
  }

  Shape latents(Index count) const {
    Shape shape{count};
    for (const Index extent : options_.latent) shape.push_back(extent);
    return shape;
  }

  /// Everything that a checkpoint holds, in the order in which it stands there. Configuration comes first: a checkpoint
  /// of another kind of run is then refused by the option's name and not by some tensor's shape.
  template <class Self, class Archive>
  [[gnu::cold]] static void show_state(Self& self, Archive& archive) {
    detail::show_options(self.options_, archive);
    archive.number("step", self.step_);
    archive.number("loader.epoch", self.position_.epoch);
    archive.number("loader.batch", self.position_.batch);
    show_stream(self.noise_, "noise", archive);
    show_stream(self.dropout_, "dropout", archive);
    show_stream(self.penalty_, "penalty", archive);
    archive.model("generator", self.generator_.model());
    archive.model("discriminator", self.discriminator_.model());
    if (self.average_) archive.model("average", *self.average_);
    archive.optimizer("generator_optimizer", self.generator_.optimizer());
    archive.optimizer("discriminator_optimizer", self.discriminator_.optimizer());
    const auto state_of = [&](const std::string& prefix) {
      return [&archive, prefix](std::string_view name, auto& value) {
        if constexpr (std::same_as<std::remove_cvref_t<decltype(value)>, double>)
          archive.real(prefix + "." + std::string(name), value);
        else
          archive.tensor(prefix + "." + std::string(name), value.value);
      };
    };
    auto& options = const_cast<AdversarialOptions<Scalar>&>(self.options_);  // a loss registers its state once, mutable
    options.loss.visit(state_of("loss"));
    for (std::size_t i = 0; i < options.penalties.size(); ++i)
      options.penalties[i].visit(state_of("penalty." + std::to_string(i)));
  }

  template <class Stream, class Archive>
  static void show_stream(Stream& stream, const char* name, Archive& archive) {
    auto counter = stream.state().counter;
    archive.number(std::string("stream.") + name, counter);
    if constexpr (!std::is_const_v<Stream>) stream.restore({stream.state().key, counter});
  }

  AdversarialOptions<Scalar> options_;
  detail::Player<Generator> generator_;
  detail::Player<Discriminator> discriminator_;
  std::optional<Generator> average_;
  RandomStream noise_, dropout_, penalty_;
  data::LoaderPosition position_;
  Index step_ = 0;
  std::atomic<bool> stop_ = false;
  detail::Callbacks<Scalar> callbacks_;
};

}  // namespace eigan::inline EIGAN_ABI::train
