#pragma once

#include <algorithm>
#include <concepts>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "../autograd/backward.hpp"
#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/pool.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// What stands in for parameters during a pass: any Variable of the same shape, such as the result of an update that is
/// itself to be differentiated (unrolled steps), or an averaged weight. The parameters stay as they are.
template <std::floating_point S = float>
class Bindings {
 public:
  Bindings() = default;

  /// Binds parameters[i] to values[i], in the order of nn::parameters(model).
  /// Throws ShapeError if there are not as many, or if a shape differs.
  Bindings(const std::vector<Variable<S>>& parameters, const std::vector<Variable<S>>& values) {
    if (parameters.size() != values.size())
      throw ShapeError("Bindings: expected a value for each of " + std::to_string(parameters.size()) +
                       " parameters, got " + std::to_string(values.size()));
    bound_.reserve(parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) bind(parameters[i], values[i]);
  }

  /// Binds a parameter (or its handle from nn::parameters), in place of what it was bound to before.
  /// Throws ShapeError if the value has another shape.
  void bind(const Variable<S>& parameter, const Variable<S>& value) {
    if (!(parameter.shape() == value.shape()))
      throw ShapeError("Bindings: expected a value of the parameter's shape " + to_string(parameter.shape()) +
                       ", got " + to_string(value.shape()));
    const auto place = find(bound_, parameter);
    if (place != bound_.end() && place->first.same_as(parameter))
      place->second = value;
    else
      bound_.insert(place, {parameter, value});
  }

  bool empty() const { return bound_.empty(); }

  /// What stands in for the parameter; itself, if nothing was bound to it.
  const Variable<S>& operator()(const Variable<S>& parameter) const {
    const auto place = find(bound_, parameter);
    return place != bound_.end() && place->first.same_as(parameter) ? place->second : parameter;
  }

 private:
  using Pair = std::pair<Variable<S>, Variable<S>>;

  // Sorted by node. The handle keeps the node, so no parameter that is born later can take its address.
  static auto find(auto& bound, const Variable<S>& parameter) {
    return std::lower_bound(bound.begin(), bound.end(), parameter, [](const Pair& pair, const Variable<S>& sought) {
      return std::less<>()(pair.first.node(), sought.node());
    });
  }

  PooledVector<Pair> bound_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
