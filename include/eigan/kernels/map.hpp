#pragma once

#include <concepts>

#include "../core/config.hpp"
#include "operations.hpp"
#include "simd/dispatch.hpp"
#include "simd/map.hpp"
#include "split.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

/// out[i] = op(in[0][i], in[1][i], ...) on one thread, the op type-erased.
template <class T>
using ElementwiseKernel = void (*)(const void* op, Index size, T* out, const T* const* in);

template <class Op, class T, int Inputs>
ElementwiseKernel<T> elementwise_kernel() {
  EIGAN_DISPATCH(map<Op, T, Inputs>)
}

template <class T>
void map_in_pieces(ElementwiseKernel<T> kernel, const void* op, Index size, T* out, const T* const* in, int inputs) {
  for_pieces(size, 1, [=](Index first, Index last) {
    const T* piece[3] = {};
    for (int input = 0; input < inputs; ++input) piece[input] = in[input] + first;
    kernel(op, last - first, out + first, piece);
  });
}

}  // namespace detail

/// out[i] = op(in[i]...) for i < size, in one pass, with one of the tags of operations.hpp: `map(op::Add{}, n, c, a,
/// b)`. `out` may be one of the inputs, but not overlap one otherwise. An element's bits depend on its inputs alone.
template <class Op, class T, std::same_as<T>... In>
void map(const Op& op, Index size, T* out, const In*... in) {
  static_assert(sizeof...(In) >= 1 && sizeof...(In) <= 3);
  const T* const inputs[] = {in...};
  constexpr int count = static_cast<int>(sizeof...(In));
  detail::map_in_pieces<T>(detail::elementwise_kernel<Op, T, count>(), &op, size, out, inputs, count);
}

/// out[i] = x[i] to the power `exponent`. Multiples of 1/2 from -3 to 4 are made of products, square roots and
/// divisions (so 2, 1/2, -1/2 and -1 are exact as those are); others are as good as std::pow. x^0 is 1, NaN included.
template <class T>
void power(Index size, T* out, const T* x, double exponent) {
  const double halves = 2 * exponent;
  if (halves == -6) return map(op::HalfPower<-6>{}, size, out, x);
  if (halves == -5) return map(op::HalfPower<-5>{}, size, out, x);
  if (halves == -4) return map(op::HalfPower<-4>{}, size, out, x);
  if (halves == -3) return map(op::HalfPower<-3>{}, size, out, x);
  if (halves == -2) return map(op::Reciprocal{}, size, out, x);
  if (halves == -1) return map(op::ReciprocalSqrt{}, size, out, x);
  if (halves == 0) return map(op::HalfPower<0>{}, size, out, x);
  if (halves == 1) return map(op::Sqrt{}, size, out, x);
  if (halves == 2) return map(op::Copy{}, size, out, x);
  if (halves == 3) return map(op::HalfPower<3>{}, size, out, x);
  if (halves == 4) return map(op::Square{}, size, out, x);
  if (halves == 6) return map(op::HalfPower<6>{}, size, out, x);
  if (halves == 8) return map(op::HalfPower<8>{}, size, out, x);
  map(op::Power<T>{static_cast<T>(exponent)}, size, out, x);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
