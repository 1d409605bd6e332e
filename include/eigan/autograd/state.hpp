#pragma once

#include <concepts>
#include <string_view>

#include "../core/config.hpp"
#include "parameter.hpp"

namespace eigan::inline EIGAN_ABI {

/// Receives what a loss, a penalty or an augmentation keeps from step to step, when its type is erased.
template <std::floating_point S>
class StateVisitor {
 public:
  virtual void operator()(std::string_view name, double& number) = 0;
  virtual void operator()(std::string_view name, Buffer<S>& buffer) = 0;

 protected:
  ~StateVisitor() = default;
};

template <std::floating_point S, class Field>
class StateVisitorOf final : public StateVisitor<S> {
 public:
  explicit StateVisitorOf(Field& field) : field_(field) {}
  void operator()(std::string_view name, double& number) override { field_(name, number); }
  void operator()(std::string_view name, Buffer<S>& buffer) override { field_(name, buffer); }

 private:
  Field& field_;
};

/// Hands the state of `stateful`, if it has any, to the visitor.
template <class T, std::floating_point S>
void visit_state(T& stateful, StateVisitor<S>& field) {
  if constexpr (requires { stateful.visit(field); }) stateful.visit(field);
}

}  // namespace eigan::inline EIGAN_ABI
