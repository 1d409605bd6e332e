#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <utility>

#include "../augment/any_augmentation.hpp"
#include "../autograd/recording.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../loss/penalty_context.hpp"
#include "../nn/bindings.hpp"
#include "../nn/condition.hpp"
#include "../nn/pass.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/gather.hpp"
#include "../ops/reduce.hpp"
#include "../ops/rows.hpp"
#include "../optim/clipping.hpp"
#include "kept_state.hpp"
#include "look_ahead.hpp"
#include "options.hpp"
#include "outputs.hpp"
#include "player.hpp"
#include "step_report.hpp"

namespace eigan::inline EIGAN_ABI::train::detail {

/// Real samples [N, ...] and what they are samples of; an empty condition for networks that ask for none.
template <std::floating_point S>
struct RealBatch {
  Tensor<S> samples;
  nn::Condition<S> condition = {};
};

/// One step of adversarial training after the other: the two networks at play, the options that say how, and the random
/// streams that the play draws from.
template <class Generator, class Discriminator>
class AdversarialStep {
 public:
  using S = nn::ScalarOf<Generator>;
  using Output = OutputOf<Discriminator>;

  AdversarialOptions<S, Output> options;
  Player<Generator> generator;
  Player<Discriminator> discriminator;
  RandomStream noise, dropout, penalty, augmentation, code;

  [[gnu::cold]] AdversarialStep(Generator& its_generator, Discriminator& its_discriminator,
                                AdversarialOptions<S, Output> chosen)
      : options(std::move(chosen)),
        generator("generator", its_generator, options.generator_optimizer, options.generator_schedule, options.frozen,
                  options.seed, options.initialization),
        discriminator("discriminator", its_discriminator, options.discriminator_optimizer,
                      options.discriminator_schedule, options.frozen, options.seed, options.initialization),
        noise(options.seed, "noise"),
        dropout(options.seed, "dropout"),
        penalty(options.seed, "penalty"),
        augmentation(options.seed, "augmentation"),
        code(options.seed, "codes") {
    for (auto& each : options.penalties) each.prepare(discriminator.handles(), discriminator.optimizer().names());
    for (auto& each : options.generator_penalties) each.prepare(generator.handles(), generator.optimizer().names());
  }
  AdversarialStep(const AdversarialStep&) = delete;
  AdversarialStep& operator=(const AdversarialStep&) = delete;

  /// Takes the step that follows `step` steps; `next_batch()` gives real samples and their condition. What it
  /// changed of running statistics and of the state of losses, penalties and augmentations is undone if it throws
  /// DivergenceError.
  template <class NextBatch>
  [[gnu::cold]] StepReport operator()(Index step, const NextBatch& next_batch) {
    generator.keep_buffers();
    discriminator.keep_buffers();
    kept_.keep(options);
    try {
      StepReport report{.step = step + 1};
      Variable<S> real;
      Generated made;
      // With one update each, both see the same generated batch; the papers with more draw anew for each.
      const bool shared = options.critic_steps == 1 && options.accumulate == 1;
      const double share = 1 / static_cast<double>(options.accumulate);
      for (Index update = 0; update < options.critic_steps; ++update) {
        for (Index part = 0; part < options.accumulate; ++part) {
          RealBatch<S> batch = next_batch();
          real = Variable<S>(std::move(batch.samples));
          condition_ = std::move(batch.condition);
          made = generate(real.extent(0), shared);
          discriminator.backward(discriminator_loss(real, made, step, part == 0, report), step, share);
          report.images += real.extent(0);
        }
        discriminator.step(step, options.gradient_clipping);
        if (options.weight_clipping > 0) optim::clip_weights(discriminator.parameters(), options.weight_clipping);
      }
      for (Index update = 0; update < options.generator_steps; ++update) {
        for (Index part = 0; part < options.accumulate; ++part) {
          if (update > 0 || !shared) made = generate(real.extent(0), true);
          generator.backward(generator_loss(real, std::exchange(made, {}), step, report), step, share);
        }
        generator.step(step, options.gradient_clipping);
      }
      return report;
    } catch (const DivergenceError&) {
      generator.restore_buffers();
      discriminator.restore_buffers();
      kept_.restore(options);
      throw;
    }
  }

  /// Latents [count, latent...] of the options' distribution, from `stream`.
  [[gnu::cold]] Tensor<S> latents(Index count, RandomStream& stream) const {
    Shape shape{count};
    for (const Index extent : options.latent) shape.push_back(extent);
    return options.latent_distribution.template draw<S>(shape, stream);
  }

 private:
  using Pass = nn::Pass<S>;

  struct Generated {
    Variable<S> latent, samples;
  };

  KeptState<S> kept_;
  nn::Condition<S> condition_;  // of the real samples at hand, and asked of the generated ones too

  Pass training_pass() { return Pass::training(dropout).with_condition(condition_); }

  [[gnu::cold]] Generated generate(Index count, bool recorded) {
    const Variable<S> z(latents(count, noise));
    if (!options.codes.empty()) condition_ = options.codes.template draw<S>(count, code);
    const RecordingGuard recording(recorded);
    return {z, generator.forward(z, training_pass())};
  }

