#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/type_name.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// A layer whose forward takes a pass: `Variable<S> forward(const Variable<S>& x, const Pass<S>& pass) const`.
template <class L, class S>
concept PassLayerFor = requires(const L& layer, const Variable<S>& x, const Pass<S>& pass) {
  { layer.forward(x, pass) } -> std::convertible_to<Variable<S>>;
};

/// A layer for models of this Scalar. What it computes from x alone may leave the pass out:
/// `Variable<S> forward(const Variable<S>& x) const`.
template <class L, class S>
concept LayerFor = PassLayerFor<L, S> || requires(const L& layer, const Variable<S>& x) {
  { layer.forward(x) } -> std::convertible_to<Variable<S>>;
};

/// A layer that can do a leaky ReLU behind it in its own pass over the data.
template <class L, class S>
concept FusesLeakyReLU = requires(const L& layer, const Variable<S>& x, const Pass<S>& pass, double slope) {
  { layer.forward_leaky(x, pass, slope) } -> std::convertible_to<Variable<S>>;
};

/// A layer that is a leaky ReLU of this slope, 0 or above; a ReLU's is 0.
template <class L>
concept LeakyReLULike = requires(const L& layer) {
  { layer.leaky_slope() } -> std::convertible_to<double>;
};

namespace detail {

struct AnyField {
  void operator()(std::string_view, auto&) const {}
};

}  // namespace detail

/// What registers its parameters, buffers and inner layers: `void visit(auto&& field) { field("weight", weight_); }`.
template <class L>
concept Visitable = requires(L& layer) {
  layer.visit(detail::AnyField{});
};

/// Whether the layer promises that what it makes of a sample depends on that sample alone, in training too:
/// `static constexpr bool is_per_sample = true;`. A layer that says nothing is taken to mix the samples of a batch.
template <class L>
constexpr bool says_per_sample() {
  if constexpr (requires { L::is_per_sample; })
    return L::is_per_sample;
  else
    return false;
}

/// What a layer is called in messages and summaries: its `static constexpr const char* name`, its name() if that is
/// only known at run time, else its type's own name.
template <class L>
std::string_view name_of(const L& layer) {
  if constexpr (requires { std::string_view(L::name); })
    return L::name;
  else if constexpr (requires {
                       { layer.name() } -> std::same_as<std::string_view>;
                     })
    return layer.name();
  else
    return type_name<L>();
}

namespace detail {

// A deduction guide has no Scalar to ask: a layer that serves double models alone makes the model one of double.
template <class... L>
using DeducedScalar = std::conditional_t<((LayerFor<L, double> && !LayerFor<L, float>) || ...), double, float>;

/// What must hold of the layer at this position of a container; where it does not, the compiler's message names both.
template <std::size_t Position, class L, class S>
struct CheckLayer {
  static_assert(LayerFor<L, S>,
                "eigan: this layer lacks `Variable<Scalar> forward(const Variable<Scalar>& x) const` (or forward(x, "
                "pass)) for the Scalar of its model");
  static_assert(std::copy_constructible<L>, "eigan: a layer must be copyable (weight averaging keeps a deep copy)");
  static_assert(Visitable<L> || std::is_trivially_copyable_v<L>,
                "eigan: this layer holds something that copies deeply, yet has no `void visit(auto&& field)`; its "
                "parameters would never train");
  static constexpr bool ok = LayerFor<L, S> && std::copy_constructible<L>;
};

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::nn
