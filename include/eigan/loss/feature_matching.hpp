#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/settings.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"
#include "adversarial_loss.hpp"
#include "non_saturating.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// A discriminator's outputs together with what one of its inner layers found: logits [N, 1], features [N, ...].
template <std::floating_point S = float>
struct LogitsAndFeatures {
  Variable<S> logits, features;

  /// f applied to both.
  LogitsAndFeatures map(const auto& f) const { return {f(logits), f(features)}; }
};

/// The generator minimises ||E f(x) - E f(G(z))||^2, f the features of an inner layer of the discriminator, added up
/// over all features (Salimans et al. 2016, section 3.1), and, if asked for, base_weight times the generator's half of
/// another loss on the logits. The discriminator minimises that loss's other half, on the logits.
template <class Base = NonSaturating>
class FeatureMatching {
 public:
  static constexpr bool generator_needs_real = true;
  bool compares_outputs;  ///< as the base's

  explicit FeatureMatching(Base base = {}, double base_weight = 0)
      : compares_outputs(loss::compares_outputs(base)),
        base_(std::move(base)),
        base_weight_(base_weight),
        name_("feature_matching(" + std::string(detail::name_of(base_)) + ")") {}

  template <std::floating_point S>
  Variable<S> discriminator(const LogitsAndFeatures<S>& real, const LogitsAndFeatures<S>& fake) {
    return base_.discriminator(real.logits, fake.logits);
  }

  template <std::floating_point S>
  Variable<S> generator(const LogitsAndFeatures<S>& real, const LogitsAndFeatures<S>& fake) {
    const Variable<S> matching = sum(square(mean(real.features, 0) - mean(fake.features, 0)));
    return base_weight_ == 0 ? matching : matching + base_weight_ * base_.generator(real.logits, fake.logits);
  }

  std::string_view name() const { return name_; }
  void settings(auto&& field) const {
    field("base_weight", base_weight_);
    show_settings(base_, [&](std::string_view name, double value) { field("base." + std::string(name), value); });
  }
  void visit(auto&& field) {
    const auto inner = [&](std::string_view name, auto& state) { field("base." + std::string(name), state); };
    if constexpr (requires { base_.visit(inner); }) base_.visit(inner);
  }
  /// Throws ConfigError for a weight below 0, and what the base's own check throws.
  void check() const {
    if (!(base_weight_ >= 0))
      throw ConfigError("loss::FeatureMatching: expected a base_weight of 0 or more, got " +
                        std::to_string(base_weight_));
    if constexpr (requires { base_.check(); }) base_.check();
  }

 private:
  Base base_;
  double base_weight_;
  std::string name_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
