#pragma once

#include <concepts>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../autograd/state.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/settings.hpp"
#include "adversarial_loss.hpp"

namespace eigan::inline EIGAN_ABI::loss {

template <std::floating_point S, class Output>
class AnyLoss;

namespace detail {

template <class L, class S, class Output>
concept ErasableLoss =
    !std::same_as<L, AnyLoss<S, Output>> && AdversarialLoss<L, S, Output> && std::copy_constructible<L>;

}  // namespace detail

/// Any adversarial loss behind one type. A value: a copy has a state of its own.
template <std::floating_point S = float, class Output = Variable<S>>
class AnyLoss {
 public:
  template <detail::ErasableLoss<S, Output> L>
  AnyLoss(L loss) : self_(std::make_unique<Model<L>>(std::move(loss))) {
    if constexpr (requires(const L& checked) { checked.check(); }) static_cast<Model<L>&>(*self_).loss.check();
  }
  AnyLoss(const AnyLoss& other) : self_(other.self_->clone()) {}
  AnyLoss(AnyLoss&&) noexcept = default;
  AnyLoss& operator=(AnyLoss other) noexcept {
    self_ = std::move(other.self_);
    return *this;
  }
  ~AnyLoss() = default;

  Variable<S> discriminator(const Output& real, const Output& fake) { return self_->discriminator(real, fake); }
  /// `real` may be empty unless generator_needs_real().
  Variable<S> generator(const Output& real, const Output& fake) { return self_->generator(real, fake); }
  bool generator_needs_real() const { return self_->generator_needs_real(); }
  bool compares_outputs() const { return self_->compares_outputs(); }
  std::string_view name() const { return self_->name(); }
  /// Its numbers by name, such as {"real_target", 0.9}.
  Settings settings() const { return self_->settings(); }

  /// The state that the loss keeps from step to step, as field(name, double& or Buffer<S>&).
  template <class Field>
  void visit(Field&& field) {
    StateVisitorOf<S, std::remove_reference_t<Field>> visitor(field);
    self_->visit(visitor);
  }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual Variable<S> discriminator(const Output& real, const Output& fake) = 0;
    virtual Variable<S> generator(const Output& real, const Output& fake) = 0;
    virtual bool generator_needs_real() const = 0;
    virtual bool compares_outputs() const = 0;
    virtual std::string_view name() const = 0;
    virtual Settings settings() const = 0;
    virtual void visit(StateVisitor<S>& field) = 0;
    virtual std::unique_ptr<Base> clone() const = 0;
  };

  template <class L>
  struct Model final : Base {
    explicit Model(L erased) : loss(std::move(erased)) {}
    Variable<S> discriminator(const Output& real, const Output& fake) override {
      return loss.discriminator(real, fake);
    }
    Variable<S> generator(const Output& real, const Output& fake) override { return loss.generator(real, fake); }
    bool generator_needs_real() const override { return loss::generator_needs_real(loss); }
    bool compares_outputs() const override { return loss::compares_outputs(loss); }
    std::string_view name() const override { return detail::name_of(loss); }
    [[gnu::cold]] Settings settings() const override { return settings_of(loss); }
    void visit(StateVisitor<S>& field) override { visit_state(loss, field); }
    [[gnu::cold]] std::unique_ptr<Base> clone() const override { return std::make_unique<Model>(*this); }

    L loss;
  };

  std::unique_ptr<Base> self_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
