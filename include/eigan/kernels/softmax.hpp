#pragma once

#include <cmath>
#include <limits>

#include "../core/config.hpp"
#include "reduce.hpp"
#include "split.hpp"

#define EIGAN_TARGET_FILE "../target/softmax.inl"
#include "simd/for_each_target.inl"

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

inline constexpr Index exp_cost = 4;  // of an element, beside a plain pass

template <class T>
T logsumexp_run(const T* x, Index n) {
  EIGAN_DISPATCH(logsumexp<T>(x, n))
}
template <class T>
void softmax_run(const T* x, Index n, T* y) {
  EIGAN_DISPATCH(softmax<T>(x, n, y))
}
template <class T>
void log_softmax_run(const T* x, Index n, T* y) {
  EIGAN_DISPATCH(log_softmax<T>(x, n, y))
}
template <class T>
void softmax_backward_run(const T* dy, const T* y, Index n, T* dx) {
  EIGAN_DISPATCH(softmax_backward<T>(dy, y, n, dx))
}
template <class T>
void log_softmax_backward_run(const T* dy, const T* y, Index n, T* dx) {
  EIGAN_DISPATCH(log_softmax_backward<T>(dy, y, n, dx))
}

template <class Body>
void for_rows(Index R, Index C, const Body& body) {
  if (C == 0) return;
  for_pieces(R, exp_cost * C, [&](Index first, Index last) {
    for (Index row = first; row < last; ++row) body(row * C);
  });
}

}  // namespace detail

/// y[r, :] = exp(x[r, :]) / the sum of exp(x[r, :]). x, y: [R, C]; y may be x.
template <class T>
void softmax(const T* x, Index R, Index C, T* y) {
  detail::for_rows(R, C, [=](Index at) { detail::softmax_run(x + at, C, y + at); });
}

/// y = log(softmax(x)), without the detour. x, y: [R, C]; y may be x.
template <class T>
void log_softmax(const T* x, Index R, Index C, T* y) {
  detail::for_rows(R, C, [=](Index at) { detail::log_softmax_run(x + at, C, y + at); });
}

/// y[r] = log of the sum of exp(x[r, :]); -infinity for rows of nothing. x: [R, C]; y: [R].
template <class T>
void logsumexp(const T* x, Index R, Index C, T* y) {
  if (C == 0) std::fill_n(y, R, -std::numeric_limits<T>::infinity());
  detail::for_rows(R, C, [=](Index at) { y[at / C] = detail::logsumexp_run(x + at, C); });
}

/// dx = y (dy - the row's sum of dy y), where y = softmax(x). All [R, C]; dx may be dy.
template <class T>
void softmax_backward(const T* dy, const T* y, Index R, Index C, T* dx) {
  detail::for_rows(R, C, [=](Index at) { detail::softmax_backward_run(dy + at, y + at, C, dx + at); });
}

/// dx = dy - exp(y) times the row's sum of dy, where y = log_softmax(x). All [R, C]; dx may be dy.
template <class T>
void log_softmax_backward(const T* dy, const T* y, Index R, Index C, T* dx) {
  detail::for_rows(R, C, [=](Index at) { detail::log_softmax_backward_run(dy + at, y + at, C, dx + at); });
}

}  // namespace eigan::inline EIGAN_ABI::kernels
