#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../ops/convolution.hpp"
#include "options.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Options of nn::Conv1d, Conv2d and Conv3d: `{.in = 64, .out = 128, .kernel = 4, .stride = 2, .padding = 1}`.
template <int Dims>
struct ConvOptions {
  Required<Index> in;
  Required<Index> out;
  Extent<Dims> kernel;
  Extent<Dims> stride = 1;
  Padding<Dims> padding = 0;  ///< with zeros
  Extent<Dims> dilation = 1;  ///< steps between the taps of the kernel
  Index groups = 1;           ///< channels fall into so many groups, each convolved by itself
  Bias bias = Bias::yes;
};

/// Options of nn::ConvTranspose1d, ConvTranspose2d and ConvTranspose3d.
template <int Dims>
struct ConvTransposeOptions {
  Required<Index> in;
  Required<Index> out;
  Extent<Dims> kernel;
  Extent<Dims> stride = 1;
  Padding<Dims> padding = 0;        ///< cut off the result
  Extent<Dims> output_padding = 0;  ///< rows added behind the result, below stride or dilation
  Extent<Dims> dilation = 1;
  Index groups = 1;
  Bias bias = Bias::yes;
};

namespace detail {

template <int Dims, class Options>
ConvolutionOptions geometry_of(const Options& options) {
  ConvolutionOptions geometry;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(Dims); ++axis) {
    geometry.stride[axis] = options.stride[axis];
    geometry.dilation[axis] = options.dilation[axis];
    geometry.pad_before[axis] = options.padding[axis].before;
    geometry.pad_after[axis] = options.padding[axis].after;
    if constexpr (requires { options.output_padding; }) geometry.output_padding[axis] = options.output_padding[axis];
  }
  geometry.groups = options.groups;
  return geometry;
}

/// Throws ConfigError for numbers that no input could make sense of.
template <int Dims, class Options>
void check_convolution(const char* layer, const Options& options) {
  const Index in = options.in, out = options.out, groups = options.groups;
  const auto refuse = [&](const std::string& expected) {
    throw ConfigError(std::string(layer) + ": expected " + expected);
  };
  if (in < 1 || out < 1)
    refuse("channels of 1 or more, got in = " + std::to_string(in) + ", out = " + std::to_string(out));
  if (groups < 1 || in % groups != 0 || out % groups != 0)
    refuse("groups that divide in = " + std::to_string(in) + " and out = " + std::to_string(out) + ", got " +
           std::to_string(groups));
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(Dims); ++axis) {
    if (options.kernel[axis] < 1 || options.stride[axis] < 1 || options.dilation[axis] < 1)
      refuse("kernel, stride and dilation of 1 or more");
    if (options.padding[axis].before < 0 || options.padding[axis].after < 0) refuse("padding of 0 or more");
    if constexpr (requires { options.output_padding; })
      if (options.output_padding[axis] < 0 ||
          options.output_padding[axis] >= std::max(options.stride[axis], options.dilation[axis]))
        refuse("an output padding below the stride or the dilation, got " +
               std::to_string(options.output_padding[axis]));
  }
}

/// [k..., in, out], the order of a weight's axes in memory.
template <int Dims>
Shape kernel_shape(const Extent<Dims>& kernel, Index before_last, Index last) {
  Shape shape;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(Dims); ++axis) shape.push_back(kernel[axis]);
  shape.push_back(before_last);
  shape.push_back(last);
  return shape;
}

template <int Dims>
void check_image(const char* layer, const Shape& x, Index channels) {
  if (x.rank() == Dims + 2 && x.back() == channels) return;
  constexpr const char* axes = Dims == 1 ? "[N, L, " : Dims == 2 ? "[N, H, W, " : "[N, D, H, W, ";
  throw ShapeError(std::string(layer) + ": expected input " + axes + std::to_string(channels) + "], got " +
                   to_string(x));
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::nn
