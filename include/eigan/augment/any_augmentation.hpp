#pragma once

#include <concepts>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../autograd/state.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/random.hpp"
#include "../core/settings.hpp"

namespace eigan::inline EIGAN_ABI::augment {

/// What an augmentation may look at besides the samples.
struct AugmentationContext {
  RandomStream& stream;  ///< where whatever it draws comes from
  Index step = 0;        ///< the steps taken before this one
};

/// What an augmentation is: a batch of samples [N, ...] in, one of the same shape out, differentiable in the samples,
/// since the generator learns through it. The discriminator sees real and generated samples through it alone.
///   - `name` is what checkpoints call it;
///   - `settings(field)` hands over its numbers as field(name, double), for the checkpoint's configuration;
///   - `observe(outputs)` is told the discriminator's outputs on real samples, [N, 1], after each forward of its
///   updates; less their mean on generated ones, where the loss goes by differences alone;
///   - `visit(field)` hands over what it keeps from step to step as field(name, double&), for the checkpoint;
///   - `strength()` is how strong it is now, for reports.
template <class A, class S>
concept Augmentation = requires(const A& augmentation, const Variable<S>& x, const AugmentationContext& here) {
  { augmentation(x, here) } -> std::convertible_to<Variable<S>>;
};

template <std::floating_point S>
class AnyAugmentation;

namespace detail {

template <class A, class S>
concept ErasableAugmentation = !std::same_as<A, AnyAugmentation<S>> && Augmentation<A, S> && std::copy_constructible<A>;

}  // namespace detail

/// Any augmentation behind one type. A value: a copy has a state of its own.
template <std::floating_point S = float>
class AnyAugmentation {
 public:
  /// Throws ConfigError if one of its numbers is out of range.
  template <detail::ErasableAugmentation<S> A>
  AnyAugmentation(A augmentation) {
    if constexpr (requires(const A& checked) { checked.check(); }) augmentation.check();
    self_ = std::make_unique<Model<A>>(std::move(augmentation));
  }
  AnyAugmentation(const AnyAugmentation& other) : self_(other.self_->clone()) {}
  AnyAugmentation(AnyAugmentation&&) noexcept = default;
  AnyAugmentation& operator=(AnyAugmentation other) noexcept {
    self_ = std::move(other.self_);
    return *this;
  }
  ~AnyAugmentation() = default;

  Variable<S> operator()(const Variable<S>& x, const AugmentationContext& here) const { return self_->apply(x, here); }

  void observe(const Variable<S>& real_outputs) { self_->observe(real_outputs); }
  /// 1 for one that does not say.
  double strength() const { return self_->strength(); }

  /// "custom" for one of the user's without a name.
  std::string_view name() const { return self_->name(); }
  /// Its numbers by name, such as {"deviation", 0.1}.
  Settings settings() const { return self_->settings(); }

  /// The state that it keeps from step to step, as field(name, double& or Buffer<S>&).
  template <class Field>
  void visit(Field&& field) {
    StateVisitorOf<S, std::remove_reference_t<Field>> visitor(field);
    self_->visit(visitor);
  }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual Variable<S> apply(const Variable<S>& x, const AugmentationContext& here) const = 0;
    virtual void observe(const Variable<S>& real_outputs) = 0;
    virtual double strength() const = 0;
    virtual std::string_view name() const = 0;
    virtual Settings settings() const = 0;
    virtual void visit(StateVisitor<S>& field) = 0;
    virtual std::unique_ptr<Base> clone() const = 0;
  };

  template <class A>
  struct Model final : Base {
    explicit Model(A erased) : augmentation(std::move(erased)) {}
    Variable<S> apply(const Variable<S>& x, const AugmentationContext& here) const override {
      return augmentation(x, here);
    }
    void observe(const Variable<S>& real_outputs) override {
      if constexpr (requires { augmentation.observe(real_outputs); }) augmentation.observe(real_outputs);
    }
    double strength() const override {
      if constexpr (requires { augmentation.strength(); })
        return augmentation.strength();
      else
        return 1;
    }
    std::string_view name() const override {
      if constexpr (requires { std::string_view(A::name); })
        return A::name;
      else
        return "custom";
    }
    [[gnu::cold]] Settings settings() const override { return settings_of(augmentation); }
    void visit(StateVisitor<S>& field) override { visit_state(augmentation, field); }
    [[gnu::cold]] std::unique_ptr<Base> clone() const override { return std::make_unique<Model>(*this); }

    A augmentation;
  };

  std::unique_ptr<Base> self_;
};

}  // namespace eigan::inline EIGAN_ABI::augment