  [[gnu::cold]] Variable<S> augmented(Variable<S> x, Index step) {
    for (const auto& each : options.augmentations) x = each(x, {augmentation, step});
    return x;
  }

  [[gnu::cold]] Variable<S> discriminator_loss(Variable<S> real, const Generated& made, Index step, bool begins_update,
                                               StepReport& report) {
    // The spectral norms move once per update, with its first forward.
    const Pass pass = begins_update ? training_pass() : training_pass().with_frozen_power_iteration();
    real = augmented(real, step);
    const Variable<S> fake = augmented(detach(made.samples), step);
    const auto [on_real, on_fake] = discriminator.forward(real, fake, pass);
    if (!options.augmentations.empty()) {
      const NoGrad values_only;
      const Variable<S>& verdicts = logits_of(on_real);
      const Variable<S> seen = options.loss.compares_outputs() ? verdicts - mean(logits_of(on_fake)) : verdicts;
      for (auto& each : options.augmentations) {
        each.observe(seen);
        report.augmentation = each.strength();
      }
    }
    Variable<S> total = options.loss.discriminator(on_real, on_fake);
    report.discriminator_loss = static_cast<double>(total.item());
    report.penalty = add_penalties(total, loss::Side::discriminator, real, fake, made.latent, on_real, on_fake, step);
    return total;
  }

  [[gnu::cold]] Variable<S> generator_loss(Variable<S> real, Generated made, Index step, StepReport& report) {
    const Variable<S> fake = augmented(made.samples, step);
    if (options.loss.generator_needs_real() || options.unrolled_steps > 0) real = augmented(real, step);
    Pass pass = training_pass().with_frozen_power_iteration();
    nn::Bindings<S> ahead;
    if (options.unrolled_steps > 0) {
      ahead = look_ahead(discriminator, options.loss, real, fake, pass, options.unrolled_steps, step);
      pass = pass.with_bindings(ahead);
    }
    Output on_real = options.loss.generator_needs_real() ? discriminator.forward(real, pass) : Output();
    Output on_fake = discriminator.forward(fake, pass);
    const Output on_all = on_fake;
    keep_most_real(on_real, on_fake, step);
    Variable<S> total = options.loss.generator(on_real, on_fake);
    report.generator_loss = static_cast<double>(total.item());
    report.generator_penalty =
        add_penalties(total, loss::Side::generator, real, made.samples, made.latent, {}, on_all, step);
    return total;
  }

  /// Leaves the generated samples that the generator is to learn from, and as many real ones.
  [[gnu::cold]] void keep_most_real(Output& on_real, Output& on_fake, Index step) const {
    const Index count = logits_of(on_fake).extent(0), kept = options.top_k.kept(count, step);
    if (kept == count) return;
    if constexpr (is_mappable<Output>) {
      const ops::Positions positions = positions_of_largest(logits_of(on_fake), kept);
      on_fake = map_output(on_fake, [&](const Variable<S>& part) { return gather(part, positions); });
      if (logits_of(on_real).defined() && logits_of(on_real).extent(0) > kept)
        on_real = map_output(on_real, [&](const Variable<S>& part) { return rows(part, 0, kept); });
    } else {
      throw ConfigError(
          "AdversarialTrainer: .top_k needs a discriminator that returns a Variable, or a struct with map(f)");
    }
  }

  /// Adds that side's penalties to the total; returns their sum.
  [[gnu::cold]] double add_penalties(Variable<S>& total, loss::Side side, const Variable<S>& real,
                                     const Variable<S>& fake, const Variable<S>& latent, const Output& on_real,
                                     const Output& on_fake, Index step) {
    auto& penalties = side == loss::Side::discriminator ? options.penalties : options.generator_penalties;
    double sum = 0;
    if (penalties.empty()) return sum;
    const Pass pass = training_pass().with_frozen_statistics();
    const auto critic = [&](const Variable<S>& x) -> Variable<S> { return logits_of(discriminator.forward(x, pass)); };
    const bool of_discriminator = side == loss::Side::discriminator;
    // What the discriminator's penalties compare with `fake` has gone the same way.
    const auto samples = [&](const Variable<S>& z) -> Variable<S> {
      const Variable<S> made = generator.forward(z, pass);
      return of_discriminator ? augmented(made, step) : made;
    };
    const loss::PenaltyContext<S> here{
        .critic = critic,
        .real = real,
        .fake = fake,
        .stream = penalty,
        .side = side,
        .step = step,
        .real_outputs = logits_of(on_real),
        .fake_outputs = logits_of(on_fake),
        .latent = latent,
        .generator = samples,
        .parameters = of_discriminator ? discriminator.handles() : generator.handles(),
        .parameter_names = of_discriminator ? discriminator.optimizer().names() : generator.optimizer().names()};
    for (auto& each : penalties) {
      const Variable<S> added = each(here);
      if (!added.defined()) continue;
      sum += static_cast<double>(added.item());
      total = total + added;
    }
    return sum;
  }
};

}  // namespace eigan::inline EIGAN_ABI::train::detail
