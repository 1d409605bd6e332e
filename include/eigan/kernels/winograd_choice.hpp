#pragma once

#include "../core/config.hpp"
#include "convolution_shape.hpp"
#include "windows.hpp"
#include "winograd_axes.hpp"
#include "winograd_gradient_pieces.hpp"

// Where Winograd's algorithm takes the place of the direct one: a function of the shape alone.
//
// Costs are in multiply-adds of the direct method's speed, fitted to measurements on a Xeon with AVX-512 and 2 MiB of
// second cache: one thread, float, microseconds at batch 64 (* 32); channels @ size of the input, kernel/stride:
//
//                            forward                  input adjoint            weight gradient
//                            direct   m = 2   m = 4   direct   m = 2   m = 4   direct   m = 2   m = 4
//   16 ->  16 @ 16, 3x3/1       455     516     325      455     505     331      488     472     312
//   64 ->  64 @ 16, 3x3/1      6057    3277    2224     5954    3233    2181     7106    3585    2897
//  128 -> 128 @ 16, 3x3/1     24490   13135    9133    23938   12689    9109    25091   14080   10465
//  128 -> 128 @ 32, 3x3/1    103809   54230   43852    98218   53056   40858   102502   58573   40737
//  512 -> 512 @  8, 3x3/1    106925   54790   44169   104653   61672   40017   106997   65534   47324
//   16 ->  32 @ 16, 4x4/2       347     347     260      413     478     399      474       -       -
//   64 -> 128 @ 16, 4x4/2      5362    3691    3144     5381    3812    3469     5578    4100    4178
//  128 -> 256 @  8, 4x4/2      5967    4167    3907     5536    4182    4727     5750    4361    4150
//   64 -> 128 @ 32, 4x4/2 *   10570    7113    6590    10577    7835    7230    10847    7905    7338
//  256 -> 512 @  8, 4x4/2 *   12313    9676   10979    11693   11768   12120    12461    8975    9086
//
// With few tiles for many weights it loses: 512 -> 512 @ 4, 3x3/1, one sample, takes 1099, 2189, 4462 forward.
//
// Errors of float against double, relative to the largest magnitude, normal data, up to 512 channels: direct 3e-7 to
// 7e-7, m = 2 at most 1.1e-6, m = 4 at most 3.7e-6 (3x3) and 2.2e-6 (4x4). With the textbook's points 0, +-1, +-2, F(4,
// 3) would be at 1e-5. A number that is not finite spreads over the tiles that see it.

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

/// What the weight gradient costs.
template <class T>
double winograd_weight_cost(const WinogradTiles& tiles, Index seen, Index made) {
  const Index points = tiles.made + tiles.axes[0].taps - 1, squares = points * points;
  const Index inner = tiles.source_phases() * seen;
  const WinogradGradientPieces pieces(squares, tiles.count(), inner, made);
  const double transformed = static_cast<double>(squares * tiles.count()) *
                             static_cast<double>(inner * pieces.column_groups + made * pieces.row_groups);
  const double sums = static_cast<double>(squares * inner * made);
  return 1.15 * sums * static_cast<double>(tiles.count()) + 15 * transformed +
         36 * sums * static_cast<double>(pieces.parts);
}

/// The outputs along an axis of the cheaper tile, 2 or 4, or 0 where the direct method is as fast.
template <class Cost>
Index cheaper_tile(const ConvolutionShape& s, const Cost& cost_of) {
  double least = 0.95 * static_cast<double>(s.batch * product(s.out) * product(s.kernel)) *
                 static_cast<double>(s.in_channels * s.out_channels);
  Index result = 0;
  for (const Index made : {2, 4}) {
    if (made == 2 && s.kernel[1] == 3) continue;  // gains nothing over 4 where the algorithm pays, and is not built
    const double cost = cost_of(made);
    if (cost >= least) continue;
    least = cost;
    result = made;
  }
  return result;
}

/// The tile for a convolution; 0: direct.
template <class T>
Index winograd_tile(const ConvolutionShape& s) {
  if (!has_winograd(s)) return 0;
  const auto height = WinogradAxis::of_convolution(s, 1), width = WinogradAxis::of_convolution(s, 2);
  return cheaper_tile(s, [&](Index made) {
    return winograd_cost<T>({height, width, s.batch, made}, s.in_channels, s.out_channels);
  });
}

/// The tile for its input adjoint; 0: direct.
template <class T>
Index winograd_input_tile(const ConvolutionShape& s) {
  if (!has_winograd(s)) return 0;
  const auto height = WinogradAxis::of_input_adjoint(s, 1), width = WinogradAxis::of_input_adjoint(s, 2);
  return cheaper_tile(s, [&](Index made) {
    return winograd_cost<T>({height, width, s.batch, made}, s.out_channels, s.in_channels);
  });
}

/// The tile for its weight gradient; 0: direct.
template <class T>
Index winograd_weight_tile(const ConvolutionShape& s) {
  if (!has_winograd(s)) return 0;
  const auto height = WinogradAxis::of_convolution(s, 1), width = WinogradAxis::of_convolution(s, 2);
  return cheaper_tile(s, [&](Index made) {
    return winograd_weight_cost<T>({height, width, s.batch, made}, s.in_channels, s.out_channels);
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
