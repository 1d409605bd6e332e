#pragma once

#include <concepts>
#include <string_view>
#include <utility>
#include <vector>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "fields.hpp"

namespace eigan::inline EIGAN_ABI::nn {

namespace detail {

/// What a model is, which it knows before its parameters have values.
template <std::floating_point S>
class Inspection final : public FieldVisitor<S> {
 public:
  template <class M>
  explicit Inspection(const M& model) {
    nn::show_fields(model, *this);
  }

  void parameter(std::string_view, Parameter<S>& parameter) override { elements += parameter.size(); }
  void buffer(std::string_view, Buffer<S>&) override {}
  void may_mix_samples() override { mixes_samples = true; }
  void depends_on_condition() override { is_conditional = true; }

  Index elements = 0;
  bool mixes_samples = false, is_conditional = false;
};

template <std::floating_point S>
class HandleCollector final : public FieldVisitor<S> {
 public:
  void parameter(std::string_view, Parameter<S>& parameter) override { handles.push_back(parameter); }
  void buffer(std::string_view, Buffer<S>&) override {}

  std::vector<Variable<S>> handles;
};

}  // namespace detail

/// Handles on the model's parameters, in the order of registration: what grad() takes as targets. They share the
/// parameters' values, now and later.
template <class M>
std::vector<Variable<ScalarOf<M>>> parameters(const M& model) {
  detail::HandleCollector<ScalarOf<M>> collector;
  nn::show_fields(model, collector);
  return std::move(collector.handles);
}

/// Whether the model and all layers in it say that they treat each sample by itself, in training too. Two batches may
/// then pass through it as one.
template <class M>
bool is_per_sample(const M& model) {
  return !detail::Inspection<ScalarOf<M>>(model).mixes_samples;
}

/// Whether the model is a conditional one: whether it or a layer in it says `static constexpr bool depends_on_condition
/// = true`, and so asks the pass for a condition.
template <class M>
bool is_conditional(const M& model) {
  return detail::Inspection<ScalarOf<M>>(model).is_conditional;
}

/// The number of trained values in the model.
template <class M>
Index parameter_count(const M& model) {
  return detail::Inspection<ScalarOf<M>>(model).elements;
}

}  // namespace eigan::inline EIGAN_ABI::nn

namespace eigan::inline EIGAN_ABI {

using nn::parameters;

}  // namespace eigan::inline EIGAN_ABI
