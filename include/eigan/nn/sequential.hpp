#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "any_layer.hpp"
#include "fields.hpp"
#include "layer.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

namespace detail {

template <class S, class Positions, class... L>
struct CheckLayers;
template <class S, std::size_t... Position, class... L>
struct CheckLayers<S, std::index_sequence<Position...>, L...> {
  static constexpr bool ok = (CheckLayer<Position, L, S>::ok && ...);
};

/// "layer 3 (Linear): expected ..." from a layer's own message, which may begin with its name already.
[[gnu::cold]] inline std::string at_position(std::size_t position, std::string_view layer, std::string_view message) {
  const std::string own = std::string(layer) + ": ";
  if (message.starts_with(own)) message.remove_prefix(own.size());
  const bool is_nested = message.starts_with("layer ");
  return "layer " + std::to_string(position) + " (" + std::string(layer) + (is_nested ? "), " : "): ") +
         std::string(message);
}

}  // namespace detail

/// Layers one after another, from a list or, at run time, by add(). It has one type per Scalar, whatever is inside, and
/// its layers are named by their positions: "0", "1", ... A ShapeError or ConfigError from inside says which one threw.
template <std::floating_point S = float>
class Sequential {
 public:
  using Scalar = S;
  static constexpr const char* name = "Sequential";
  static constexpr bool is_per_sample = true;

  Sequential() = default;
  template <class... Layers>
  requires(sizeof...(Layers) > 0) explicit Sequential(Layers... layers) {
    if constexpr (detail::CheckLayers<S, std::index_sequence_for<Layers...>, Layers...>::ok) {
      layers_.reserve(sizeof...(Layers));
      (add(std::move(layers)), ...);
    }
  }

  Sequential& add(AnyLayer<S> layer) {
    layers_.push_back(std::move(layer));
    return *this;
  }

  std::size_t size() const { return layers_.size(); }
  /// The layer at a position; throws ShapeError if there is none.
  const AnyLayer<S>& operator[](std::size_t position) const { return layers_[check(position)]; }
  AnyLayer<S>& operator[](std::size_t position) { return layers_[check(position)]; }

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    Variable<S> h = x;
    std::size_t position = 0;
    try {
      for (; position < layers_.size(); ++position) {
        const AnyLayer<S>& layer = layers_[position];
        if (layer.fuses_leaky_relu() && position + 1 < layers_.size() && layers_[position + 1].leaky_slope()) {
          h = layer.forward_leaky(h, pass, layers_[position + 1]);
          ++position;
        } else {
          h = layer.forward(h, pass);
        }
      }
    } catch (const ShapeError& error) {
      throw ShapeError(detail::at_position(position, layers_[position].name(), error.what()));
    } catch (const ConfigError& error) {
      throw ConfigError(detail::at_position(position, layers_[position].name(), error.what()));
    }
    return h;
  }

  Variable<S> operator()(const Variable<S>& x, const Pass<S>& pass = {}) const { return forward(x, pass); }
  /// Values in, values out: nothing is recorded.
  Tensor<S> operator()(const Tensor<S>& x, const Pass<S>& pass = {}) const {
    const NoGrad values_only;
    return forward(Variable<S>(x), pass).value();
  }

  void visit(auto&& field) {
    for (std::size_t i = 0; i < layers_.size(); ++i) field(detail::PositionName(i), layers_[i]);
  }

 private:
  std::size_t check(std::size_t position) const {
    if (position >= layers_.size())
      throw ConfigError("Sequential: expected a position below " + std::to_string(layers_.size()) + ", got " +
                        std::to_string(position));
    return position;
  }

  std::vector<AnyLayer<S>> layers_;
};

// Constrained like the constructor, or that would win.
template <class... Layers>
requires(sizeof...(Layers) > 0) Sequential(Layers...)
->Sequential<detail::DeducedScalar<Layers...>>;

}  // namespace eigan::inline EIGAN_ABI::nn
