#pragma once

#include <concepts>
#include <utility>

#include "../autograd/parameter.hpp"
#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/random.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/reduce.hpp"
#include "../ops/reshape.hpp"
#include "pass.hpp"
#include "weight.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// A layer whose weight is g v / ||v||, a length and a direction for each output (Salimans and Kingma 2016):
/// `WeightNorm(Linear(64, 64))`. The layer's "weight" is v; gain: g, [outputs], which starts as ||v||, so that the
/// layer starts as it would alone. Any layer with a parameter "weight" of rank 2 or more; another throws ConfigError.
template <class Layer>
class WeightNorm : public detail::WithOtherWeight<WeightNorm<Layer>, Layer> {
  using Base = detail::WithOtherWeight<WeightNorm, Layer>;
  using Base::axes_, Base::layer_;

 public:
  using Scalar = typename Layer::Scalar;
  static constexpr const char* name = "WeightNorm";

  explicit WeightNorm(Layer layer) : Base(std::move(layer)), gain_(Shape{axes_.outputs}) { start_at_length(); }
  WeightNorm(const WeightNorm& other) : Base(other), gain_(other.gain_) { start_at_length(); }
  WeightNorm(WeightNorm&&) noexcept = default;
  WeightNorm& operator=(WeightNorm other) noexcept {
    this->layer_ = std::move(other.layer_);
    this->axes_ = other.axes_;
    gain_ = std::move(other.gain_);
    return *this;
  }
  ~WeightNorm() = default;

  void visit(auto&& field) {
    layer_.visit(field);  // before the gain, which starts from the weight
    field("gain", gain_);
  }

 private:
  friend Base;
  using Var = Variable<Scalar>;

  static Var lengths(const Var& weight, const detail::WeightAxes& axes) {
    return l2_norm(reshape(weight, Shape{axes.before, axes.outputs, axes.after}), {0, 2});
  }

  // The handle names this layer's weight wherever the layer is moved; a copy has a weight of its own.
  void start_at_length() {
    gain_.set_initialiser([weight = Var(this->weight()), axes = axes_](const Shape& shape, RandomStream&) {
      const NoGrad values_only;
      return lengths(weight, axes).value().reshaped(shape);
    });
  }

  Bindings<Scalar> bind(const Pass<Scalar>& pass) const {
    const Var& direction = pass(this->weight());
    const Var length = lengths(direction, axes_);
    const Var scale = reshape(pass(gain_), length.shape()) / length;
    Bindings<Scalar> bindings = pass.bindings();
    bindings.bind(this->weight(), reshape(reshape(direction, Shape{axes_.before, axes_.outputs, axes_.after}) * scale,
                                          direction.shape()));
    return bindings;
  }

  Parameter<Scalar> gain_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
