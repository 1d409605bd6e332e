#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <utility>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../core/tensor.hpp"
#include "variable.hpp"

namespace eigan::inline EIGAN_ABI {

/// Draws a parameter's first values.
template <std::floating_point S>
using Initialiser = std::function<Tensor<S>(const Shape&, RandomStream&)>;

/// A trained weight: the only Variable that can be written. It is a value: copying it copies the tensor into a new
/// leaf, moving keeps the leaf. Its first values come from its initialiser, when somebody fills it (nn::initialize, a
/// trainer).
template <std::floating_point S = float>
class Parameter : public Variable<S> {
 public:
  /// No parameter at all: an optional weight that a layer does without.
  Parameter() = default;

  /// Unfilled; `initialiser` draws the first values, zeros by default.
  explicit Parameter(const Shape& shape, Initialiser<S> initialiser = {})
      : Variable<S>(Tensor<S>()), shape_(shape), initialiser_(std::move(initialiser)) {}
  explicit Parameter(std::initializer_list<Index> shape) : Parameter(Shape(shape)) {}

  /// Filled with `value`.
  explicit Parameter(Tensor<S> value) : Variable<S>(value), shape_(value.shape()) {}

  /// Explicit, so that `auto weight = layer.weight` does not copy by accident.
  explicit Parameter(const Parameter& other)
      : Variable<S>(other.node_ ? Variable<S>(other.node_->value) : Variable<S>()),
        shape_(other.shape_),
        initialiser_(other.initialiser_) {}
  Parameter(Parameter&&) noexcept = default;
  Parameter& operator=(const Parameter& other) {
    Parameter copy(other);
    return *this = std::move(copy);
  }
  Parameter& operator=(Parameter&&) noexcept = default;

  /// False for one that a layer does without.
  bool exists() const { return this->defined(); }
  const Shape& shape() const { return shape_; }
  Index size() const { return exists() ? shape_.size() : 0; }

  bool is_filled() const { return exists() && this->node_->value.defined(); }
  /// Draws the first values, whatever was there.
  void fill(RandomStream& stream) { assign(initialiser_ ? initialiser_(shape_, stream) : Tensor<S>::zeros(shape_)); }
  void set_initialiser(Initialiser<S> initialiser) { initialiser_ = std::move(initialiser); }

  /// Throws ShapeError if the value has another shape.
  void assign(Tensor<S> value) {
    if (!(value.shape() == shape_))
      throw ShapeError("Parameter: expected shape " + to_string(shape_) + ", got " + to_string(value.shape()));
    ++this->node_->version;
    this->node_->value = std::move(value);
  }

  /// For a write in place, as an optimizer does. A graph that used the old values cannot be differentiated any more.
  S* mutable_data() {
    ++this->node_->version;
    return this->node_->value.mutable_data();
  }

 private:
  Shape shape_{0};
  Initialiser<S> initialiser_;
};

/// State that is saved with a model and not trained, such as running statistics.
template <std::floating_point S = float>
struct Buffer {
  Tensor<S> value;
  Initialiser<S> initialiser = {};  ///< draws the first value, when nn::initialize() fills the model, and is then gone
};

}  // namespace eigan::inline EIGAN_ABI
