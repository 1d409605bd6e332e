#pragma once

#include <concepts>
#include <memory>
#include <type_traits>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"

#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define EIGAN_LIFETIMEBOUND [[clang::lifetimebound]]
#endif
#endif
#if !defined(EIGAN_LIFETIMEBOUND)
#define EIGAN_LIFETIMEBOUND
#endif

namespace eigan::inline EIGAN_ABI::loss {

template <std::floating_point S>
class CriticFunction;

namespace detail {

template <class F, class S>
concept CallableCritic =
    !std::same_as<std::remove_cvref_t<F>, CriticFunction<S>> && std::is_object_v<std::remove_reference_t<F>> &&
    std::is_invocable_r_v<Variable<S>, F&, const Variable<S>&>;

}  // namespace detail

/// The discriminator as a penalty sees it: a batch [N, ...] in, its outputs out. It refers to a callable (a lambda, a
/// model) and allocates nothing; so the callable must outlive it, as an argument of a call does.
template <std::floating_point S = float>
class CriticFunction {
 public:
  template <detail::CallableCritic<S> F>
  CriticFunction(F&& critic EIGAN_LIFETIMEBOUND)
      : critic_(const_cast<void*>(static_cast<const void*>(std::addressof(critic)))),
        call_([](void* object, const Variable<S>& x) -> Variable<S> {
          return (*static_cast<std::remove_reference_t<F>*>(object))(x);
        }) {}

  Variable<S> operator()(const Variable<S>& x) const { return call_(critic_, x); }

 private:
  void* critic_;
  Variable<S> (*call_)(void*, const Variable<S>&);
};

}  // namespace eigan::inline EIGAN_ABI::loss

#undef EIGAN_LIFETIMEBOUND
