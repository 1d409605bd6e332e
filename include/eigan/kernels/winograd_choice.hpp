#pragma once

#include "../core/config.hpp"
#include "convolution_shape.hpp"
#include "winograd_axes.hpp"

// Where Winograd's algorithm takes the place of the direct one: a function of the shape alone.
//
// Costs are in multiply-adds of the direct method's speed. On a Xeon with AVX-512 and 2 MiB of second cache, one
// thread, float, batch 64 (32 for the last two), in microseconds, forward / input adjoint:
//
//                         direct          m = 2           m = 4
//   16 ->  16 @ 16, 3x3      455 /    455    516 /    505    325 /    331
//   64 ->  64 @ 16, 3x3     6057 /   5954   3277 /   3233   2224 /   2181
//  128 -> 128 @ 16, 3x3    24490 /  23938  12803 /  12689   9133 /   9109
//  512 -> 512 @  8, 3x3   106925 / 104653  54790 /  61672  41111 /  40017
//   16 ->  32 @ 16, 4x4/2    347 /    413    347 /    478    260 /    399
//   64 -> 128 @ 16, 4x4/2   5362 /   5381   3691 /   3812   3144 /   3469
//  128 -> 256 @  8, 4x4/2   5967 /   5536   4255 /   4182   4455 /   4727
//   64 -> 128 @ 32, 4x4/2  10570 /  10577   7113 /   7835   6590 /   7230
//  256 -> 512 @  8, 4x4/2  12313 /  11693   9676 /  11768  10979 /  12120
//
// and with few tiles for many weights it loses: 512 -> 512 @ 4, 3x3, one sample: 1099 / 815, 2189 / 3125, 4462 / 6248.
//
// Errors of float against double, relative to the largest magnitude, normal data, up to 512 channels: direct 2.5e-7 to
// 7e-7, m = 2 at most 1.1e-6, m = 4 at most 3.7e-6 (3x3) and 2.2e-6 (4x4). With the textbook's points 0, +-1, +-2 it
// would be 1e-5.

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Whether a convolution is one of those that the algorithm exists for: pictures, one group, kernel 3x3 at stride 1 or
/// 4x4 at stride 2, and channels that fill vectors.
inline bool has_winograd(const ConvolutionShape& s) {
  if (s.groups != 1 || s.dilation != Axes{1, 1, 1} || s.kernel[0] != 1 || s.in[0] != 1 || s.out[0] != 1 ||
      s.pad[0] != 0 || s.in_channels < 16 || s.out_channels < 16)
    return false;
  const bool three = s.kernel[1] == 3 && s.kernel[2] == 3 && s.stride[1] == 1 && s.stride[2] == 1;
  const bool four = s.kernel[1] == 4 && s.kernel[2] == 4 && s.stride[1] == 2 && s.stride[2] == 2;
  return (three || four) && s.pad[1] >= 0 && s.pad[2] >= 0;
}

/// What the algorithm costs with tiles of `made` x `made` outputs.
template <class T>
double winograd_cost(const WinogradTiles& tiles, Index seen, Index columns) {
  const Index points = tiles.made + tiles.axes[0].taps - 1, squares = points * points;
  const Index inner = tiles.source_phases() * seen, rows = tiles.target_phases() * tiles.count();
  const double weights = static_cast<double>(tiles.target_phases() * squares * inner * columns);
  const bool cached = weights * sizeof(T) < 1.5e6;
  const double transformed = static_cast<double>(squares * rows) * static_cast<double>(inner + columns);
  const double products = static_cast<double>(squares * rows) * static_cast<double>(inner * columns);
  const double transposed = tiles.axes[0].adjoint ? weights / static_cast<double>(squares) *
                                                        static_cast<double>(tiles.axes[0].taps * tiles.axes[0].taps)
                                                  : 0;
  return 1.05 * products + 15 * transformed + (cached ? 16 : 36) * weights + 18 * transposed;
}

/// The outputs of the best tile along an axis: 2 or 4, or 0 where the direct method is as fast. `axis` gives the axes
/// seen from the source: WinogradAxis::of_convolution or of_input_adjoint.
template <class T>
Index winograd_tile(const ConvolutionShape& s, WinogradAxis (*axis)(const ConvolutionShape&, std::size_t)) {
  if (!has_winograd(s)) return 0;
  const WinogradAxis height = axis(s, 1), width = axis(s, 2);
  const Index seen = height.adjoint ? s.out_channels : s.in_channels;
  double best = 0.95 * static_cast<double>(s.batch * product(s.out) * product(s.kernel)) *
                static_cast<double>(s.in_channels * s.out_channels);
  Index result = 0;
  for (const Index made : {2, 4}) {
    const double cost =
        winograd_cost<T>({height, width, s.batch, made}, seen, height.adjoint ? s.in_channels : s.out_channels);
    if (cost >= best) continue;
    best = cost;
    result = made;
  }
  return result;
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
