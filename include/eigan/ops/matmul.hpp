#pragma once

#include <concepts>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../kernels/broadcast.hpp"
#include "../kernels/matmul.hpp"
#include "activation.hpp"
#include "reshape.hpp"
#include "sum_to.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

using kernels::Transpose;

namespace internal {

constexpr Transpose flipped(Transpose transpose) { return transpose == Transpose::no ? Transpose::yes : Transpose::no; }

inline Shape batch_axes(const Shape& shape) { return Shape(shape.begin(), shape.end() - 2); }

inline Shape with_matrix(Shape batch, Index rows, Index columns) {
  batch.push_back(rows);
  batch.push_back(columns);
  return batch;
}

/// Rows and columns of the matrices after transposition.
struct MatrixExtents {
  MatrixExtents(const Shape& shape, Transpose transpose)
      : rows(shape[shape.rank() - (transpose == Transpose::no ? 2 : 1)]),
        columns(shape[shape.rank() - (transpose == Transpose::no ? 1 : 2)]) {}
  Index rows, columns;
};

template <std::floating_point S>
Tensor<S> matmul_value(const Tensor<S>& a, const Tensor<S>& b, Transpose ta, Transpose tb) {
  const MatrixExtents left(a.shape(), ta), right(b.shape(), tb);
  const Shape batch_a = batch_axes(a.shape()), batch_b = batch_axes(b.shape());
  const Shape& batch = batch_a.size() > 1 || batch_b.rank() == 0 ? batch_a : batch_b;
  Tensor<S> c(with_matrix(batch, left.rows, right.columns));
  kernels::matmul(a.data(), b.data(), c.mutable_data(),
                  {.batch = batch.size(),
                   .rows = left.rows,
                   .columns = right.columns,
                   .inner = left.columns,
                   .a = ta,
                   .b = tb,
                   .a_step = batch_a.size() == 1 ? 0 : left.rows * left.columns,
                   .b_step = batch_b.size() == 1 ? 0 : right.rows * right.columns});
  return c;
}

}  // namespace internal

/// Matrix product of the last two axes. a: [..., M, K] (or [..., K, M] if transposed), b: [..., K, N] (or [..., N, K])
/// ->
/// [..., M, N]; leading axes broadcast as in NumPy. Throws ShapeError for ranks below 2 or inner extents that differ.
template <std::floating_point S>
Variable<S> matmul(const Variable<S>& a, const Variable<S>& b, Transpose ta = Transpose::no,
                   Transpose tb = Transpose::no) {
  if (a.rank() < 2 || b.rank() < 2 ||
      internal::MatrixExtents(a.shape(), ta).columns != internal::MatrixExtents(b.shape(), tb).rows)
    throw ShapeError("matmul: expected matrices with equal inner extents, got " + to_string(a.shape()) +
                     (ta == Transpose::yes ? " transposed" : "") + " and " + to_string(b.shape()) +
                     (tb == Transpose::yes ? " transposed" : ""));
  const Shape batch_a = internal::batch_axes(a.shape()), batch_b = internal::batch_axes(b.shape());
  if (!(batch_a == batch_b) && batch_a.size() != 1 && batch_b.size() != 1) {
    // Leading axes that only partly agree: spread both out. Equal ones, or one matrix for all, need no copy.
    const Shape batch = kernels::broadcast_shapes(batch_a, batch_b);
    const auto spread = [&](const Variable<S>& x) {
      return expand(x, internal::with_matrix(batch, x.extent(-2), x.extent(-1)));
    };
    return matmul(spread(a), spread(b), ta, tb);
  }
  return record("matmul", internal::matmul_value(a.value(), b.value(), ta, tb), {a, b},
                [ta, tb](const Backward<S>& backward) -> Gradients<S> {
                  using internal::flipped;
                  const Variable<S>&dy = backward.dy, &x = backward.input(0), &z = backward.input(1);
                  Gradients<S> gradients(2);
                  if (backward.needs(0))
                    gradients[0] = sum_to(ta == Transpose::no ? matmul(dy, z, Transpose::no, flipped(tb))
                                                              : matmul(z, dy, tb, Transpose::yes),
                                          x.shape());
                  if (backward.needs(1))
                    gradients[1] = sum_to(tb == Transpose::no ? matmul(x, dy, flipped(ta), Transpose::no)
                                                              : matmul(dy, x, Transpose::yes, ta),
                                          z.shape());
                  return gradients;
                });
}

/// y = x Wᵀ + b over the last axis. x: [..., in], weight: [out, in], bias: [out] or an empty Variable -> [..., out].
/// With a slope other than 1, a leaky relu follows in the same pass.
/// Throws ShapeError if the extents do not fit, ConfigError for a slope below 0.
template <std::floating_point S>
Variable<S> linear(const Variable<S>& x, const Variable<S>& weight, const Variable<S>& bias = {}, double slope = 1) {
  internal::check_slope("linear", slope);
  if (x.rank() < 1 || weight.rank() != 2 || x.extent(-1) != weight.extent(1))
    throw ShapeError("linear: expected input [..., " + std::to_string(weight.extent(-1)) + "], got " +
                     to_string(x.shape()));
  const Index out = weight.extent(0), in = weight.extent(1);
  if (bias.defined() && !(bias.shape() == Shape{out}))
    throw ShapeError("linear: expected bias [" + std::to_string(out) + "], got " + to_string(bias.shape()));
  if (x.rank() != 2) {
    Shape shape = x.shape();
    shape[shape.rank() - 1] = out;
    return reshape(linear(reshape(x, Shape{x.size() / std::max<Index>(in, 1), in}), weight, bias, slope), shape);
  }
  Tensor<S> y(Shape{x.extent(0), out});
  kernels::matmul(x.data(), weight.data(), y.mutable_data(),
                  {.batch = 1,
                   .rows = x.extent(0),
                   .columns = out,
                   .inner = in,
                   .a = Transpose::no,
                   .b = Transpose::yes,
                   .a_step = 0,
                   .b_step = 0},
                  internal::epilogue(bias, slope));
  const auto vjp = [slope](const Backward<S>& backward) -> Gradients<S> {
    const Variable<S> dy = internal::before_epilogue(backward, slope);
    Gradients<S> gradients(backward.input_count());
    if (backward.needs(0)) gradients[0] = matmul(dy, backward.input(1));
    if (backward.needs(1)) gradients[1] = matmul(dy, backward.input(0), Transpose::yes);
    if (backward.input_count() > 2 && backward.needs(2)) gradients[2] = sum_to(dy, backward.input(2).shape());
    return gradients;
  };
  return bias.defined() ? record("linear", std::move(y), {x, weight, bias}, vjp)
                        : record("linear", std::move(y), {x, weight}, vjp);
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
