#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../autograd/parameter.hpp"
#include "../core/config.hpp"
#include "layer.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Is shown a model's parameters, buffers and inner layers in the order in which they are registered.
template <std::floating_point S>
class FieldVisitor {
 public:
  virtual void parameter(std::string_view name, Parameter<S>& parameter) = 0;
  virtual void buffer(std::string_view name, Buffer<S>& buffer) = 0;
  /// The fields up to the matching leave() belong to an inner layer; `layer` is its address.
  virtual void enter(std::string_view /*name*/, std::string_view /*type*/, const void* /*layer*/) {}
  virtual void leave() {}
  /// The layer entered last computes otherwise in training than in evaluation.
  virtual void depends_on_mode() {}
  /// The layer entered last asks the pass for its condition.
  virtual void depends_on_condition() {}
  /// In training, the layer entered last divides by statistics of the whole batch.
  virtual void normalizes_over_batch() {}
  /// In training, the layer entered last may let the samples of a batch see each other: it does not say
  /// `is_per_sample`.
  virtual void may_mix_samples() {}

 protected:
  ~FieldVisitor() = default;
};

namespace detail {

template <class T>
inline constexpr bool is_parameter = false;
template <class S>
inline constexpr bool is_parameter<Parameter<S>> = true;
template <class T>
inline constexpr bool is_buffer = false;
template <class S>
inline constexpr bool is_buffer<Buffer<S>> = true;
template <class T>
inline constexpr bool is_variable = false;
template <class S>
inline constexpr bool is_variable<Variable<S>> = true;

template <class M>
constexpr auto scalar_of() {
  if constexpr (requires { typename M::Scalar; }) {
    return typename M::Scalar();
  } else {
    static_assert(LayerFor<M, float> || LayerFor<M, double>,
                  "eigan: a model whose forward takes more than (x, pass) names its scalar: `using Scalar = float;`");
    return DeducedScalar<M>();
  }
}

/// A name for each position in a row of layers, without a heap allocation.
class PositionName {
 public:
  explicit PositionName(std::size_t position) {
    do text_[--first_] = static_cast<char>('0' + position % 10);
    while (position /= 10);
  }
  operator std::string_view() const { return {text_.data() + first_, text_.size() - first_}; }

 private:
  std::array<char, 20> text_;
  std::size_t first_ = 20;
};

template <std::floating_point S, class F>
void show(std::string_view name, F& field, FieldVisitor<S>& visitor);

/// Tells the visitor what type M says of itself, and what the layer says that it wraps without being a field of its
/// own.
template <class M, std::floating_point S>
void show_traits(FieldVisitor<S>& visitor) {
  if constexpr (requires { M::depends_on_mode; }) visitor.depends_on_mode();
  if constexpr (requires { M::depends_on_condition; }) visitor.depends_on_condition();
  if constexpr (requires { M::normalizes_over_batch; }) visitor.normalizes_over_batch();
  if constexpr (requires { typename M::Wrapped; }) show_traits<typename M::Wrapped>(visitor);
}

/// Shows the fields of a model.
template <std::floating_point S, class M>
void show_all(M& model, FieldVisitor<S>& visitor) {
  if constexpr (requires { model.show_fields(visitor); })
    return model.show_fields(visitor);  // a type that hides what it holds
  show_traits<M>(visitor);
  if constexpr (!std::ranges::range<M>)
    if (!says_per_sample<M>()) visitor.may_mix_samples();
  if constexpr (Visitable<M>)
    model.visit([&](std::string_view name, auto& field) { show(name, field, visitor); });
  else if constexpr (std::ranges::range<M>)
    for (std::size_t i = 0; auto& element : model) show(PositionName(i++), element, visitor);
}

template <std::floating_point S, class F>
void show(std::string_view name, F& field, FieldVisitor<S>& visitor) {
  static_assert(!is_variable<F>, "eigan: a Variable is a handle on somebody's value; a trained weight is a Parameter");
  if constexpr (is_parameter<F>) {
    static_assert(std::same_as<F, Parameter<S>>, "eigan: this parameter's Scalar is not its model's");
    if (field.exists()) visitor.parameter(name, field);
  } else if constexpr (is_buffer<F>) {
    static_assert(std::same_as<F, Buffer<S>>, "eigan: this buffer's Scalar is not its model's");
    if (field.value.defined()) visitor.buffer(name, field);
  } else {
    static_assert(std::is_class_v<F>, "eigan: a field is a Parameter, a Buffer or an inner layer");
    visitor.enter(name, name_of(field), &field);
    show_all(field, visitor);
    visitor.leave();
  }
}

}  // namespace detail

/// The Scalar of a model's parameters.
template <class M>
using ScalarOf = decltype(detail::scalar_of<std::remove_cv_t<M>>());

/// Shows the model's fields to the visitor. A parameter that does not exist (a layer without bias) and a buffer without
/// a value are left out. The model may be const: it is the visitor that must then change nothing.
template <class M, std::floating_point S>
void show_fields(const M& model, FieldVisitor<S>& visitor) {
  // Registration is written once, for mutable models, and serves const ones.
  detail::show_all(const_cast<M&>(model), visitor);
}

/// Calls field(name, f) for what the model registers itself: parameters, buffers and inner layers, const if the model
/// is.
template <class M>
void visit(M& model, auto&& field) {
  using Bare = std::remove_const_t<M>;
  if constexpr (Visitable<Bare>)
    const_cast<Bare&>(model).visit([&](std::string_view name, auto& f) {
      if constexpr (std::is_const_v<M>)
        field(name, std::as_const(f));
      else
        field(name, f);
    });
}

