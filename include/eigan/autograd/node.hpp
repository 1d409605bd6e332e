#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>
#include <new>
#include <utility>

#include "../core/config.hpp"
#include "../core/pool.hpp"
#include "../core/tensor.hpp"

namespace eigan::inline EIGAN_ABI {

template <std::floating_point S>
class Variable;
template <std::floating_point S>
class Gradients;
template <std::floating_point S>
class Backward;

namespace detail {

/// A value in the graph: how it came about (inputs and vjp), or a leaf with neither. Nodes live in one pooled block
/// each, counted by the Variables that hold them.
template <std::floating_point S>
class Node {
 public:
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  virtual Gradients<S> vjp(const Backward<S>& backward) const = 0;

  const char* name;  ///< of the operation; "leaf" for a leaf
  Tensor<S> value;
  Variable<S>* inputs = nullptr;
  Index input_count = 0;
  std::uint64_t order;               ///< grows with creation: an input's is below its user's
  std::uint64_t version = 0;         ///< grows with each write to a leaf
  std::uint64_t input_versions = 0;  ///< sum of the inputs' versions when this was computed

  bool is_held_once() const { return holders_.load(std::memory_order_acquire) == 1; }
  void hold() { holders_.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    if (holders_.fetch_sub(1, std::memory_order_acq_rel) == 1) free_later(this);
  }

 protected:
  Node(const char* operation, Tensor<S> result)
      : name(operation), value(std::move(result)), order(next_order().fetch_add(1, std::memory_order_relaxed)) {}
  virtual ~Node() = default;

  /// Ends the node and gives its block back.
  virtual void destroy() = 0;

 private:
  static std::atomic<std::uint64_t>& next_order() {
    static std::atomic<std::uint64_t> next{0};
    return next;
  }

  // Ending a node releases its inputs, which may end in turn: a list instead of recursion, or a long chain of nodes
  // would overflow the stack.
  struct Doomed {
    Node* first = nullptr;
    bool freeing = false;
  };
  static void free_later(Node* node) {
    static thread_local Doomed doomed;
    node->next_doomed_ = std::exchange(doomed.first, node);
    if (doomed.freeing) return;
    doomed.freeing = true;
    while (doomed.first) {
      Node* const ending = doomed.first;
      doomed.first = ending->next_doomed_;
      ending->destroy();
    }
    doomed.freeing = false;
  }

  std::atomic<Index> holders_{0};
  Node* next_doomed_ = nullptr;
};

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI
