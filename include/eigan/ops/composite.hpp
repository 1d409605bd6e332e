#pragma once

#include <array>
#include <concepts>
#include <cstddef>

#include "../autograd/grad.hpp"
#include "../autograd/record.hpp"
#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::inline ops::internal {

/// x under a new node, so that differentiation down to it goes no further.
template <std::floating_point S>
Variable<S> alias(const Variable<S>& x) {
  return record("alias", x.value(), {x}, [](const Backward<S>& b) -> Gradients<S> { return {b.dy}; });
}

/// The second tier of a fused operation: when its gradient is to be differentiated again, its forward is said once more
/// as a composite of primitives, and differentiated as such. `forward` takes the inputs as std::array<Variable<S>, N>.
template <std::size_t N, std::floating_point S, class Forward>
Gradients<S> differentiate_composite(const Backward<S>& backward, const Forward& forward) {
  std::array<Variable<S>, N> inputs, targets, found;
  std::size_t count = 0;
  for (std::size_t i = 0; i < N; ++i) {
    inputs[i] = alias(backward.input(static_cast<Index>(i)));
    if (backward.needs(static_cast<Index>(i))) targets[count++] = inputs[i];
  }
  detail::walk_back(forward(inputs), backward.dy, targets.data(), static_cast<Index>(count), found.data(),
                    {.create_graph = true, .unreached = Unreached::zeros});
  Gradients<S> gradients(static_cast<Index>(N));
  for (std::size_t i = 0, next = 0; i < N; ++i)
    if (backward.needs(static_cast<Index>(i))) gradients[static_cast<Index>(i)] = found[next++];
  return gradients;
}

}  // namespace eigan::inline EIGAN_ABI::inline ops::internal
