#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "../autograd/parameter.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/tensor.hpp"
#include "fields.hpp"
#include "leaves.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// A model's parameters and buffers at one moment, by their full names. The tensors are shared with the model until one
/// of the two writes.
template <std::floating_point S = float>
using State = std::vector<std::pair<std::string, Tensor<S>>>;

namespace detail {

template <std::floating_point S>
const Tensor<S>& value_of(const Parameter<S>& parameter) {
  return parameter.value();
}
template <std::floating_point S>
const Tensor<S>& value_of(const Buffer<S>& buffer) {
  return buffer.value;
}

template <std::floating_point S>
void assign(Parameter<S>& parameter, Tensor<S> value) {
  parameter.assign(std::move(value));
}
template <std::floating_point S>
void assign(Buffer<S>& buffer, Tensor<S> value) {
  buffer.value = std::move(value);
  buffer.initialiser = {};
}

template <std::floating_point S>
const Shape& shape_of(const Parameter<S>& parameter) {
  return parameter.shape();
}
template <std::floating_point S>
const Shape& shape_of(const Buffer<S>& buffer) {
  return buffer.value.shape();
}

/// Gives each parameter and buffer the tensor find(name, shape), all or, if one find throws, none.
template <class M>
void assign_all(M& model, const std::string& prefix, auto&& find) {
  std::vector<Tensor<ScalarOf<M>>> found;
  for_each_leaf(
      model, [&](const std::string& name, auto& field) { found.push_back(find(name, shape_of(field))); }, prefix);
  for_each_leaf(model, [&, i = std::size_t{0}](const std::string&, auto& field) mutable {
    detail::assign(field, std::move(found[i++]));
  });
}

}  // namespace detail

/// The model's state now. Throws Error if a parameter has no values yet.
template <class M>
State<ScalarOf<M>> snapshot(const M& model) {
  State<ScalarOf<M>> state;
  for_each_leaf(model,
                [&](const std::string& name, const auto& field) { state.emplace_back(name, detail::value_of(field)); });
  return state;
}

/// Goes back to a snapshot of this model, or of one built alike. Throws CheckpointError, with nothing changed, if a
/// name or a shape differs.
template <class M>
void restore(M& model, const State<ScalarOf<M>>& state) {
  std::size_t next = 0;
  const auto find = [&](const std::string& name, const Shape& shape) {
    if (next == state.size())
      throw CheckpointError("restore: expected '" + name + "' " + to_string(shape) + ", got no more tensors");
    const auto& [found, tensor] = state[next++];
    if (found != name || !(tensor.shape() == shape))
      throw CheckpointError("restore: expected '" + name + "' " + to_string(shape) + ", got '" + found + "' " +
                            to_string(tensor.shape()));
    return tensor;
  };
  const auto count = [&] {
    std::size_t leaves = 0;
    for_each_leaf(model, [&](const std::string&, const auto&) { ++leaves; });
    return leaves;
  };
  if (const std::size_t expected = count(); state.size() > expected)
    throw CheckpointError("restore: expected " + std::to_string(expected) + " tensors, got " +
                          std::to_string(state.size()) + ", of which '" + state[expected].first + "' is one too many");
  detail::assign_all(model, "", find);
}

}  // namespace eigan::inline EIGAN_ABI::nn
