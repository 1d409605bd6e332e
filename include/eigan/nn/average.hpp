#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "../autograd/parameter.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/pool.hpp"
#include "../kernels/update.hpp"
#include "fields.hpp"

namespace eigan::inline EIGAN_ABI::nn {

namespace detail {

/// The leaves of a model in order, in pooled memory: an average moves with every training step.
template <std::floating_point S>
class LeafCollector final : public FieldVisitor<S> {
 public:
  void parameter(std::string_view, Parameter<S>& parameter) override { parameters.push_back(&parameter); }
  void buffer(std::string_view, Buffer<S>& buffer) override { buffers.push_back(&buffer); }

  PooledVector<Parameter<S>*> parameters;
  PooledVector<Buffer<S>*> buffers;
};

template <std::floating_point S>
bool built_alike(const LeafCollector<S>& a, const LeafCollector<S>& b) {
  if (a.parameters.size() != b.parameters.size() || a.buffers.size() != b.buffers.size()) return false;
  for (std::size_t i = 0; i < a.parameters.size(); ++i)
    if (!(a.parameters[i]->shape() == b.parameters[i]->shape())) return false;
  return true;
}

}  // namespace detail

/// One step of an exponential moving average: average = decay * average + (1 - decay) * model for every parameter;
/// buffers are copied. `average` is a copy of the model: `nn::Sequential average = generator;`.
/// Throws ConfigError for a decay outside of [0, 1], ShapeError, with nothing changed, for a model built otherwise.
template <class M>
[[gnu::cold]] void update_average(M& average, const M& model, double decay) {
  using S = ScalarOf<M>;
  if (!(decay >= 0 && decay <= 1))
    throw ConfigError("update_average: expected a decay within [0, 1], got " + std::to_string(decay));
  detail::LeafCollector<S> to, from;
  show_fields(average, to);
  show_fields(model, from);
  if (!detail::built_alike(to, from)) throw ShapeError("update_average: expected two models built alike, got others");

  PooledVector<kernels::StepTensor<S>> steps;
  for (std::size_t i = 0; i < to.parameters.size(); ++i) {
    Parameter<S>& parameter = *to.parameters[i];
    const Tensor<S>& value = from.parameters[i]->value();
    if (decay == 0 || !parameter.is_filled())
      parameter.assign(value);
    else
      steps.push_back({.parameter = parameter.mutable_data(), .gradient = value.data(), .size = value.size()});
  }
  kernels::update(kernels::rule::MovingAverage<S>(decay), std::span<const kernels::StepTensor<S>>(steps));
  for (std::size_t i = 0; i < to.buffers.size(); ++i) to.buffers[i]->value = from.buffers[i]->value;
}

}  // namespace eigan::inline EIGAN_ABI::nn
