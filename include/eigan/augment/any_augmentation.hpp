#pragma once

#include <concepts>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/random.hpp"
#include "settings.hpp"

namespace eigan::inline EIGAN_ABI::augment {

/// What an augmentation may look at besides the samples.
struct AugmentationContext {
  RandomStream& stream;  ///< where whatever it draws comes from
  Index step = 0;        ///< the steps taken before this one
};

/// What an augmentation is: a batch of samples [N, ...] in, one of the same shape out, differentiable in the samples,
/// since the generator learns through it. The discriminator sees real and generated samples through it alone.
///   - `name` is what checkpoints call it;
///   - `settings(field)` hands over its numbers as field(name, double), for the checkpoint's configuration.
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

/// Any augmentation behind one type.
template <std::floating_point S = float>
class AnyAugmentation {
 public:
  /// Throws ConfigError if one of its numbers is out of range.
  template <detail::ErasableAugmentation<S> A>
  AnyAugmentation(A augmentation) {
    if constexpr (requires(const A& checked) { checked.check(); }) augmentation.check();
    self_ = std::make_shared<const Model<A>>(std::move(augmentation));
  }

  Variable<S> operator()(const Variable<S>& x, const AugmentationContext& here) const { return self_->apply(x, here); }

  /// "custom" for one of the user's without a name.
  std::string_view name() const { return self_->name(); }
  /// Its numbers by name, such as {"deviation", 0.1}.
  Settings settings() const { return self_->settings(); }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual Variable<S> apply(const Variable<S>& x, const AugmentationContext& here) const = 0;
    virtual std::string_view name() const = 0;
    virtual Settings settings() const = 0;
  };

  template <class A>
  struct Model final : Base {
    explicit Model(A erased) : augmentation(std::move(erased)) {}
    Variable<S> apply(const Variable<S>& x, const AugmentationContext& here) const override {
      return augmentation(x, here);
    }
    std::string_view name() const override {
      if constexpr (requires { std::string_view(A::name); })
        return A::name;
      else
        return "custom";
    }
    [[gnu::cold]] Settings settings() const override {
      Settings list;
      const auto field = [&](std::string_view setting, double value) { list.emplace_back(setting, value); };
      if constexpr (requires { augmentation.settings(field); }) augmentation.settings(field);
      return list;
    }

    A augmentation;
  };

  std::shared_ptr<const Base> self_;
};

}  // namespace eigan::inline EIGAN_ABI::augment
