#pragma once

#include <algorithm>
#include <array>

#include "../core/config.hpp"
#include "convolution_shape.hpp"
#include "panels.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// One axis of a convolution, or of its input adjoint, as convolutions of stride 1 with `taps` taps each.
///
/// A convolution of stride s with s * taps taps is the sum of s such convolutions, one for each residue of the source
/// pixels ("source phases"): tap t = s a + b sees source pixel s (o + a) + b - pad. Its input adjoint makes each
/// residue of the target pixels ("target phases") by one of them: target pixel s u + r sees the source pixels o = u +
/// (r + pad - t) / s of the taps t that leave no remainder. In every phase, output u sees the window's pixels u to u +
/// taps - 1.
struct WinogradAxis {
  Index source = 1, target = 1;  ///< pixels
  Index source_phases = 1, target_phases = 1;
  Index taps = 1;  ///< of a phase
  bool adjoint = false;
  Index pad = 0;

  static WinogradAxis of_convolution(const ConvolutionShape& s, std::size_t axis) {
    return {s.in[axis], s.out[axis], s.stride[axis], 1, s.kernel[axis] / s.stride[axis], false, s.pad[axis]};
  }
  static WinogradAxis of_input_adjoint(const ConvolutionShape& s, std::size_t axis) {
    return {s.out[axis], s.in[axis], 1, s.stride[axis], s.kernel[axis] / s.stride[axis], true, s.pad[axis]};
  }

  /// Outputs of the largest target phase, and of a given one.
  Index grid() const { return outputs(0); }
  Index outputs(Index target_phase) const { return ceil_divide(target - target_phase, target_phases); }

  /// The source pixel of place `place` in the window of output 0.
  Index source_pixel(Index source_phase, Index target_phase, Index place) const {
    if (!adjoint) return place * source_phases + source_phase - pad;
    return (target_phase + pad) / target_phases - (taps - 1) + place;
  }

  /// The kernel's tap number for tap `a` of a phase.
  Index tap(Index source_phase, Index target_phase, Index a) const {
    if (!adjoint) return a * source_phases + source_phase;
    return (taps - 1 - a) * target_phases + (target_phase + pad) % target_phases;
  }
};

/// The two axes of a picture and how tiles of made x made outputs cover it. Tiles are counted row by row, then sample
/// by sample; all target phases have the same ones.
struct WinogradTiles {
  WinogradTiles(const WinogradAxis& height, const WinogradAxis& width, Index batch_size, Index made_by_tile)
      : axes{height, width},
        batch(batch_size),
        made(made_by_tile),
        extent{ceil_divide(height.grid(), made), ceil_divide(width.grid(), made)} {}

  Index count() const { return batch * extent[0] * extent[1]; }
  Index source_phases() const { return axes[0].source_phases * axes[1].source_phases; }
  Index target_phases() const { return axes[0].target_phases * axes[1].target_phases; }

  struct Tile {
    Index sample, i, j;  ///< the tile's place, in tiles
  };
  Tile operator[](Index tile) const {
    return {tile / (extent[0] * extent[1]), tile / extent[1] % extent[0], tile % extent[1]};
  }

  /// The pixels of a tile's window: points x points pointers into `source`, or to `zeros` outside of it.
  template <class T>
  void list_window(const T* source, Index channels, const Tile& tile, Index source_phase, Index target_phase,
                   Index points, const T* zeros, const T** window) const {
    const auto [height, width] = axes;
    const Index row =
        height.source_pixel(source_phase / width.source_phases, target_phase / width.target_phases, tile.i * made);
    const Index column =
        width.source_pixel(source_phase % width.source_phases, target_phase % width.target_phases, tile.j * made);
    for (Index i = 0; i < points; ++i) {
      const Index y = row + i * height.source_phases;
      const bool is_row = y >= 0 && y < height.source;
      const T* const pixels = source + (tile.sample * height.source + y) * width.source * channels;
      for (Index j = 0; j < points; ++j) {
        const Index x = column + j * width.source_phases;
        window[i * points + j] = is_row && x >= 0 && x < width.source ? pixels + x * channels : zeros;
      }
    }
  }

  /// The outputs of a tile of a convolution: made x made pointers into `target`, or to `zeros` outside of it.
  template <class T>
  void list_outputs(const T* target, Index channels, const Tile& tile, const T* zeros, const T** outputs) const {
    const auto [height, width] = axes;
    for (Index i = 0; i < made; ++i)
      for (Index j = 0; j < made; ++j) {
        const Index y = tile.i * made + i, x = tile.j * made + j;
        outputs[i * made + j] = y < height.target && x < width.target
                                    ? target + ((tile.sample * height.target + y) * width.target + x) * channels
                                    : zeros;
      }
  }

  /// The number, in the kernel, of tap (a, b) of a phase.
  Index tap(Index source_phase, Index target_phase, Index a, Index b) const {
    const auto [height, width] = axes;
    return height.tap(source_phase / width.source_phases, target_phase / width.target_phases, a) * width.taps *
               width.source_phases * width.target_phases +
           width.tap(source_phase % width.source_phases, target_phase % width.target_phases, b);
  }

  std::array<WinogradAxis, 2> axes;
  Index batch, made;
  std::array<Index, 2> extent;  ///< in tiles
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
