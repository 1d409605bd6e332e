#pragma once

#include <concepts>
#include <utility>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../kernels/softmax.hpp"
#include "elementwise.hpp"
#include "reduce.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

namespace internal {

/// A tensor seen as rows along its last axis.
struct Rows {
  explicit Rows(const Shape& shape) : length(shape.rank() > 0 ? shape.back() : 1) {
    if (length == 0) throw ShapeError("softmax: expected something along the last axis, got " + to_string(shape));
    count = shape.size() / length;
  }
  Index length, count = 0;
};

}  // namespace internal

/// exp(x) / sum(exp(x)) over the last axis, without overflow. Throws ShapeError if that axis is empty.
template <std::floating_point S>
Variable<S> softmax(const Variable<S>& x) {
  const internal::Rows rows(x.shape());
  Tensor<S> y(x.shape());
  kernels::softmax(x.data(), rows.count, rows.length, y.mutable_data());
  return record("softmax", std::move(y), {x}, [rows](const Backward<S>& b) -> Gradients<S> {
    if (is_recording()) return {mul(b.y, sub(b.dy, sum(mul(b.dy, b.y), -1)))};
    Tensor<S> dx(b.dy.shape());
    kernels::softmax_backward(b.dy.data(), b.y.data(), rows.count, rows.length, dx.mutable_data());
    return {Variable<S>(std::move(dx))};
  });
}

/// log(sum(exp(x))) over the last axis, which stays with extent 1; without overflow.
template <std::floating_point S>
Variable<S> logsumexp(const Variable<S>& x) {
  const internal::Rows rows(x.shape());
  Shape shape = x.shape();
  if (shape.rank() > 0) shape[shape.rank() - 1] = 1;
  Tensor<S> y(shape);
  kernels::logsumexp(x.data(), rows.count, rows.length, y.mutable_data());
  return record("logsumexp", std::move(y), {x},
                [](const Backward<S>& b) -> Gradients<S> { return {mul(b.dy, softmax(b.input(0)))}; });
}

/// x - logsumexp(x) over the last axis.
template <std::floating_point S>
Variable<S> log_softmax(const Variable<S>& x) {
  const internal::Rows rows(x.shape());
  Tensor<S> y(x.shape());
  kernels::log_softmax(x.data(), rows.count, rows.length, y.mutable_data());
  return record("log_softmax", std::move(y), {x}, [rows](const Backward<S>& b) -> Gradients<S> {
    if (is_recording()) return {sub(b.dy, mul(exp(b.y), sum(b.dy, -1)))};
    Tensor<S> dx(b.dy.shape());
    kernels::log_softmax_backward(b.dy.data(), b.y.data(), rows.count, rows.length, dx.mutable_data());
    return {Variable<S>(std::move(dx))};
  });
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
