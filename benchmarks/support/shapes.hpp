#pragma once

#include <string>
#include <utility>
#include <vector>

#include <eigan/kernels/convolution_shape.hpp>
#include <eigan/kernels/matmul_shape.hpp>

/// The matrix products and convolutions that are measured, by name.
namespace support {

using eigan::Index;
using eigan::kernels::ConvolutionShape;
using eigan::kernels::MatmulShape;
using eigan::kernels::Transpose;

struct NamedMatmul {
  std::string name;
  MatmulShape shape;
};

/// "linear/64x1024x512 NT": rows x columns x inner, T for a transposed operand; "64 x" in front for a batch.
inline NamedMatmul matmul_of(const std::string& group, Index batch, Index rows, Index columns, Index inner,
                             const std::string& operands) {
  const auto transpose = [](char letter) { return letter == 'T' ? Transpose::yes : Transpose::no; };
  const std::string size = std::to_string(rows) + "x" + std::to_string(columns) + "x" + std::to_string(inner);
  return {group + "/" + (batch > 1 ? std::to_string(batch) + " x " : "") + size + " " + operands,
          {.batch = batch,
           .rows = rows,
           .columns = columns,
           .inner = inner,
           .a = transpose(operands[0]),
           .b = transpose(operands[1]),
           .a_step = rows * inner,
           .b_step = inner * columns}};
}

inline std::vector<NamedMatmul> matmuls() {
  std::vector<NamedMatmul> all;
  const auto add = [&](const char* group, Index batch, Index rows, Index columns, Index inner, const char* operands) {
    all.push_back(matmul_of(group, batch, rows, columns, inner, operands));
  };
  // The three products of a linear layer and a batch: y = x wT, dx = dy w, dw = dyT x.
  const auto add_linear = [&](Index batch, Index in, Index out) {
    add("linear", 1, batch, out, in, "NT");
    add("linear_input", 1, batch, in, out, "NN");
    add("linear_weight", 1, out, in, batch, "TN");
  };
  for (const Index n : {64, 128, 256, 512, 1024, 2048}) add("square", 1, n, n, n, "NN");
  add_linear(64, 512, 1024);
  add_linear(64, 1024, 784);
  add_linear(64, 784, 512);
  add_linear(64, 512, 256);
  add_linear(64, 100, 256);
  add_linear(64, 100, 7 * 7 * 128);
  add_linear(64, 7 * 7 * 128, 1);
  add_linear(64, 256, 1);
  add_linear(256, 512, 1024);
  add("linear", 1, 64, 1024, 512, "NN");
  add("linear_input", 1, 64, 512, 1024, "NT");
  // Convolutions as products: power-of-two strides, tall and skinny.
  add("pixels", 1, 64, 16384, 48, "NN");
  add("pixels", 1, 128, 4096, 1024, "NN");
  add("pixels", 1, 256, 1024, 2048, "NN");
  add("pixels", 1, 16384, 64, 48, "NN");
  add("pixels", 1, 4096, 128, 1024, "NN");
  add("pixels", 1, 1024, 256, 2048, "NN");
  add("pixels", 1, 3, 65536, 1024, "NN");
  add("pixels", 1, 65536, 3, 256, "NN");
  add("pixels", 1, 1024, 128, 4096, "TN");
  add("pixels", 1, 2048, 256, 1024, "TN");
  for (const Index n : {64, 32, 16}) add("batch", 64, n, n, n, "NN");
  add("batch", 64, 128, 64, 1024, "NN");
  add("batch", 64, 16, 1024, 16, "NN");
  add("batch", 64, 128, 49, 576, "NN");
  add("batch", 64, 64, 64, 64, "NT");
  add("batch", 64, 256, 256, 16, "NT");
  add("batch", 64, 256, 64, 256, "NN");
  add("batch", 64, 256, 64, 256, "TN");
  return all;
}

/// In operations: a multiply-add is two.
inline double work_of(const MatmulShape& s) {
  return 2.0 * static_cast<double>(s.batch * s.rows * s.columns) * static_cast<double>(s.inner);
}

struct NamedConvolution {
  std::string name;
  ConvolutionShape shape;
};

/// "64-128@16/4x4s2": input channels, output channels, the input's side, kernel, stride.
inline NamedConvolution convolution_of(Index batch, Index in_channels, Index out_channels, Index side, Index kernel,
                                       Index stride) {
  const Index pad = 1, out = (side + 2 * pad - kernel) / stride + 1;
  return {std::to_string(in_channels) + "-" + std::to_string(out_channels) + "@" + std::to_string(side) + "/" +
              std::to_string(kernel) + "x" + std::to_string(kernel) + "s" + std::to_string(stride),
          {.batch = batch,
           .in_channels = in_channels,
           .out_channels = out_channels,
           .in = {1, side, side},
           .out = {1, out, out},
           .kernel = {1, kernel, kernel},
           .stride = {1, stride, stride},
           .pad = {0, pad, pad}}};
}

inline std::vector<NamedConvolution> convolutions() {
  return {convolution_of(64, 1, 64, 28, 4, 2),    convolution_of(64, 64, 128, 14, 4, 2),
          convolution_of(64, 3, 64, 32, 4, 2),    convolution_of(64, 64, 128, 16, 4, 2),
          convolution_of(64, 128, 256, 8, 4, 2),  convolution_of(32, 256, 512, 8, 4, 2),
          convolution_of(32, 64, 128, 32, 4, 2),  convolution_of(64, 128, 128, 16, 3, 1),
          convolution_of(64, 128, 128, 32, 3, 1), convolution_of(64, 512, 512, 8, 3, 1),
          convolution_of(64, 64, 3, 32, 3, 1)};
}

enum class Pass { forward, input, weight };

inline constexpr std::pair<Pass, const char*> passes[] = {
    {Pass::forward, "convolution"}, {Pass::input, "convolution_input"}, {Pass::weight, "convolution_weight"}};

inline Index volume(const std::array<Index, 3>& extents) { return extents[0] * extents[1] * extents[2]; }
inline Index x_size(const ConvolutionShape& s) { return s.batch * volume(s.in) * s.in_channels; }
inline Index y_size(const ConvolutionShape& s) { return s.batch * volume(s.out) * s.out_channels; }
inline Index w_size(const ConvolutionShape& s) { return volume(s.kernel) * s.in_channels / s.groups * s.out_channels; }
inline double work_of(const ConvolutionShape& s) {
  return 2.0 * static_cast<double>(y_size(s) * volume(s.kernel)) * static_cast<double>(s.in_channels / s.groups);
}

}  // namespace support
