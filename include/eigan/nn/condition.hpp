#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "../ops/gather.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// What is asked of each sample of a batch: a class, a vector of numbers, or both. A value, cheap to copy.
///
///   const nn::Condition asked(labels);  // outlives the pass
///   model.forward(z, nn::Pass<>().with_condition(asked))
template <std::floating_point S = float>
class Condition {
 public:
  /// Nothing is asked.
  Condition() = default;
  /// labels: [N], classes from 0 on.
  Condition(Labels labels) : Condition(std::move(labels), Tensor<S>()) {}
  /// values: [N, D].
  Condition(Tensor<S> values) : Condition(Labels(), std::move(values)) {}
  /// Throws ShapeError unless both are of the same samples.
  Condition(Labels labels, Tensor<S> values) : labels_(std::move(labels)), values_(std::move(values)) {
    if (labels_.defined() && labels_.rank() != 1)
      throw ShapeError("Condition: expected labels [N], got " + to_string(labels_.shape()));
    if (values_.defined() && values_.rank() != 2)
      throw ShapeError("Condition: expected values [N, D], got " + to_string(values_.shape()));
    if (labels_.defined() && values_.defined() && labels_.extent(0) != values_.extent(0))
      throw ShapeError("Condition: expected labels and values of the same samples, got " + to_string(labels_.shape()) +
                       " and " + to_string(values_.shape()));
  }

  /// The same class for every sample.
  static Condition of_class(std::int32_t label, Index samples) { return {Labels::full(Shape{samples}, label)}; }
  /// Every class from 0 on, `each` times, one after the other: the rows of a picture.
  static Condition of_all_classes(Index classes, Index each) {
    Labels labels(Shape{classes * each});
    for (Index i = 0; i < labels.size(); ++i) labels.mutable_data()[i] = static_cast<std::int32_t>(i / each);
    return {labels};
  }

  bool empty() const { return !labels_.defined() && !values_.defined(); }
  Index size() const { return labels_.defined() ? labels_.extent(0) : values_.defined() ? values_.extent(0) : 0; }
  /// Undefined where no class, or no vector, is asked for.
  const Labels& labels() const { return labels_; }
  const Tensor<S>& values() const { return values_; }

  /// The same for a batch of `samples` that is made of several of this size one after the other, such as real and
  /// generated samples in one pass. Throws ShapeError if it cannot be.
  Condition repeated_for(Index samples) const {
    if (samples == size()) return *this;
    if (size() == 0 || samples % size() != 0)
      throw ShapeError("expected a condition for each of " + std::to_string(samples) + " samples, got " +
                       std::to_string(size()));
    Condition repeated;
    if (labels_.defined()) {
      repeated.labels_ = Labels(Shape{samples});
      for (Index i = 0; i < samples; ++i) repeated.labels_.mutable_data()[i] = labels_.data()[i % size()];
    }
    if (values_.defined()) {
      ops::Positions positions(Shape{samples});
      for (Index i = 0; i < samples; ++i) positions.mutable_data()[i] = i % size();
      repeated.values_ = gather(Variable<S>(values_), positions).value();
    }
    return repeated;
  }

 private:
  Labels labels_;
  Tensor<S> values_;
};

/// How a layer takes its condition.
struct ConditionOptions {
  Index classes = 0;    ///< labels of 0 to classes - 1; 0: no labels
  Index embedding = 0;  ///< numbers that are trained for each class; 0: 1 for the class and 0 for all others
  Index values = 0;     ///< numbers in the vector; 0: no vector
};

}  // namespace eigan::inline EIGAN_ABI::nn
