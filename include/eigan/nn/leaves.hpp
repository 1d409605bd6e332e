#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../autograd/parameter.hpp"
#include "../core/config.hpp"
#include "fields.hpp"

namespace eigan::inline EIGAN_ABI::nn {

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

}  // namespace eigan::inline EIGAN_ABI::nn
