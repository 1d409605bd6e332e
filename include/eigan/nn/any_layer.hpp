#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "fields.hpp"
#include "layer.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

namespace detail {

/// layer.forward(x, pass), or forward(x) of a layer that takes no pass.
template <std::floating_point S, class L>
Variable<S> forward(const L& layer, const Variable<S>& x, const Pass<S>& pass) {
  if constexpr (PassLayerFor<L, S>) {
    return layer.forward(x, pass);
  } else {
    if constexpr (Visitable<L>) {
      ParameterCounter<S> counter;
      if (pass.has_bindings()) nn::show_fields(layer, counter);
      if (counter.parameters > 0)
        throw ConfigError(std::string(name_of(layer)) +
                          ": expected a forward(x, pass) that reads its parameters through the pass, got a forward(x) "
                          "in a pass with bindings");
    }
    return layer.forward(x);
  }
}

}  // namespace detail

/// Any layer behind one type, for networks put together at run time. A value: it copies deeply, as every layer does.
template <std::floating_point S = float>
class AnyLayer {
 public:
  using Scalar = S;

  template <class L>
  requires(!std::same_as<std::remove_cvref_t<L>, AnyLayer>) AnyLayer(L layer)
      : self_(std::make_unique<Model<L>>(std::move(layer))) {}
  AnyLayer(const AnyLayer& other) : self_(other.self_->clone()) {}
  AnyLayer(AnyLayer&&) noexcept = default;
  AnyLayer& operator=(AnyLayer other) noexcept {
    self_ = std::move(other.self_);
    return *this;
  }
  ~AnyLayer() = default;

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    Variable<S> y = self_->forward(x, pass);
    if (pass.observer()) pass.observer()->returned(this, y.shape());
    return y;
  }

  /// The name of the layer inside.
  std::string_view name() const { return self_->name(); }

  /// The inner layer's parameters and buffers, at any depth.
  template <class Field>
  void visit(Field&& field) {
    detail::LeafVisitor<S, false, std::remove_reference_t<Field>> visitor(field, {});
    show_fields(visitor);
  }
  void show_fields(FieldVisitor<S>& visitor) { self_->show_fields(visitor); }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual Variable<S> forward(const Variable<S>& x, const Pass<S>& pass) const = 0;
    virtual std::string_view name() const = 0;
    virtual void show_fields(FieldVisitor<S>& visitor) = 0;
    virtual std::unique_ptr<Base> clone() const = 0;
  };

  template <class L>
  struct Model final : Base {
    static_assert(detail::CheckLayer<0, L, S>::ok);
    explicit Model(L erased) : layer(std::move(erased)) {}
    Variable<S> forward(const Variable<S>& x, const Pass<S>& pass) const override {
      if constexpr (LayerFor<L, S>)
        return detail::forward(layer, x, pass);
      else
        return x;  // CheckLayer has said what is wrong
    }
    std::string_view name() const override { return name_of(layer); }
    void show_fields(FieldVisitor<S>& visitor) override {
      if constexpr (LayerFor<L, S>) detail::show_all(layer, visitor);
    }
    std::unique_ptr<Base> clone() const override { return std::make_unique<Model>(*this); }

    L layer;
  };

  std::unique_ptr<Base> self_;
};

// Constrained like the constructor, or that would win.
template <class L>
requires(sizeof(L) > 0) AnyLayer(L)
->AnyLayer<detail::DeducedScalar<L>>;

}  // namespace eigan::inline EIGAN_ABI::nn
