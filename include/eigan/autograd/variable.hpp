#pragma once

#include <concepts>
#include <utility>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/tensor.hpp"
#include "node.hpp"

namespace eigan::inline EIGAN_ABI {

namespace detail {

template <std::floating_point S>
class Leaf final : public Node<S> {
 public:
  static Leaf* make(Tensor<S> number) { return new (Pool::instance().allocate(sizeof(Leaf))) Leaf(std::move(number)); }
  Gradients<S> vjp(const Backward<S>&) const override { throw Error("grad: a leaf has no derivative rule"); }

 private:
  explicit Leaf(Tensor<S> number) : Node<S>("leaf", std::move(number)) {}
  void destroy() override {
    this->~Leaf();
    Pool::instance().release(this, sizeof(Leaf));
  }
};

}  // namespace detail

/// A tensor that remembers how it was computed, so that grad() can differentiate it. A shared, read-only handle: copies
/// name the same node.
template <std::floating_point S = float>
class Variable {
 public:
  using Scalar = S;

  /// Nothing; as a gradient: none, a zero that is never stored.
  Variable() = default;

  /// A leaf: a value from outside of the graph.
  explicit Variable(Tensor<S> value) : Variable(detail::Leaf<S>::make(std::move(value))) {}

  Variable(const Variable& other) noexcept : node_(other.node_) {
    if (node_) node_->hold();
  }
  Variable(Variable&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  Variable& operator=(const Variable& other) noexcept {
    Variable copy(other);
    std::swap(node_, copy.node_);
    return *this;
  }
  Variable& operator=(Variable&& other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~Variable() {
    if (node_) node_->release();
  }

  bool defined() const { return node_ != nullptr; }
  const Tensor<S>& value() const {
    if (!node_) throw Error("Variable: expected a value, got an empty variable");
    if (!node_->value.defined())
      throw Error(
          "Parameter: expected a value, got one not yet initialised; call nn::initialize(model, seed) or hand the "
          "model to a trainer");
    return node_->value;
  }
  /// The value, moved out of the node where this is its last handle: a tensor that is then exclusive can be written in
  /// place of being copied.
  Tensor<S> take() && {
    const Variable last = std::move(*this);
    return last.node_ && last.node_->is_held_once() ? std::move(last.node_->value) : last.value();
  }
  const Shape& shape() const { return value().shape(); }
  Index rank() const { return value().rank(); }
  Index size() const { return value().size(); }
  Index extent(Index axis) const { return value().extent(axis); }
  const S* data() const { return value().data(); }
  /// The only element. Throws ShapeError if there are more.
  S item() const { return value().item(); }

  /// The name of the operation that computed it, "leaf" for a leaf.
  const char* operation() const { return node_ ? node_->name : "none"; }
  bool same_as(const Variable& other) const { return node_ == other.node_; }

  /// The node behind it; for the autograd machinery.
  detail::Node<S>* node() const { return node_; }
  explicit Variable(detail::Node<S>* node) : node_(node) {
    if (node_) node_->hold();
  }

 protected:
  detail::Node<S>* node_ = nullptr;
};

template <std::floating_point S>
Variable(Tensor<S>) -> Variable<S>;

}  // namespace eigan::inline EIGAN_ABI
