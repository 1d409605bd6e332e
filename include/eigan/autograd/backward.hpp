#pragma once

#include <array>
#include <concepts>
#include <initializer_list>
#include <utility>

#include "../core/config.hpp"
#include "../core/pool.hpp"
#include "variable.hpp"

namespace eigan::inline EIGAN_ABI {

/// One gradient per input of an operation; an undefined one is a zero.
template <std::floating_point S>
class Gradients {
 public:
  Gradients(std::initializer_list<Variable<S>> gradients) {
    reserve(static_cast<Index>(gradients.size()));
    for (const Variable<S>& gradient : gradients) push_back(gradient);
  }
  /// `count` zeros.
  explicit Gradients(Index count) {
    reserve(count);
    count_ = count;
  }

  Index size() const { return count_; }
  Variable<S>& operator[](Index i) {
    return many_.empty() ? few_[static_cast<std::size_t>(i)] : many_[static_cast<std::size_t>(i)];
  }

 private:
  static constexpr Index in_place = 4;

  void reserve(Index count) {
    if (count > in_place) many_.resize(static_cast<std::size_t>(count));
  }
  void push_back(const Variable<S>& gradient) { (*this)[count_++] = gradient; }

  std::array<Variable<S>, static_cast<std::size_t>(in_place)> few_;
  PooledVector<Variable<S>> many_;
  Index count_ = 0;
};

/// What a derivative rule is handed: the gradient that arrives at the output, the output, the inputs, and which inputs'
/// gradients anybody asked for.
template <std::floating_point S>
class Backward {
 public:
  Backward(const detail::Node<S>& node, const Variable<S>& output, Variable<S>& gradient, const char* needed)
      : dy(gradient), y(output), gradient_(gradient), node_(node), needed_(needed) {}

  const Variable<S>& dy;  ///< gradient of the final result with respect to this output
  const Variable<S>& y;   ///< this output itself

  /// dy, for a rule that is through with it: where nobody else holds its memory, a result can take it over. dy is then
  /// empty.
  Variable<S> take_dy() const { return std::move(gradient_); }

  const Variable<S>& input(Index i) const { return node_.inputs[i]; }
  Index input_count() const { return node_.input_count; }
  bool needs(Index i) const { return needed_[i] != 0; }

 private:
  Variable<S>& gradient_;
  const detail::Node<S>& node_;
  const char* needed_;
};

}  // namespace eigan::inline EIGAN_ABI
