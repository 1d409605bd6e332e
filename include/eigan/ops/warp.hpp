#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <utility>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/tensor.hpp"
#include "../kernels/warp.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

/// Where each pixel of a batch of images comes from: `places` [N, pixels, taps] counts the pixels of the same image,
/// row by row; `weights` [N, pixels, taps].
template <std::floating_point S>
struct WarpTable {
  Tensor<std::int32_t> places;
  Tensor<S> weights;
};

namespace internal {

template <std::floating_point S>
Variable<S> warp_adjoint_checked(const Variable<S>& dy, const WarpTable<S>& table);

template <std::floating_point S>
Variable<S> warp_checked(const Variable<S>& x, const WarpTable<S>& table) {
  const Index pixels = x.extent(1) * x.extent(2);
  Tensor<S> y(x.shape());
  kernels::warp(x.data(), x.extent(0), pixels, pixels, x.extent(3), table.places.extent(2), table.places.data(),
                table.weights.data(), y.mutable_data());
  return record("warp", std::move(y), {x},
                [table](const Backward<S>& b) -> Gradients<S> { return {warp_adjoint_checked(b.dy, table)}; });
}

template <std::floating_point S>
Variable<S> warp_adjoint_checked(const Variable<S>& dy, const WarpTable<S>& table) {
  const Index pixels = dy.extent(1) * dy.extent(2);
  Tensor<S> dx(dy.shape());
  kernels::warp_adjoint(dy.data(), dy.extent(0), pixels, pixels, dy.extent(3), table.places.extent(2),
                        table.places.data(), table.weights.data(), dx.mutable_data());
  return record("warp_adjoint", std::move(dx), {dy},
                [table](const Backward<S>& b) -> Gradients<S> { return {warp_checked(b.dy, table)}; });
}

}  // namespace internal

/// Moves pixels about: y[n, o] = the sum over t of weights[n, o, t] * x[n, places[n, o, t]], o counting the pixels of
/// an image of x's size. Linear in x, [N, H, W, C], also the result's shape. Throws ShapeError if the table does not
/// fit or has a place outside.
template <std::floating_point S>
Variable<S> warp(const Variable<S>& x, const WarpTable<S>& table) {
  const Shape& places = table.places.shape();
  if (x.rank() != 4 || places.rank() != 3 || places != table.weights.shape() || places[0] != x.extent(0) ||
      places[1] != x.extent(1) * x.extent(2))
    throw ShapeError("warp: expected images [N, H, W, C] and places and weights [N, H * W, taps], got " +
                     to_string(x.shape()) + ", " + to_string(places) + " and " + to_string(table.weights.shape()));
  for (Index i = 0; i < table.places.size(); ++i)
    if (table.places.data()[i] < 0 || table.places.data()[i] >= places[1])
      throw ShapeError("warp: expected places of 0 to " + std::to_string(places[1] - 1) + ", got " +
                       std::to_string(table.places.data()[i]));
  return internal::warp_checked(x, table);
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
