#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstdint>
#include <utility>

#include "../core/config.hpp"
#include "../core/pool.hpp"
#include "variable.hpp"

namespace eigan::inline EIGAN_ABI::detail {

/// A node between a result and the targets of grad().
template <std::floating_point S>
struct Reached {
  Variable<S> node;  ///< held until grad() has passed it
  bool is_target = false;
  bool is_reachable = false;     ///< from the result
  bool leads_to_target = false;  ///< is one, or has an input that leads to one
  Variable<S> gradient;
};

/// The part of the graph that lies below y and not below every target, found without recursion.
template <std::floating_point S>
class Reach {
 public:
  Reach(const Variable<S>& y, const Variable<S>* targets, Index target_count) {
    std::uint64_t oldest = ~std::uint64_t{0};
    for (Index i = 0; i < target_count; ++i) {
      visit(targets[i].node()).is_target = true;
      oldest = std::min(oldest, targets[i].node()->order);
    }
    PooledVector<Node<S>*> waiting{y.node()};
    while (!waiting.empty()) {
      Node<S>* const node = waiting.back();
      waiting.pop_back();
      // An input is older than what it went into, so nothing below the oldest target can lead to one.
      if (node->order < oldest) continue;
      Reached<S>& reached = visit(node);
      if (std::exchange(reached.is_reachable, true)) continue;
      for (Index i = 0; i < node->input_count; ++i) waiting.push_back(node->inputs[i].node());
    }
    std::sort(nodes_.begin(), nodes_.end(),
              [](const Reached<S>& a, const Reached<S>& b) { return a.node.node()->order < b.node.node()->order; });
    for (std::size_t i = 0; i < nodes_.size(); ++i) place(nodes_[i].node.node()) = i;
    for (Reached<S>& reached : nodes_) {
      reached.leads_to_target = reached.is_target;
      const Node<S>& node = *reached.node.node();
      for (Index i = 0; i < node.input_count && !reached.leads_to_target; ++i) {
        const Reached<S>* const input = find(node.inputs[i].node());
        reached.leads_to_target = input && input->leads_to_target;
      }
    }
  }

  /// The nodes with the newest first: an output before what went into it.
  auto newest_first() {
    struct Reversed {
      PooledVector<Reached<S>>& nodes;
      auto begin() { return nodes.rbegin(); }
      auto end() { return nodes.rend(); }
    };
    return Reversed{nodes_};
  }

  Reached<S>* find(const Node<S>* node) {
    const Entry& entry = slots_[slot_of(node)];
    return entry.node ? &nodes_[entry.place] : nullptr;
  }

 private:
  struct Entry {
    const Node<S>* node = nullptr;
    std::size_t place = 0;
  };

  // Open addressing over pooled memory: a std::unordered_map would allocate once per node.
  std::size_t slot_of(const Node<S>* node) const {
    std::size_t slot =
        (reinterpret_cast<std::uintptr_t>(node) >> 6) * std::size_t{0x9E3779B97F4A7C15} & (slots_.size() - 1);
    while (slots_[slot].node && slots_[slot].node != node) slot = (slot + 1) & (slots_.size() - 1);
    return slot;
  }

  std::size_t& place(const Node<S>* node) { return slots_[slot_of(node)].place; }

  Reached<S>& visit(Node<S>* node) {
    if (Reached<S>* const known = find(node)) return *known;
    if (2 * (nodes_.size() + 1) > slots_.size()) grow();
    slots_[slot_of(node)] = {node, nodes_.size()};
    nodes_.push_back({.node = Variable<S>(node), .gradient = {}});
    return nodes_.back();
  }

  void grow() {
    PooledVector<Entry> before(slots_.size() * 2);
    before.swap(slots_);
    for (const Entry& entry : before)
      if (entry.node) slots_[slot_of(entry.node)] = entry;
  }

  PooledVector<Reached<S>> nodes_;
  PooledVector<Entry> slots_ = PooledVector<Entry>(256);
};

}  // namespace eigan::inline EIGAN_ABI::detail
