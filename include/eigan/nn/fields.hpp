#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <ranges>
#include <string_view>
#include <type_traits>
#include <utility>

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

}  // namespace eigan::inline EIGAN_ABI::nn