namespace detail {

/// Knows the full, dotted name of each leaf and what the layer that holds it is called.
template <std::floating_point S>
class NamingVisitor : public FieldVisitor<S> {
 public:
  /// `prefix` comes before the names; `model` is what the outermost layer is called.
  NamingVisitor(std::string_view prefix, std::string_view model) : owners_{model} {
    if (!prefix.empty()) path_.append(prefix).append(".");
  }

  void parameter(std::string_view name, Parameter<S>& parameter) final { named(name, parameter); }
  void buffer(std::string_view name, Buffer<S>& buffer) final { named(name, buffer); }
  void enter(std::string_view name, std::string_view type, const void*) final {
    lengths_.push_back(path_.size());
    path_.append(name).append(".");
    owners_.push_back(type);
  }
  void leave() final {
    path_.resize(lengths_.back());
    lengths_.pop_back();
    owners_.pop_back();
  }

 protected:
  virtual void leaf(const std::string& name, std::string_view owner, Parameter<S>& parameter) = 0;
  virtual void leaf(const std::string& name, std::string_view owner, Buffer<S>& buffer) = 0;
  ~NamingVisitor() = default;

 private:
  void named(std::string_view name, auto& field) {
    const std::size_t length = path_.size();
    path_.append(name);
    leaf(path_, owners_.back(), field);
    path_.resize(length);
  }

  std::string path_;
  std::vector<std::size_t> lengths_;
  std::vector<std::string_view> owners_;
};

template <std::floating_point S, bool is_const, class Leaf>
class LeafVisitor final : public NamingVisitor<S> {
 public:
  LeafVisitor(Leaf& leaf, std::string_view prefix) : NamingVisitor<S>(prefix, {}), leaf_(leaf) {}

 private:
  void leaf(const std::string& name, std::string_view, Parameter<S>& parameter) override { hand_on(name, parameter); }
  void leaf(const std::string& name, std::string_view, Buffer<S>& buffer) override { hand_on(name, buffer); }
  void hand_on(const std::string& name, auto& field) {
    if constexpr (is_const)
      leaf_(name, std::as_const(field));
    else
      leaf_(name, field);
  }

  Leaf& leaf_;
};

}  // namespace detail

/// Calls leaf(name, f) for every parameter and buffer of the model, at any depth, by its full name: "3.weight",
/// "generator.3.weight" with prefix "generator". These names are what checkpoints know them by.
template <class M, class Leaf>
void for_each_leaf(M& model, Leaf&& leaf, std::string_view prefix = {}) {
  detail::LeafVisitor<ScalarOf<M>, std::is_const_v<M>, std::remove_reference_t<Leaf>> visitor(leaf, prefix);
  nn::show_fields(model, visitor);
}

/// The same for parameters alone.
template <class M, class Leaf>
void for_each_parameter(M& model, Leaf&& leaf, std::string_view prefix = {}) {
  for_each_leaf(
      model,
      [&](const std::string& name, auto& field) {
        if constexpr (detail::is_parameter<std::remove_cvref_t<decltype(field)>>) leaf(name, field);
      },
      prefix);
}

/// The same for buffers alone.
template <class M, class Leaf>
void for_each_buffer(M& model, Leaf&& leaf, std::string_view prefix = {}) {
  for_each_leaf(
      model,
      [&](const std::string& name, auto& field) {
        if constexpr (detail::is_buffer<std::remove_cvref_t<decltype(field)>>) leaf(name, field);
      },
      prefix);
}

namespace detail {

template <std::floating_point S>
class HandleCollector final : public FieldVisitor<S> {
 public:
  void parameter(std::string_view, Parameter<S>& parameter) override { handles.push_back(parameter); }
  void buffer(std::string_view, Buffer<S>&) override {}

  std::vector<Variable<S>> handles;
};

template <std::floating_point S>
class SampleMixing final : public FieldVisitor<S> {
 public:
  void parameter(std::string_view, Parameter<S>&) override {}
  void buffer(std::string_view, Buffer<S>&) override {}
  void may_mix_samples() override { possible = true; }

  bool possible = false;
};

template <std::floating_point S>
class ConditionNeeds final : public FieldVisitor<S> {
 public:
  void parameter(std::string_view, Parameter<S>&) override {}
  void buffer(std::string_view, Buffer<S>&) override {}
  void depends_on_condition() override { possible = true; }

  bool possible = false;
};

template <std::floating_point S>
class ParameterCounter final : public FieldVisitor<S> {
 public:
  void parameter(std::string_view, Parameter<S>& parameter) override { elements += parameter.size(); }
  void buffer(std::string_view, Buffer<S>&) override {}

  Index elements = 0;
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
  detail::SampleMixing<ScalarOf<M>> mixing;
  nn::show_fields(model, mixing);
  return !mixing.possible;
}

/// Whether the model is a conditional one: whether it or a layer in it says `static constexpr bool depends_on_condition
/// = true`, and so asks the pass for a condition.
template <class M>
bool is_conditional(const M& model) {
  detail::ConditionNeeds<ScalarOf<M>> needs;
  nn::show_fields(model, needs);
  return needs.possible;
}

/// The number of trained values in the model.
template <class M>
Index parameter_count(const M& model) {
  detail::ParameterCounter<ScalarOf<M>> counter;
  nn::show_fields(model, counter);
  return counter.elements;
}

}  // namespace eigan::inline EIGAN_ABI::nn

namespace eigan::inline EIGAN_ABI {

using nn::parameters;

}  // namespace eigan::inline EIGAN_ABI
