#pragma once

#include <array>
#include <concepts>
#include <string>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../kernels/convolution.hpp"
#include "../kernels/convolution_input.hpp"
#include "../kernels/convolution_weight.hpp"
#include "activation.hpp"
#include "sum_to.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

/// Geometry of a convolution over 1, 2 or 3 spatial axes; entries belong to the axes in order, surplus ones are
/// ignored.
struct ConvolutionOptions {
  std::array<Index, 3> stride = {1, 1, 1};
  std::array<Index, 3> dilation = {1, 1, 1};
  std::array<Index, 3> pad_before = {0, 0, 0};      ///< zeros in front of each axis
  std::array<Index, 3> pad_after = {0, 0, 0};       ///< zeros behind each axis
  std::array<Index, 3> output_padding = {0, 0, 0};  ///< of the transposed convolution alone
  Index groups = 1;
  double slope = 1;  ///< of a leaky relu on the result, in the same pass; 1: none
};

namespace internal {

using kernels::ConvolutionShape;

inline Index spatial_rank(const char* operation, const Shape& x, const Shape& w) {
  if (x.rank() < 3 || x.rank() > 5 || w.rank() != x.rank())
    throw ShapeError(
        std::string(operation) +
        ": expected input [N, spatial..., C] with 1 to 3 spatial axes and a weight of the same rank, got " +
        to_string(x) + " and " + to_string(w));
  return x.rank() - 2;
}

/// The kernel's description of the convolution that maps `in` (spatial and channels) to `out`, unused axes in front.
inline ConvolutionShape describe(const Shape& x, const Shape& w, const Shape& y, const ConvolutionOptions& options) {
  const Index spatial = x.rank() - 2;
  ConvolutionShape shape{.batch = x[0],
                         .groups = options.groups,
                         .in_channels = x.back(),
                         .out_channels = y.back(),
                         .in = {1, 1, 1},
                         .out = {1, 1, 1},
                         .kernel = {1, 1, 1},
                         .stride = {1, 1, 1},
                         .dilation = {1, 1, 1},
                         .pad = {0, 0, 0}};
  for (Index axis = 0; axis < spatial; ++axis) {
    const auto from = static_cast<std::size_t>(axis), to = static_cast<std::size_t>(3 - spatial + axis);
    shape.in[to] = x[1 + axis];
    shape.out[to] = y[1 + axis];
    shape.kernel[to] = w[axis];
    shape.stride[to] = options.stride[from];
    shape.dilation[to] = options.dilation[from];
    shape.pad[to] = options.pad_before[from];
  }
  return shape;
}

inline void check_options(const char* operation, Index spatial, const ConvolutionOptions& options) {
  check_slope(operation, options.slope);
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(spatial); ++axis)
    if (options.stride[axis] < 1 || options.dilation[axis] < 1 || options.pad_before[axis] < 0 ||
        options.pad_after[axis] < 0 || options.output_padding[axis] < 0)
      throw ConfigError(std::string(operation) +
                        ": expected stride and dilation of 1 or more and padding of 0 or more");
}

inline void check_channels(const char* operation, const Shape& x, const Shape& w, Index in, Index per_group, Index out,
                           Index groups) {
  if (groups < 1 || in != per_group * groups || out % groups != 0)
    throw ShapeError(std::string(operation) + ": expected input [N, ..., " + std::to_string(per_group * groups) +
                     "] for weight " + to_string(w) + " in " + std::to_string(groups) + " group(s), got " +
                     to_string(x));
}

inline void check_bias(const char* operation, bool defined, const Shape& bias, Index channels) {
  if (defined && !(bias == Shape{channels}))
    throw ShapeError(std::string(operation) + ": expected bias [" + std::to_string(channels) + "], got " +
                     to_string(bias));
}

template <std::floating_point S>
Variable<S> convolution_input(const Variable<S>& dy, const Variable<S>& w, const Variable<S>& bias, const Shape& x,
                              const ConvolutionShape& shape, double slope = 1);
template <std::floating_point S>
Variable<S> convolution_weight(const Variable<S>& x, const Variable<S>& dy, const Shape& w,
                               const ConvolutionShape& shape);

// The three are each other's derivatives: y = conv(x, w) is linear in both of its arguments, and so are its adjoints.

template <std::floating_point S>
Variable<S> convolution(const Variable<S>& x, const Variable<S>& w, const Variable<S>& bias, const Shape& y,
                        const ConvolutionShape& shape, double slope = 1) {
  Tensor<S> value(y);
  kernels::convolution(x.data(), w.data(), value.mutable_data(), shape, epilogue(bias, slope));
  const auto vjp = [shape, slope](const Backward<S>& b) -> Gradients<S> {
    const Variable<S> through = before_epilogue(b, slope);
    Gradients<S> gradients(b.input_count());
    if (b.needs(0)) gradients[0] = convolution_input(through, b.input(1), Variable<S>(), b.input(0).shape(), shape);
    if (b.needs(1)) gradients[1] = convolution_weight(b.input(0), through, b.input(1).shape(), shape);
    if (b.input_count() > 2 && b.needs(2)) gradients[2] = sum_to(through, b.input(2).shape());
    return gradients;
  };
  return bias.defined() ? record("convolution", std::move(value), {x, w, bias}, vjp)
                        : record("convolution", std::move(value), {x, w}, vjp);
}

