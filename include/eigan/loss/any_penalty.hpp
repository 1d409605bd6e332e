#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/random.hpp"
#include "adversarial_loss.hpp"
#include "critic_function.hpp"
#include "state.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// What a penalty is: one number that is added to the discriminator's loss, from the discriminator as a callable, a
/// real and a generated batch, and a stream for whatever it draws. It may ask the critic as often as it likes.
///   - `name` is what checkpoints and reports call it;
///   - `settings(field)` hands over its numbers as field(name, double), for the checkpoint's configuration;
///   - `visit(field)` hands over state of its own, `double`s and `Buffer`s, as field(name, state).
template <class P, class S>
concept Penalty = requires(P& penalty, const CriticFunction<S>& critic, const Variable<S>& batch,
                           RandomStream& stream) {
  { penalty(critic, batch, batch, stream) } -> std::convertible_to<Variable<S>>;
};

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

  Variable<S> operator()(const CriticFunction<S>& critic, const Variable<S>& real, const Variable<S>& fake,
                         RandomStream& stream) {
    return self_->penalise(critic, real, fake, stream);
  }

  std::string_view name() const { return self_->name(); }
  /// Its numbers by name, such as {"weight", 10}.
  std::vector<std::pair<std::string, double>> settings() const { return self_->settings(); }

  /// The state that the penalty keeps from step to step, as field(name, double& or Buffer<S>&).
  template <class Field>
  void visit(Field&& field) {
    detail::StateVisitorOf<S, std::remove_reference_t<Field>> visitor(field);
    self_->visit(visitor);
  }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual Variable<S> penalise(const CriticFunction<S>& critic, const Variable<S>& real, const Variable<S>& fake,
                                 RandomStream& stream) = 0;
    virtual std::string_view name() const = 0;
    virtual std::vector<std::pair<std::string, double>> settings() const = 0;
    virtual void visit(detail::StateVisitor<S>& field) = 0;
    virtual std::unique_ptr<Base> clone() const = 0;
  };

  template <class P>
  struct Model final : Base {
    explicit Model(P erased) : penalty(std::move(erased)) {}
    Variable<S> penalise(const CriticFunction<S>& critic, const Variable<S>& real, const Variable<S>& fake,
                         RandomStream& stream) override {
      return penalty(critic, real, fake, stream);
    }
    std::string_view name() const override { return detail::name_of<P>(); }
    std::vector<std::pair<std::string, double>> settings() const override {
      std::vector<std::pair<std::string, double>> list;
      const auto field = [&](std::string_view setting, double value) { list.emplace_back(setting, value); };
      if constexpr (requires { penalty.settings(field); }) penalty.settings(field);
      return list;
    }
    void visit(detail::StateVisitor<S>& field) override { detail::visit_state(penalty, field); }
    std::unique_ptr<Base> clone() const override { return std::make_unique<Model>(*this); }

    P penalty;
  };

  std::unique_ptr<Base> self_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
