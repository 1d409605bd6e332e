#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "../autograd/grad.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../loss/any_loss.hpp"
#include "../nn/bindings.hpp"
#include "../nn/pass.hpp"
#include "player.hpp"

namespace eigan::inline EIGAN_ABI::train::detail {

/// The discriminator's parameters after `updates` more updates on the same two batches, as functions of `fake`: the
/// generator that made it then learns how the discriminator would answer (unrolled GANs, Metz et al. 2017, eq. 9 to
/// 11). The discriminator, its optimizer, its running statistics and the loss's own state stay as they are. Each update
/// keeps its graph: memory and time grow with `updates`.
template <class Discriminator, std::floating_point S = nn::ScalarOf<Discriminator>>
[[gnu::cold]] nn::Bindings<S> look_ahead(const Player<Discriminator>& discriminator,
                                         loss::AnyLoss<S, OutputOf<Discriminator>> loss, const Variable<S>& real,
                                         const Variable<S>& fake, const nn::Pass<S>& pass, Index updates, Index step) {
  const std::vector<Variable<S>> parameters(discriminator.handles().begin(), discriminator.handles().end());
  const optim::Optimizer<S>& optimizer = discriminator.optimizer();
  std::vector<std::vector<Variable<S>>> states;
  for (std::size_t i = 0; i < parameters.size(); ++i) states.push_back(optimizer.state(static_cast<Index>(i)));

  std::vector<Variable<S>> ahead = parameters;
  for (Index update = 1; update <= updates; ++update) {
    const nn::Bindings<S> bindings(parameters, ahead);
    const auto [on_real, on_fake] =
        discriminator.forward(real, fake, pass.with_frozen_statistics().with_bindings(bindings));
    const std::vector<Variable<S>> gradients =
        grad(loss.discriminator(on_real, on_fake), ahead, {.create_graph = true, .unreached = Unreached::zeros});
    for (std::size_t i = 0; i < ahead.size(); ++i)
      ahead[i] = optimizer.rule().differentiable_step(ahead[i], gradients[i], std::span<Variable<S>>(states[i]),
                                                      optimizer.steps() + update, discriminator.schedule()(step));
  }
  return nn::Bindings<S>(parameters, ahead);
}

}  // namespace eigan::inline EIGAN_ABI::train::detail
