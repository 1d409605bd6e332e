#pragma once

#include <array>

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// A convolution of up to three spatial axes over channels-last data, called by
/// one shape from all its three kernels:
///   x [batch, in..., in_channels], w [kernel..., in_channels / groups,
///   out_channels], y [batch, out..., out_channels] y[n, o, k] = sum over taps
///   t and channels c of k's group: x[n, o * stride + t * dilation - pad, c] *
///   w[t, c, k]
/// where x is zero outside of its extents. Output channel k belongs to group k
/// / (out_channels / groups). `pad` is what stands before each axis; what
/// stands after follows from `out` and may be negative (trailing input that no
/// tap reads). With fewer than three axes the leading ones stay as they are
/// here. Both channel counts are totals, multiples of groups.
struct ConvolutionShape {
  Index batch = 1;
  Index groups = 1;
  Index in_channels = 1;
  Index out_channels = 1;
  std::array<Index, 3> in = {1, 1, 1};
  std::array<Index, 3> out = {1, 1, 1};
  std::array<Index, 3> kernel = {1, 1, 1};
  std::array<Index, 3> stride = {1, 1, 1};
  std::array<Index, 3> dilation = {1, 1, 1};
  std::array<Index, 3> pad = {0, 0, 0};
};

}  // namespace eigan::inline EIGAN_ABI::kernels
