#pragma once

#include <concepts>
#include <utility>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "axes.hpp"
#include "elementwise.hpp"
#include "reshape.hpp"
#include "sum_to.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

/// Everything added up: rank 0.
template <std::floating_point S>
Variable<S> sum(const Variable<S>& x) {
  return sum_to(x, Shape{});
}

/// Adds up along the given axes, which stay with extent 1.
template <std::floating_point S>
Variable<S> sum(const Variable<S>& x, const Axes& axes) {
  return sum_to(x, with_ones(x.shape(), axes));
}

/// The mean of everything: rank 0. Throws ShapeError if there is nothing.
template <std::floating_point S>
Variable<S> mean(const Variable<S>& x) {
  if (x.size() == 0) throw ShapeError("mean: expected at least one element, got shape " + to_string(x.shape()));
  return affine(sum(x), 1 / static_cast<double>(x.size()), 0);
}

/// The mean along the given axes, which stay with extent 1.
template <std::floating_point S>
Variable<S> mean(const Variable<S>& x, const Axes& axes) {
  const Variable<S> total = sum(x, axes);
  const Index count = total.size() > 0 ? x.size() / total.size() : 0;
  if (count == 0) throw ShapeError("mean: expected at least one element, got shape " + to_string(x.shape()));
  return affine(total, 1 / static_cast<double>(count), 0);
}

/// The biased variance (divided by the count) along the given axes, which stay with extent 1.
template <std::floating_point S>
Variable<S> variance(const Variable<S>& x, const Axes& axes) {
  return mean(square(sub(x, mean(x, axes))), axes);
}

namespace internal {

// 1 / y, and 0 where y is 0: the gradient of a norm at the origin is taken as 0, where it has none.
template <std::floating_point S>
Variable<S> safe_reciprocal(const Variable<S>& y) {
  const Variable<S> zero(Tensor<S>::scalar(S(0))), one(Tensor<S>::scalar(S(1)));
  const Variable<S> positive = greater(y, zero);
  return mul(positive, reciprocal(where(positive, y, one)));
}

// The square root, whose gradient at 0 is 0.
template <std::floating_point S>
Variable<S> root(const Variable<S>& x) {
  return record("root", mapped(op::Sqrt{}, x.value()), {x},
                [](const Backward<S>& b) -> Gradients<S> { return {affine(mul(b.dy, safe_reciprocal(b.y)), 0.5, 0)}; });
}

}  // namespace internal

/// The Euclidean norm along the given axes, which stay with extent 1. Its gradient at 0 is 0.
template <std::floating_point S>
Variable<S> l2_norm(const Variable<S>& x, const Axes& axes) {
  return internal::root(sum(square(x), axes));
}

/// The Euclidean norm of each sample, over all axes but the first: [N, ...] -> [N]. Its gradient at 0 is 0.
template <std::floating_point S>
Variable<S> norm_per_sample(const Variable<S>& x) {
  return reshape(l2_norm(flatten(x), 1), Shape{x.rank() > 0 ? x.extent(0) : 1});
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
