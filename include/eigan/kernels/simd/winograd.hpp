#pragma once

#include <utility>

#include "../../core/config.hpp"
#include "../epilogue.hpp"
#include "../winograd_matrices.hpp"
#include "engine.hpp"
#include "sums.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// Where a tile of outputs goes: pixel (i, j), i < rows, j < columns, at y + i * row_step + j * column_step.
template <class T>
struct WinogradTarget {
  T* y;
  Index rows, columns;
  Index row_step, column_step;
};

/// The transforms of F(made x made, taps x taps) for one tile. Each applies a matrix to the rows and the columns of a
/// square of pixels, taps or points, for all channels; element (i, j) of a square is in[i * side + j] or out + i *
/// row_step + j * column_step. Writes to squares of points go up to a whole vector of channels, in zeros.
template <class T>
struct WinogradTransforms {
  using Transform = void (*)(const T* const* in, Index channels, T* out, Index row_step, Index column_step);

  Index made;    ///< outputs of a tile along an axis
  Index taps;    ///< of a phase, along an axis
  Index points;  ///< made + taps - 1, and the source pixels of a tile

  Transform source;          ///< pixels to points
  Transform weights;         ///< taps to points
  Transform target_adjoint;  ///< output pixels (their gradient) to points
  Transform weight_adjoint;  ///< points to taps (their gradient)
  /// Points to output pixels: point p at products + p * step. bias, if any, is readable up to a whole vector.
  void (*target)(const T* products, Index step, Index channels, const WinogradTarget<T>& to,
                 const Epilogue<T>& epilogue);
};

}  // namespace eigan::inline EIGAN_ABI::kernels

#define EIGAN_TARGET_FILE "../target/winograd.inl"
#include "for_each_target.inl"

namespace eigan::inline EIGAN_ABI::kernels {

/// The transforms of the instruction set in use.
template <int Made, int Taps, class T>
const WinogradTransforms<T>& winograd_transforms() {
  EIGAN_DISPATCH(winograd_transforms_of<Made, Taps, T>())
}

}  // namespace eigan::inline EIGAN_ABI::kernels
