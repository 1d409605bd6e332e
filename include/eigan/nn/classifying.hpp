#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "condition_features.hpp"
#include "linear.hpp"
#include "pass.hpp"
#include "sequential.hpp"
#include "verdict.hpp"

namespace eigan::inline EIGAN_ABI::nn {

struct ClassifyingOptions {
  Index features = 0;  ///< what the body makes of a sample: [N, features]
  Index classes = 0;   ///< K, or the numbers of the codes
  bool twin = false;   ///< with a second classifier
};

/// A discriminator that also says what a sample is: three linear heads on the same features (AC-GAN, Odena et al. 2017;
/// with the twin TAC-GAN, Gong et al. 2019; codes instead of classes: InfoGAN, Chen et al. 2016). What was asked for
/// comes from the pass's condition, labels before values.
///
///   nn::Classifying discriminator(nn::Sequential{...}, {.features = 512, .classes = 10});
///
/// x: [N, ...] -> Verdict. Throws ShapeError if the body does not return [N, features], or the condition does not fit.
template <std::floating_point S = float>
class Classifying {
 public:
  using Scalar = S;
  static constexpr const char* name = "Classifying";
  static constexpr bool is_per_sample = true;
  static constexpr bool depends_on_condition = true;

  Classifying(Sequential<S> body, const ClassifyingOptions& options)
      : classes_(options.classes),
        body_(std::move(body)),
        realness_(checked(options).features, 1),
        classifier_(options.features, options.classes) {
    if (options.twin) twin_.emplace(options.features, options.classes);
  }

  Verdict<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    const Variable<S> h = body_.forward(x, pass);
    return {realness_.forward(h, pass), classifier_.forward(h, pass), twin_ ? twin_->forward(h, pass) : Variable<S>(),
            asked(h.extent(0), pass)};
  }

  void visit(auto&& field) {
    field("body", body_);
    field("realness", realness_);
    field("classifier", classifier_);
    if (twin_) field("twin", *twin_);
  }

 private:
  static const ClassifyingOptions& checked(const ClassifyingOptions& options) {
    if (options.features < 1 || options.classes < 1)
      throw ConfigError("Classifying: expected 1 or more features and classes, got " +
                        std::to_string(options.features) + " and " + std::to_string(options.classes));
    return options;
  }

  Variable<S> asked(Index samples, const Pass<S>& pass) const {
    if (!pass.has_condition()) return {};
    const Condition<S>& condition = pass.condition();
    if (condition.size() != samples || (!condition.labels().defined() && condition.values().extent(1) != classes_))
      throw ShapeError("Classifying: expected a condition of " + std::to_string(samples) + " labels, or values [" +
                       std::to_string(samples) + ", " + std::to_string(classes_) + "], got " +
                       (condition.labels().defined() ? to_string(condition.labels().shape())
                                                     : to_string(condition.values().shape())));
    return condition.labels().defined() ? detail::one_hot<S>(name, condition.labels(), classes_)
                                        : Variable<S>(condition.values());
  }

  Index classes_;
  Sequential<S> body_;
  Linear<S> realness_, classifier_;
  std::optional<Linear<S>> twin_;
};

template <std::floating_point S>
Classifying(Sequential<S>, const ClassifyingOptions&) -> Classifying<S>;

}  // namespace eigan::inline EIGAN_ABI::nn
