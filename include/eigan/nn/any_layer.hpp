#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "fields.hpp"
#include "layer.hpp"
#include "leaves.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

namespace detail {

/// What a layer that is handed no pass could not honour.
template <std::floating_point S>
class PassNeeds final : public FieldVisitor<S> {
 public:
  void parameter(std::string_view, Parameter<S>&) override { has_parameters = true; }
  void buffer(std::string_view, Buffer<S>&) override {}
  void depends_on_mode() override { has_modes = true; }
  void depends_on_condition() override { has_conditions = true; }

  bool has_parameters = false, has_modes = false, has_conditions = false;
};

/// Throws ConfigError if a layer whose forward takes no pass holds something that would need this one.
template <std::floating_point S, class L>
void check_needs_no_pass(const L& layer, const Pass<S>& pass) {
  if (!pass.has_bindings() && !pass.is_training() && !pass.has_condition()) return;
  PassNeeds<S> needs;
  nn::show_fields(layer, needs);
  const auto refuse = [&](const char* why) {
    throw ConfigError(std::string(name_of(layer)) + ": expected a forward(x, pass) that hands the pass on to " + why +
                      ", got a forward(x)");
  };
  if (pass.has_bindings() && needs.has_parameters) refuse("its parameters, which other values stand in for");
  if (pass.has_condition() && needs.has_conditions) refuse("an inner layer that asks for the condition");
  if (pass.is_training() && needs.has_modes) refuse("an inner layer that trains otherwise than it evaluates");
}

/// layer.forward(x, pass), or forward(x) of a layer that takes no pass.
template <std::floating_point S, class L>
Variable<S> forward(const L& layer, const Variable<S>& x, const Pass<S>& pass) {
  if constexpr (PassLayerFor<L, S>) {
    return layer.forward(x, pass);
  } else {
    if constexpr (Visitable<L>) check_needs_no_pass(layer, pass);
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
    report(y, pass);
    return y;
  }

  /// Whether forward_leaky() may be called, which does a leaky ReLU behind the layer in the layer's own pass.
  bool fuses_leaky_relu() const { return self_->fuses_leaky_relu(); }
  Variable<S> forward_leaky(const Variable<S>& x, const Pass<S>& pass, const AnyLayer& activation) const {
    Variable<S> y = self_->forward_leaky(x, pass, *activation.leaky_slope());
    report(y, pass);
    activation.report(y, pass);
    return y;
  }
  /// The slope, if the layer inside is a leaky ReLU or a ReLU.
  std::optional<double> leaky_slope() const { return self_->leaky_slope(); }

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
  void report(const Variable<S>& y, const Pass<S>& pass) const {
    if (pass.observer()) pass.observer()->returned(this, y.shape());
  }

  struct Base {
    virtual ~Base() = default;
    virtual Variable<S> forward(const Variable<S>& x, const Pass<S>& pass) const = 0;
    virtual bool fuses_leaky_relu() const = 0;
    virtual Variable<S> forward_leaky(const Variable<S>& x, const Pass<S>& pass, double slope) const = 0;
    virtual std::optional<double> leaky_slope() const = 0;
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
    bool fuses_leaky_relu() const override { return FusesLeakyReLU<L, S>; }
    Variable<S> forward_leaky(const Variable<S>& x, const Pass<S>& pass, double slope) const override {
      if constexpr (FusesLeakyReLU<L, S>)
        return layer.forward_leaky(x, pass, slope);
      else
        throw Error(std::string(name()) + ": expected a layer that does an activation itself, got another");
    }
    std::optional<double> leaky_slope() const override {
      if constexpr (LeakyReLULike<L>)
        if (layer.leaky_slope() >= 0) return layer.leaky_slope();
      return std::nullopt;
    }
    std::string_view name() const override { return name_of(layer); }
    [[gnu::cold]] void show_fields(FieldVisitor<S>& visitor) override {
      if constexpr (LayerFor<L, S>) detail::show_all(layer, visitor);
    }
    [[gnu::cold]] std::unique_ptr<Base> clone() const override { return std::make_unique<Model>(*this); }

    L layer;
  };

  std::unique_ptr<Base> self_;
};

// Constrained like the constructor, or that would win.
template <class L>
requires(sizeof(L) > 0) AnyLayer(L)
->AnyLayer<detail::DeducedScalar<L>>;

}  // namespace eigan::inline EIGAN_ABI::nn
