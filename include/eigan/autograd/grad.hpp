#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "add.hpp"
#include "backward.hpp"
#include "reach.hpp"
#include "recording.hpp"
#include "variable.hpp"

namespace eigan::inline EIGAN_ABI {

/// What grad() does with a target that the result does not depend on.
enum class Unreached { error, zeros };

struct GradOptions {
  bool create_graph = false;               ///< record the backward pass too, so that gradients can be differentiated
  Unreached unreached = Unreached::error;  ///< throw Error, or answer with zeros
};

namespace detail {

template <std::floating_point S>
void check_versions(const Node<S>& node) {
  std::uint64_t now = 0;
  for (Index i = 0; i < node.input_count; ++i) now += node.inputs[i].node()->version;
  if (now != node.input_versions)
    throw Error(std::string("grad: an input of '") + node.name +
                "' was written after the operation ran; differentiate before the update");
}

/// Walks back from y, newest node first, along those paths alone that lead to a target. What nobody else holds of the
/// graph is given back on the way, so that its memory serves the gradients.
template <std::floating_point S>
void walk_back(Variable<S> y, Variable<S> dy, const Variable<S>* targets, Index target_count, Variable<S>* gradients,
               const GradOptions& options) {
  const RecordingGuard recording(options.create_graph);
  Reach<S> reach(y, targets, target_count);
  if (Reached<S>* const start = reach.find(y.node())) start->gradient = std::move(dy);
  y = {};

  PooledVector<char> needed;
  for (Reached<S>& reached : reach.newest_first()) {
    const Variable<S> output = std::move(reached.node);
    const Node<S>& node = *output.node();
    if (!reached.leads_to_target || !reached.gradient.defined() || node.input_count == 0) continue;
    Variable<S> gradient = reached.is_target ? reached.gradient : std::move(reached.gradient);
    needed.assign(static_cast<std::size_t>(node.input_count), false);
    for (Index i = 0; i < node.input_count; ++i) {
      const Reached<S>* const input = reach.find(node.inputs[i].node());
      needed[static_cast<std::size_t>(i)] = input && input->leads_to_target;
    }
    if (std::find(needed.begin(), needed.end(), true) == needed.end()) continue;
    check_versions(node);
    Gradients<S> flows = node.vjp(Backward<S>(node, output, gradient, needed.data()));
    for (Index i = 0; i < node.input_count; ++i) {
      if (!needed[static_cast<std::size_t>(i)] || !flows[i].defined()) continue;
      Variable<S>& sum = reach.find(node.inputs[i].node())->gradient;
      sum = sum.defined() ? accumulate(std::move(sum), std::move(flows[i])) : std::move(flows[i]);
    }
  }

  for (Index i = 0; i < target_count; ++i) {
    const Reached<S>* const target = reach.find(targets[i].node());
    const bool reached = target && target->is_reachable;
    if (!reached && options.unreached == Unreached::error)
      throw Error("grad: the result does not depend on target " + std::to_string(i) + " of shape " +
                  to_string(targets[i].shape()) + " ({.unreached = Unreached::zeros} would answer zeros)");
    gradients[i] =
        reached && target->gradient.defined() ? target->gradient : Variable<S>(Tensor<S>::zeros(targets[i].shape()));
  }
}

/// The same from one number, whose gradient is 1.
template <std::floating_point S>
void walk_back_from(Variable<S> y, const Variable<S>* targets, Index target_count, Variable<S>* gradients,
                    const GradOptions& options) {
  if (y.size() != 1)
    throw ShapeError("grad: expected a result of one element, got shape " + to_string(y.shape()) +
                     "; sum it, or use pullback");
  Variable<S> one(Tensor<S>::full(y.shape(), S(1)));
  walk_back(std::move(y), std::move(one), targets, target_count, gradients, options);
}

}  // namespace detail

/// The gradients of sum(dy * y) with respect to each target: the vector-Jacobian product. dy has y's shape.
/// Throws ShapeError if it has not, Error for a target that y does not depend on (see GradOptions).
template <std::floating_point S>
std::vector<Variable<S>> pullback(Variable<S> y, const Variable<S>& dy, const std::vector<Variable<S>>& targets,
                                  GradOptions options = {}) {
  if (!(dy.shape() == y.shape()))
    throw ShapeError("pullback: expected a gradient of shape " + to_string(y.shape()) + ", got " +
                     to_string(dy.shape()));
  std::vector<Variable<S>> gradients(targets.size());
  detail::walk_back(std::move(y), dy, targets.data(), static_cast<Index>(targets.size()), gradients.data(), options);
  return gradients;
}

/// The gradients of y, one number, with respect to each target. With create_graph they are ordinary Variables that can
/// be differentiated in turn. Computes nothing that no target needs. Throws ShapeError if y is not one number, Error
/// for a target that y does not depend on (see GradOptions). `grad(std::move(y), ...)` gives y's graph back on the way
/// and needs the less memory.
template <std::floating_point S>
std::vector<Variable<S>> grad(Variable<S> y, const std::vector<Variable<S>>& targets, GradOptions options = {}) {
  std::vector<Variable<S>> gradients(targets.size());
  detail::walk_back_from(std::move(y), targets.data(), static_cast<Index>(targets.size()), gradients.data(), options);
  return gradients;
}

/// The same into `gradients`, one for each target: for a loop that allocates nothing.
template <std::floating_point S>
void grad(Variable<S> y, std::span<const Variable<S>> targets, std::span<Variable<S>> gradients,
          GradOptions options = {}) {
  if (gradients.size() != targets.size())
    throw ShapeError("grad: expected room for " + std::to_string(targets.size()) + " gradients, got " +
                     std::to_string(gradients.size()));
  detail::walk_back_from(std::move(y), targets.data(), static_cast<Index>(targets.size()), gradients.data(), options);
}

/// The same for a list in place: `auto [gx, gw] = grad(y, {x, w});`
template <std::floating_point S, std::size_t N>
std::array<Variable<S>, N> grad(Variable<S> y, const std::type_identity_t<Variable<S>> (&targets)[N],
                                GradOptions options = {}) {
  std::array<Variable<S>, N> gradients;
  detail::walk_back_from(std::move(y), targets, static_cast<Index>(N), gradients.data(), options);
  return gradients;
}

/// The same for one target: `auto gx = grad(y, x);` (deduced, so that a braced list never lands here)
template <std::floating_point S, std::derived_from<Variable<S>> Target>
Variable<S> grad(Variable<S> y, const Target& target, GradOptions options = {}) {
  Variable<S> gradient;
  detail::walk_back_from<S>(std::move(y), &target, 1, &gradient, options);
  return gradient;
}

}  // namespace eigan::inline EIGAN_ABI
