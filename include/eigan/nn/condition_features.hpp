#pragma once

#include <concepts>
#include <string>
#include <vector>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/matmul.hpp"
#include "../ops/reshape.hpp"
#include "../ops/slice.hpp"
#include "condition.hpp"
#include "init.hpp"
#include "pass.hpp"

/// What conditional layers have in common.
namespace eigan::inline EIGAN_ABI::nn::detail {

/// [N, classes]: 1 at each sample's label and 0 elsewhere. Throws ShapeError for a label outside.
template <std::floating_point S>
Variable<S> one_hot(const char* layer, const Labels& labels, Index classes) {
  Tensor<S> features = Tensor<S>::zeros(Shape{labels.size(), classes});
  for (Index n = 0; n < labels.size(); ++n) {
    const Index label = labels.data()[n];
    if (label < 0 || label >= classes)
      throw ShapeError(std::string(layer) + ": expected labels of 0 to " + std::to_string(classes - 1) + ", got " +
                       std::to_string(label));
    features.mutable_data()[n * classes + label] = 1;
  }
  return Variable<S>(features);
}

/// A pass's condition as numbers, [N, size()]: the class, one-hot or by a trained vector, then the vector of values.
template <std::floating_point S>
class ConditionFeatures {
 public:
  using Scalar = S;
  static constexpr const char* name = "ConditionFeatures";
  static constexpr bool is_per_sample = true;
  static constexpr bool depends_on_condition = true;

  /// `layer` is the name in messages. Throws ConfigError if no condition is asked for.
  ConditionFeatures(const char* layer, const ConditionOptions& options) : layer_(layer), options_(options) {
    if (options.classes < 0 || options.values < 0 || options.embedding < 0 || options.classes + options.values == 0)
      throw ConfigError(std::string(layer) + ": expected a condition of 1 or more classes or values, got " +
                        std::to_string(options.classes) + " classes and " + std::to_string(options.values) + " values");
    if (options.classes > 0 && options.embedding > 0)
      embedding_ = Parameter<S>(Shape{options.classes, options.embedding}, init::normal());
  }

  Index size() const {
    const Index of_class = options_.classes == 0 ? 0 : options_.embedding > 0 ? options_.embedding : options_.classes;
    return of_class + options_.values;
  }

  /// For `samples` samples. Throws ConfigError if the pass has no such condition, ShapeError if it does not fit.
  Variable<S> forward(Index samples, const Pass<S>& pass) const {
    if (!pass.has_condition()) refuse("got none");
    const Condition<S>& condition = pass.condition();
    std::vector<Variable<S>> parts;
    if (options_.classes > 0) {
      if (!condition.labels().defined()) refuse("got one without labels");
      const Variable<S> classes = one_hot<S>(layer_, condition.labels(), options_.classes);
      parts.push_back(embedding_.exists() ? matmul(classes, pass(embedding_)) : classes);
    }
    if (options_.values > 0) {
      if (!condition.values().defined()) refuse("got one without values");
      if (condition.values().extent(1) != options_.values)
        throw ShapeError(std::string(layer_) + ": expected a condition with values [N, " +
                         std::to_string(options_.values) + "], got " + to_string(condition.values().shape()));
      parts.push_back(Variable<S>(condition.values()));
    }
    if (condition.size() != samples)
      throw ShapeError(std::string(layer_) + ": expected a condition for each of " + std::to_string(samples) +
                       " samples, got " + std::to_string(condition.size()));
    return parts.size() == 1 ? parts[0] : concat<S>({parts[0], parts[1]}, -1);
  }

  void visit(auto&& field) { field("embedding", embedding_); }

 private:
  [[noreturn]] void refuse(const char* got) const {
    std::string expected;
    if (options_.classes > 0) expected += "a label for each sample";
    if (options_.values > 0)
      expected += (expected.empty() ? "" : " and ") + std::to_string(options_.values) + " values for each sample";
    throw ConfigError(std::string(layer_) + ": expected a condition with " + expected + ", " + got +
                      "; use trainer.sample(count, condition) or Pass::with_condition()");
  }

  const char* layer_;
  ConditionOptions options_;
  Parameter<S> embedding_;
};

/// features [N, F] as [N, 1, ..., 1, F], of x's rank.
template <std::floating_point S>
Variable<S> beside(const Variable<S>& features, const Variable<S>& x) {
  Shape shape{features.extent(0)};
  for (Index axis = 2; axis < x.rank(); ++axis) shape.push_back(1);
  shape.push_back(features.extent(1));
  return reshape(features, shape);
}

/// x * (1 + gain) + shift, one gain and one shift for each channel, both linear in the condition.
/// weight: [2 channels, features], no bias.
template <std::floating_point S>
class Modulation {
 public:
  using Scalar = S;
  static constexpr const char* name = "Modulation";
  static constexpr bool is_per_sample = true;

  Modulation(const char* layer, Index channels, const ConditionOptions& options, const init::Distribution& initial)
      : channels_(channels), features_(layer, options), weight_(Shape{2 * channels, features_.size()}, initial) {}

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass) const {
    const Variable<S> both = matmul(features_.forward(x.extent(0), pass), pass(weight_), Transpose::no, Transpose::yes);
    const Variable<S> gain = narrow(both, 1, 0, channels_), shift = narrow(both, 1, channels_, channels_);
    return x * beside(affine(gain, 1, 1), x) + beside(shift, x);
  }

  void visit(auto&& field) {
    features_.visit(field);
    field("weight", weight_);
  }

 private:
  Index channels_;
  ConditionFeatures<S> features_;
  Parameter<S> weight_;
};

}  // namespace eigan::inline EIGAN_ABI::nn::detail
