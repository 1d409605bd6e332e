#pragma once

#include <string>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/reduce.hpp"
#include "../ops/softmax.hpp"
#include "adversarial_loss.hpp"
#include "asked.hpp"
#include "non_saturating.hpp"

namespace eigan::inline EIGAN_ABI::loss {

namespace detail {

/// The mean over samples of -log softmax(classes) at the class that was asked for. asked: one-hot.
template <std::floating_point S>
Variable<S> classification(const Variable<S>& classes, const Variable<S>& asked) {
  return -mean(sum(asked * log_softmax(classes), 1));
}

}  // namespace detail

/// A loss on `logits` and, times `weight`, the classifier's cross entropy. Both networks minimise it: on real and
/// generated samples the discriminator, on generated ones the generator (AC-GAN, Odena et al. 2017, eqs. 2 and 3). With
/// a twin (TAC-GAN, Gong et al. 2019, eq. 5) the classifier learns from real samples alone and the twin from generated
/// ones; the generator then minimises the classifier's cross entropy less the twin's, which keeps classes diverse.
///
///   loss::AuxiliaryClassifier()    loss::AuxiliaryClassifier(0.5, loss::Hinge())
template <class Base = NonSaturating>
struct AuxiliaryClassifier {
  static constexpr const char* name = "auxiliary_classifier";

  double weight;
  Base base;
  bool generator_needs_real, compares_outputs;  ///< as the base's

  explicit AuxiliaryClassifier(double its_weight = 1, Base its_base = Base())
      : weight(its_weight),
        base(std::move(its_base)),
        generator_needs_real(loss::generator_needs_real(base)),
        compares_outputs(loss::compares_outputs(base)) {}

  /// Throws ConfigError for a negative weight.
  void check() const {
    if (!(weight >= 0))
      throw ConfigError("AuxiliaryClassifier: expected a weight of 0 or more, got " + std::to_string(weight));
  }

  template <ClassifyingOutput V>
  auto discriminator(const V& real, const V& fake) {
    const auto &on_real = detail::asked_of(real, name), &on_fake = detail::asked_of(fake, name);
    const auto of_fake = fake.twin.defined() ? fake.twin : fake.classes;
    return base.discriminator(real.logits, fake.logits) +
           weight * (detail::classification(real.classes, on_real) + detail::classification(of_fake, on_fake));
  }

  template <ClassifyingOutput V>
  auto generator(const V& real, const V& fake) {
    const auto& asked = detail::asked_of(fake, name);
    auto classified = detail::classification(fake.classes, asked);
    if (fake.twin.defined()) classified = classified - detail::classification(fake.twin, asked);
    return base.generator(real.logits, fake.logits) + weight * classified;
  }

  void settings(auto&& field) const {
    field("weight", weight);
    if constexpr (requires { base.settings(field); }) base.settings(field);
  }
};

}  // namespace eigan::inline EIGAN_ABI::loss
