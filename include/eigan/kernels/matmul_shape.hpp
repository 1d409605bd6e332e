#pragma once

#include "../core/config.hpp"
#include "transpose.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// The extents of a batch of matrix products, c[i] = op(a[i]) op(b[i]): op(a) [rows, inner], op(b) [inner, columns], c
/// [rows, columns]. A transposed operand is stored with its two axes swapped.
struct MatmulShape {
  Index batch = 1;
  Index rows = 0;
  Index columns = 0;
  Index inner = 0;
  Transpose a = Transpose::no;
  Transpose b = Transpose::no;
  Index a_step = 0;  ///< elements from one matrix of the batch to the next; 0:
                     ///< the same one for all
  Index b_step = 0;
};

}  // namespace eigan::inline EIGAN_ABI::kernels
