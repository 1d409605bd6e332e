#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "convolution_shape.hpp"
#include "epilogue.hpp"
#include "matmul.hpp"
#include "scratch.hpp"
#include "strip.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Whether every output pixel sees its own input pixel and no other.
inline bool is_pointwise(const ConvolutionShape& s) {
  return s.groups == 1 && product(s.kernel) == 1 && s.in == s.out && s.pad == Axes{0, 0, 0} &&
         (s.stride == Axes{1, 1, 1} || product(s.out) == 1);
}

/// Whether the one output pixel sees the whole input: a critic's last layer, or the first of a generator seen from
/// behind.
inline bool sees_all_at_once(const ConvolutionShape& s) {
  return s.groups == 1 && s.kernel == s.in && product(s.out) == 1 && s.pad == Axes{0, 0, 0} &&
         s.dilation == Axes{1, 1, 1};
}

/// A convolution that is a matrix product as it stands: x [rows, inner], w [inner, columns], y [rows, columns].
struct ConvolutionMatrix {
  Index rows, inner, columns;
};

inline bool is_matrix(const ConvolutionShape& s) { return is_pointwise(s) || sees_all_at_once(s); }

inline ConvolutionMatrix matrix_of(const ConvolutionShape& s) {
  return {s.batch * product(s.out), product(s.kernel) * s.in_channels, s.out_channels};
}

template <class T>
void convolution_as_matmul(const T* x, const T* w, T* y, const ConvolutionShape& s, const Epilogue<T>& epilogue) {
  const auto [rows, inner, columns] = matrix_of(s);
  matmul(x, w, y, {.rows = rows, .columns = columns, .inner = inner}, epilogue);
}

template <class T>
void convolution_input_as_matmul(const T* dy, const T* w, T* dx, const ConvolutionShape& s, Epilogue<T> epilogue) {
  const auto [rows, inner, columns] = matrix_of(s);
  Scratch scratch;
  if (epilogue.bias && inner > s.in_channels) {  // one bias per channel becomes one per column
    T* const bias = scratch.take<T>(inner);
    for (Index i = 0; i < inner; i += s.in_channels) std::copy_n(epilogue.bias, s.in_channels, bias + i);
    epilogue.bias = bias;
  }
  matmul(dy, w, dx, {.rows = rows, .columns = inner, .inner = columns, .b = Transpose::yes}, epilogue);
}

template <class T>
void convolution_weight_as_matmul(const T* x, const T* dy, T* dw, const ConvolutionShape& s) {
  const auto [rows, inner, columns] = matrix_of(s);
  matmul(x, dy, dw, {.rows = inner, .columns = columns, .inner = rows, .a = Transpose::yes});
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
