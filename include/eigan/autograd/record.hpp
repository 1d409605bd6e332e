#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <utility>

#include "../core/config.hpp"
#include "../core/pool.hpp"
#include "backward.hpp"
#include "recording.hpp"
#include "variable.hpp"

namespace eigan::inline EIGAN_ABI {

namespace detail {

/// An operation's result with its inputs and its derivative rule, in one block: the node, then the inputs.
template <std::floating_point S, class Vjp>
class Recorded final : public Node<S> {
 public:
  static Recorded* make(const char* operation, Tensor<S> result, const Variable<S>* from, Index count, Vjp rule) {
    void* const block = Pool::instance().allocate(block_size(count));
    return new (block) Recorded(operation, std::move(result), from, count, std::move(rule));
  }

  Gradients<S> vjp(const Backward<S>& backward) const override { return vjp_(backward); }

 private:
  Recorded(const char* operation, Tensor<S> result, const Variable<S>* from, Index count, Vjp vjp)
      : Node<S>(operation, std::move(result)), vjp_(std::move(vjp)) {
    this->inputs = reinterpret_cast<Variable<S>*>(this + 1);
    this->input_count = count;
    std::uninitialized_copy_n(from, count, this->inputs);
    for (Index i = 0; i < count; ++i) this->input_versions += from[i].node()->version;
  }

  void destroy() override {
    const std::size_t bytes = block_size(this->input_count);
    std::destroy_n(this->inputs, this->input_count);
    this->~Recorded();
    Pool::instance().release(this, bytes);
  }

  static std::size_t block_size(Index count) {
    return sizeof(Recorded) + static_cast<std::size_t>(count) * sizeof(Variable<S>);
  }

  Vjp vjp_;
};

}  // namespace detail

/// The result of an operation, recorded with how to differentiate it. `vjp` takes a Backward and returns, per input,
/// the gradient that flows back to it, written in Variables only (so that it can be differentiated again); an undefined
/// Variable is a zero. Inputs that need no gradient may be answered with nothing. While nothing is recorded the result
/// is a leaf. `name` must outlive the program (a literal).
template <std::floating_point S, class Vjp>
Variable<S> record(const char* name, Tensor<S> value, const Variable<S>* inputs, Index count, Vjp vjp) {
  static_assert(std::invocable<const Vjp&, const Backward<S>&>, "a vjp takes (const Backward<S>&) and is const");
  if (!is_recording()) return Variable<S>(std::move(value));
  return Variable<S>(detail::Recorded<S, Vjp>::make(name, std::move(value), inputs, count, std::move(vjp)));
}

template <std::floating_point S, class Vjp>
Variable<S> record(const char* name, Tensor<S> value, std::initializer_list<Variable<S>> inputs, Vjp vjp) {
  return record(name, std::move(value), inputs.begin(), static_cast<Index>(inputs.size()), std::move(vjp));
}

}  // namespace eigan::inline EIGAN_ABI