template <std::floating_point S>
Variable<S> convolution_input(const Variable<S>& dy, const Variable<S>& w, const Variable<S>& bias, const Shape& x,
                              const ConvolutionShape& shape, double slope) {
  Tensor<S> value(x);
  kernels::convolution_input(dy.data(), w.data(), value.mutable_data(), shape, epilogue(bias, slope));
  const auto vjp = [shape, slope](const Backward<S>& b) -> Gradients<S> {
    const Variable<S> through = before_epilogue(b, slope);
    Gradients<S> gradients(b.input_count());
    if (b.needs(0)) gradients[0] = convolution(through, b.input(1), Variable<S>(), b.input(0).shape(), shape);
    if (b.needs(1)) gradients[1] = convolution_weight(through, b.input(0), b.input(1).shape(), shape);
    if (b.input_count() > 2 && b.needs(2)) gradients[2] = sum_to(through, b.input(2).shape());
    return gradients;
  };
  return bias.defined() ? record("convolution_input", std::move(value), {dy, w, bias}, vjp)
                        : record("convolution_input", std::move(value), {dy, w}, vjp);
}

template <std::floating_point S>
Variable<S> convolution_weight(const Variable<S>& x, const Variable<S>& dy, const Shape& w,
                               const ConvolutionShape& shape) {
  Tensor<S> value(w);
  kernels::convolution_weight(x.data(), dy.data(), value.mutable_data(), shape);
  return record("convolution_weight", std::move(value), {x, dy}, [shape](const Backward<S>& b) -> Gradients<S> {
    Gradients<S> gradients(2);
    if (b.needs(0)) gradients[0] = convolution_input(b.input(1), b.dy, Variable<S>(), b.input(0).shape(), shape);
    if (b.needs(1)) gradients[1] = convolution(b.input(0), b.dy, Variable<S>(), b.input(1).shape(), shape);
    return gradients;
  });
}

}  // namespace internal

/// Convolution (cross-correlation) over 1 to 3 spatial axes. x: [N, spatial..., in], w: [kernel..., in / groups, out],
/// bias: [out] or an empty Variable -> [N, spatial'..., out] with
/// spatial' = (spatial + pad_before + pad_after - dilation (kernel - 1) - 1) / stride + 1.
/// Throws ShapeError if extents do not fit or the kernel is larger than the padded input, ConfigError for options out
/// of range.
template <std::floating_point S>
Variable<S> convolution(const Variable<S>& x, const Variable<S>& w, const Variable<S>& bias = {},
                        const ConvolutionOptions& options = {}) {
  const Index spatial = internal::spatial_rank("convolution", x.shape(), w.shape());
  internal::check_options("convolution", spatial, options);
  internal::check_channels("convolution", x.shape(), w.shape(), x.extent(-1), w.extent(-2), w.extent(-1),
                           options.groups);
  internal::check_bias("convolution", bias.defined(), bias.defined() ? bias.shape() : Shape(), w.extent(-1));
  Shape y = x.shape();
  for (Index axis = 0; axis < spatial; ++axis) {
    const auto i = static_cast<std::size_t>(axis);
    const Index room = x.extent(1 + axis) + options.pad_before[i] + options.pad_after[i] -
                       options.dilation[i] * (w.extent(axis) - 1) - 1;
    if (room < 0)
      throw ShapeError("convolution: expected a padded input at least as large as the kernel, got input " +
                       to_string(x.shape()) + " and weight " + to_string(w.shape()));
    y[1 + axis] = room / options.stride[i] + 1;
  }
  y[y.rank() - 1] = w.extent(-1);
  return internal::convolution(x, w, bias, y, internal::describe(x.shape(), w.shape(), y, options), options.slope);
}

/// Transposed convolution: the adjoint in x of the convolution with the same options. x: [N, spatial..., in],
/// w: [kernel..., out / groups, in], bias: [out] or an empty Variable -> [N, spatial'..., out] with
/// spatial' = (spatial - 1) stride - pad_before - pad_after + dilation (kernel - 1) + output_padding + 1.
/// Throws ShapeError if extents do not fit or nothing would be left.
template <std::floating_point S>
Variable<S> convolution_transpose(const Variable<S>& x, const Variable<S>& w, const Variable<S>& bias = {},
                                  const ConvolutionOptions& options = {}) {
  const Index spatial = internal::spatial_rank("convolution_transpose", x.shape(), w.shape());
  internal::check_options("convolution_transpose", spatial, options);
  const Index out = w.extent(-2) * options.groups;
  if (options.groups < 1 || x.extent(-1) != w.extent(-1) || w.extent(-1) % options.groups != 0)
    throw ShapeError("convolution_transpose: expected input [N, ..., " + std::to_string(w.extent(-1)) +
                     "] for weight " + to_string(w.shape()) + ", got " + to_string(x.shape()));
  internal::check_bias("convolution_transpose", bias.defined(), bias.defined() ? bias.shape() : Shape(), out);
  Shape y = x.shape();
  for (Index axis = 0; axis < spatial; ++axis) {
    const auto i = static_cast<std::size_t>(axis);
    const Index extent = (x.extent(1 + axis) - 1) * options.stride[i] - options.pad_before[i] - options.pad_after[i] +
                         options.dilation[i] * (w.extent(axis) - 1) + options.output_padding[i] + 1;
    if (extent < 1 || options.output_padding[i] >= std::max(options.stride[i], options.dilation[i]))
      throw ShapeError(
          "convolution_transpose: expected an output of 1 or more and an output padding below the stride or dilation, "
          "got input " +
          to_string(x.shape()) + " and weight " + to_string(w.shape()));
    y[1 + axis] = extent;
  }
  y[y.rank() - 1] = out;
  return internal::convolution_input(x, w, bias, y, internal::describe(y, w.shape(), x.shape(), options),
                                     options.slope);
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
