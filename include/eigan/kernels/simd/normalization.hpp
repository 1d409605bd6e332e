#pragma once

#include "dispatch.hpp"
#include "math.hpp"
#include "sums.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// What the backward passes of a normalisation read. y is null where no activation followed.
template <class T>
struct NormBackward {
  const T *dy, *x, *y;
  T slope;

  NormBackward operator+(Index offset) const { return {dy + offset, x + offset, y ? y + offset : nullptr, slope}; }
};

}  // namespace eigan::inline EIGAN_ABI::kernels

#define EIGAN_TARGET_FILE "../target/normalization.inl"
#include "for_each_target.inl"

namespace eigan::inline EIGAN_ABI::kernels::detail {

template <class T>
void sum_deviations(const T* x, Index n, T mean, double* sums) {
  EIGAN_DISPATCH(sum_deviations<T>(x, n, mean, sums))
}
template <class T>
void sum_deviations_of_rows(const T* x, Index rows, Index columns, Index step, const T* mean, double* sums,
                            Index room) {
  EIGAN_DISPATCH(sum_deviations_of_rows<T>(x, rows, columns, step, mean, sums, room))
}
template <class T>
void inverse_deviation(const T* variance, Index n, double epsilon, T* y) {
  EIGAN_DISPATCH(inverse_deviation<T>(variance, n, epsilon, y))
}
template <class T>
void normalize_run(const T* x, Index n, T mean, T inverse_deviation, const T* gain, const T* shift, T slope, T* y) {
  EIGAN_DISPATCH(normalize_run<T>(x, n, mean, inverse_deviation, gain, shift, slope, y))
}
template <class T>
void normalize_rows(const T* x, Index rows, Index columns, Index step, const T* mean, const T* scale, const T* shift,
                    T slope, T* y) {
  EIGAN_DISPATCH(normalize_rows<T>(x, rows, columns, step, mean, scale, shift, slope, y))
}
template <class T>
void sum_gradients(const NormBackward<T>& from, Index n, T mean, const T* gain, double* sums) {
  EIGAN_DISPATCH(sum_gradients<T>(from, n, mean, gain, sums))
}
template <class T>
void normalize_run_backward(const NormBackward<T>& from, Index n, T mean, const T* gain, T by_gradient, T by_x,
                            T constant, T* dx) {
  EIGAN_DISPATCH(normalize_run_backward<T>(from, n, mean, gain, by_gradient, by_x, constant, dx))
}
template <class T>
void sum_gradients_of_runs(const NormBackward<T>& from, Index rows, Index columns, Index step, const T* mean,
                           const T* inverse_deviation, double* sums, Index room) {
  EIGAN_DISPATCH(sum_gradients_of_runs<T>(from, rows, columns, step, mean, inverse_deviation, sums, room))
}
template <class T>
void sum_gradients_of_rows(const NormBackward<T>& from, Index rows, Index columns, Index step, const T* mean,
                           double* sums, Index room) {
  EIGAN_DISPATCH(sum_gradients_of_rows<T>(from, rows, columns, step, mean, sums, room))
}
template <class T>
void normalize_rows_backward(const NormBackward<T>& from, Index rows, Index columns, Index step, const T* mean,
                             const T* by_gradient, const T* by_x, const T* constant, T* dx) {
  EIGAN_DISPATCH(normalize_rows_backward<T>(from, rows, columns, step, mean, by_gradient, by_x, constant, dx))
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
