#pragma once

#include <algorithm>
#include <concepts>
#include <string>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/tensor.hpp"

// Whole entries of the first axis, the samples of a batch. They lie together, so that nothing of slice's and concat's
// machinery is needed: the training loop uses these.

namespace eigan::inline EIGAN_ABI::inline ops {

namespace internal {

inline Shape with_rows(Shape shape, Index count) {
  shape[0] = count;
  return shape;
}

}  // namespace internal

template <std::floating_point S>
Variable<S> rows(const Variable<S>& x, Index first, Index count);

/// x as entries [first, first + its own) of `count` along the first axis, zeros in the others: the adjoint of rows.
/// Throws ShapeError if it does not fit.
template <std::floating_point S>
Variable<S> pad_rows(const Variable<S>& x, Index first, Index count) {
  if (x.rank() == 0 || first < 0 || first + x.extent(0) > count)
    throw ShapeError("pad_rows: expected a part that fits " + std::to_string(count) + " entries, got " +
                     to_string(x.shape()) + " at " + std::to_string(first));
  const Index step = x.extent(0) > 0 ? x.size() / x.extent(0) : 0;
  Tensor<S> y = Tensor<S>::zeros(internal::with_rows(x.shape(), count));
  std::copy_n(x.data(), x.size(), y.mutable_data() + first * step);
  return record("pad_rows", std::move(y), {x},
                [first](const Backward<S>& b) -> Gradients<S> { return {rows(b.dy, first, b.input(0).extent(0))}; });
}

/// Entries [first, first + count) of the first axis; they share x's memory. Throws ShapeError if there are fewer.
template <std::floating_point S>
Variable<S> rows(const Variable<S>& x, Index first, Index count) {
  if (x.rank() == 0 || first < 0 || count < 0 || first + count > x.extent(0))
    throw ShapeError("rows: expected entries of " + to_string(x.shape()) + ", got " + std::to_string(count) + " from " +
                     std::to_string(first));
  return record("rows", x.value().rows(first, count), {x}, [first](const Backward<S>& b) -> Gradients<S> {
    return {pad_rows(b.dy, first, b.input(0).extent(0))};
  });
}

/// The entries of a, then those of b. Throws ShapeError unless all extents but the first agree.
template <std::floating_point S>
Variable<S> append_rows(const Variable<S>& a, const Variable<S>& b) {
  if (a.rank() == 0 || b.rank() == 0 || !(internal::with_rows(a.shape(), b.extent(0)) == b.shape()))
    throw ShapeError("append_rows: expected parts that differ along the first axis alone, got " + to_string(a.shape()) +
                     " and " + to_string(b.shape()));
  Tensor<S> y(internal::with_rows(a.shape(), a.extent(0) + b.extent(0)));
  std::copy_n(b.data(), b.size(), std::copy_n(a.data(), a.size(), y.mutable_data()));
  return record("append_rows", std::move(y), {a, b}, [](const Backward<S>& back) -> Gradients<S> {
    const Index first = back.input(0).extent(0);
    Gradients<S> gradients(2);
    if (back.needs(0)) gradients[0] = rows(back.dy, 0, first);
    if (back.needs(1)) gradients[1] = rows(back.dy, first, back.input(1).extent(0));
    return gradients;
  });
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
