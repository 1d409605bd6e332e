#pragma once

#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../autograd/state.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/random.hpp"
#include "../core/settings.hpp"
#include "adversarial_loss.hpp"
#include "critic_function.hpp"
#include "penalty.hpp"
#include "penalty_context.hpp"

namespace eigan::inline EIGAN_ABI::loss {

template <std::floating_point S>
class AnyPenalty;

namespace detail {

template <class P, class S>
concept ErasablePenalty = !std::same_as<P, AnyPenalty<S>> && Penalty<P, S> && std::copy_constructible<P>;

}  // namespace detail

/// Any penalty behind one type. A value: a copy has a state of its own.
template <std::floating_point S = float>
class AnyPenalty {
 public:
  template <detail::ErasablePenalty<S> P>
  AnyPenalty(P penalty) : self_(std::make_unique<Model<P>>(std::move(penalty))) {}
  AnyPenalty(const AnyPenalty& other) : self_(other.self_->clone()) {}
  AnyPenalty(AnyPenalty&&) noexcept = default;
  AnyPenalty& operator=(AnyPenalty other) noexcept {
    self_ = std::move(other.self_);
    return *this;
  }
  ~AnyPenalty() = default;

  /// What is added to the loss; empty if that is nothing.
  Variable<S> operator()(const PenaltyContext<S>& here) { return self_->penalise(here); }
  /// The same where there is nothing but a critic and two batches.
  Variable<S> operator()(const CriticFunction<S>& critic, const Variable<S>& real, const Variable<S>& fake,
                         RandomStream& stream) {
    return self_->penalise({critic, real, fake, stream});
  }

  std::string_view name() const { return self_->name(); }
  /// Whether it asks for each sample's own gradient: a critic that mixes the samples of a batch does not fit then.
  bool needs_per_sample_critic() const { return self_->needs_per_sample_critic(); }
  /// Its numbers by name, such as {"weight", 10}.
  Settings settings() const { return self_->settings(); }

  /// Tells it the parameters of its network, for a state of their shapes: to be called before the first update and
  /// before visit().
  void prepare(std::span<const Variable<S>> parameters, std::span<const std::string> names) {
    self_->prepare(parameters, names);
  }

  /// The state that the penalty keeps from step to step, as field(name, double& or Buffer<S>&).
  template <class Field>
  void visit(Field&& field) {
    StateVisitorOf<S, std::remove_reference_t<Field>> visitor(field);
    self_->visit(visitor);
  }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual Variable<S> penalise(const PenaltyContext<S>& here) = 0;
    virtual std::string_view name() const = 0;
    virtual bool needs_per_sample_critic() const = 0;
    virtual Settings settings() const = 0;
    virtual void prepare(std::span<const Variable<S>> parameters, std::span<const std::string> names) = 0;
    virtual void visit(StateVisitor<S>& field) = 0;
    virtual std::unique_ptr<Base> clone() const = 0;
  };

  template <class P>
  struct Model final : Base {
    explicit Model(P erased) : penalty(std::move(erased)) {}
    Variable<S> penalise(const PenaltyContext<S>& here) override { return detail::penalise(penalty, here); }
    std::string_view name() const override { return detail::name_of(penalty); }
    bool needs_per_sample_critic() const override { return detail::needs_per_sample_critic(penalty); }
    [[gnu::cold]] Settings settings() const override { return settings_of(penalty); }
    void prepare(std::span<const Variable<S>> parameters, std::span<const std::string> names) override {
      detail::prepare(penalty, parameters, names);
    }
    void visit(StateVisitor<S>& field) override { visit_state(penalty, field); }
    [[gnu::cold]] std::unique_ptr<Base> clone() const override { return std::make_unique<Model>(*this); }

    P penalty;
  };

  std::unique_ptr<Base> self_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
