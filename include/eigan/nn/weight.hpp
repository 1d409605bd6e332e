#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "any_layer.hpp"
#include "bindings.hpp"
#include "fields.hpp"
#include "layer.hpp"
#include "pass.hpp"

/// For layers that wrap another one and compute its weight from something else: SpectralNorm, WeightNorm,
/// EqualizedLearningRate.
namespace eigan::inline EIGAN_ABI::nn::detail {

/// The axes of a weight around the one along which its outputs lie: [before, outputs, after]. A weight of rank 2 is
/// [out, in], one of higher rank [k..., in / groups, out]; a layer that has it otherwise says so
/// (`static constexpr Index weight_output_axis = -2;`).
struct WeightAxes {
  Index before = 1, outputs = 1, after = 1;

  template <class Layer>
  static WeightAxes of(const Shape& weight) {
    if constexpr (requires { typename Layer::Wrapped; }) return of<typename Layer::Wrapped>(weight);
    Index output = weight.rank() == 2 ? 0 : weight.rank() - 1;
    if constexpr (requires { Layer::weight_output_axis; }) output = weight.axis(Layer::weight_output_axis);
    WeightAxes axes;
    for (Index axis = 0; axis < weight.rank(); ++axis)
      (axis < output ? axes.before : axis == output ? axes.outputs : axes.after) *= weight[axis];
    return axes;
  }

  /// How many values each output is computed from.
  Index inputs() const { return before * after; }
};

/// The parameter of that name which the layer registers itself; null if it has none.
template <class Layer>
auto* find_parameter(Layer& layer, std::string_view name) {
  using S = typename Layer::Scalar;
  std::conditional_t<std::is_const_v<Layer>, const Parameter<S>, Parameter<S>>* found = nullptr;
  nn::visit(layer, [&](std::string_view field_name, auto& field) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(field)>, Parameter<S>>)
      if (field_name == name && field.exists()) found = &field;
  });
  return found;
}

/// The layer's weight. Throws ConfigError, in the name of the wrapper, unless it has one of rank 2 or more.
template <class Layer>
auto& weight_of(Layer& layer, const char* wrapper) {
  auto* const weight = find_parameter(layer, "weight");
  if (!weight || weight->shape().rank() < 2)
    throw ConfigError(std::string(wrapper) +
                      ": expected a layer with a parameter \"weight\" of rank 2 or more (Linear, Conv2d, Embedding), "
                      "got " +
                      std::string(name_of(layer)) + (weight ? ", whose weight is " + to_string(weight->shape()) : ""));
  return *weight;
}

/// What the layer takes: a Variable, or labels.
template <class Layer, class X>
concept InputOf = requires(const Layer& layer, const X& x, const Pass<typename Layer::Scalar>& pass) {
  { layer.forward(x, pass) } -> std::convertible_to<Variable<typename Layer::Scalar>>;
};

/// A layer that runs another one with what `Self::bind(pass)` puts in place of its parameters.
template <class Self, class Layer>
class WithOtherWeight {
 public:
  using Scalar = typename Layer::Scalar;
  using Wrapped = Layer;
  static constexpr bool is_per_sample = says_per_sample<Layer>();
  static_assert(!std::same_as<Layer, AnyLayer<Scalar>>,
                "eigan: wrap the layer before it goes into an AnyLayer, which hides along which axis its outputs lie");

  template <class X>
  requires InputOf<Layer, X> Variable<Scalar> forward(const X& x, const Pass<Scalar>& pass = {})
  const {
    const Bindings<Scalar> bindings = static_cast<const Self&>(*this).bind(pass);
    return layer_.forward(x, pass.with_bindings(bindings));
  }

  /// The same, followed by a leaky ReLU of that slope.
  Variable<Scalar> forward_leaky(const Variable<Scalar>& x, const Pass<Scalar>& pass, double slope) const
      requires(FusesLeakyReLU<Layer, Scalar>) {
    const Bindings<Scalar> bindings = static_cast<const Self&>(*this).bind(pass);
    return layer_.forward_leaky(x, pass.with_bindings(bindings), slope);
  }

 protected:
  explicit WithOtherWeight(Layer layer) : layer_(std::move(layer)), axes_(axes_of(layer_)) {}

  const Parameter<Scalar>& weight() const { return weight_of(layer_, Self::name); }
  Parameter<Scalar>& weight() { return weight_of(layer_, Self::name); }

  Layer layer_;
  WeightAxes axes_;

 private:
  static WeightAxes axes_of(const Layer& layer) { return WeightAxes::of<Layer>(weight_of(layer, Self::name).shape()); }
};

}  // namespace eigan::inline EIGAN_ABI::nn::detail
