#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <span>
#include <utility>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../kernels/max_pool.hpp"
#include "resample.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

namespace internal {

/// Which position of its sample each pooled value came from: [N, out..., C], over samples of `in` positions.
struct Winners {
  Tensor<std::int32_t> positions;
  Shape x;

  Index samples() const { return x[0]; }
  Index channels() const { return x.back(); }
  Index in() const { return samples() * channels() == 0 ? 0 : x.size() / samples() / channels(); }
  Index out() const { return samples() * channels() == 0 ? 0 : positions.size() / samples() / channels(); }
};

template <std::floating_point S>
Variable<S> gather_winners(const Variable<S>& x, const Winners& winners);

template <std::floating_point S>
Variable<S> scatter_winners(const Variable<S>& dy, const Winners& winners) {
  Tensor<S> dx(winners.x);
  kernels::scatter_pooled(dy.data(), winners.positions.data(), winners.samples(), winners.in(), winners.out(),
                          winners.channels(), dx.mutable_data());
  return record("scatter_winners", std::move(dx), {dy},
                [winners](const Backward<S>& b) -> Gradients<S> { return {gather_winners(b.dy, winners)}; });
}

template <std::floating_point S>
Variable<S> gather_winners(const Variable<S>& x, const Winners& winners) {
  Tensor<S> y(winners.positions.shape());
  kernels::gather_pooled(x.data(), winners.positions.data(), winners.samples(), winners.in(), winners.out(),
                         winners.channels(), y.mutable_data());
  return record("gather_winners", std::move(y), {x},
                [winners](const Backward<S>& b) -> Gradients<S> { return {scatter_winners(b.dy, winners)}; });
}

}  // namespace internal

/// The largest value of each window, per channel; padding never wins. x: [N, spatial..., C] -> [N, spatial'..., C], as
/// average_pool. The gradient goes to the first that has the maximum. Throws ShapeError or ConfigError if extents do
/// not fit.
template <std::floating_point S>
Variable<S> max_pool(const Variable<S>& x, const Shape& kernel, const Shape& stride, const Shape& padding) {
  internal::check_windows("max_pool", x.shape(), kernel, stride, padding);
  std::array<kernels::Window, 3> windows;
  Shape shape = x.shape();
  for (Index axis = 0; axis < kernel.rank(); ++axis) {
    kernels::Window& window = windows[static_cast<std::size_t>(axis)];
    window = {.in = x.extent(axis + 1),
              .kernel = kernel[axis],
              .stride = stride[axis],
              .before = padding[axis],
              .after = padding[axis]};
    shape[axis + 1] = window.out();
  }
  Tensor<S> y(shape);
  internal::Winners winners{Tensor<std::int32_t>(shape), x.shape()};
  kernels::max_pool(x.data(), x.extent(0),
                    std::span<const kernels::Window>(windows.data(), static_cast<std::size_t>(kernel.rank())),
                    x.extent(-1), y.mutable_data(), winners.positions.mutable_data());
  return record("max_pool", std::move(y), {x}, [winners = std::move(winners)](const Backward<S>& b) -> Gradients<S> {
    return {internal::scatter_winners(b.dy, winners)};
  });
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
