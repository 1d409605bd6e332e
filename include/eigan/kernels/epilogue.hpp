#pragma once

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// What an epilogue may apply last. leaky_relu(v) = v for v >= 0, else slope * v; relu is slope 0. NaN stays NaN.
enum class Activation { none, relu, leaky_relu };

/// What happens to a product before it is stored, while it is still in registers:
///   c = activation(scale * product + (accumulate ? c : 0) + bias[column])
/// A column is the last axis: the output channel of a convolution, the input channel of its input adjoint.
template <class T>
struct Epilogue {
  const T* bias = nullptr;  ///< one per column, or none
  Activation activation = Activation::none;
  T slope = T(0);  ///< of leaky_relu below zero
  T scale = T(1);
  bool accumulate = false;
};

namespace detail {

template <class T>
T finished(T sum, const T& old, Index column, const Epilogue<T>& epilogue) {
  T value = epilogue.scale * sum;
  if (epilogue.accumulate) value += old;
  if (epilogue.bias) value += epilogue.bias[column];
  if (epilogue.activation == Activation::relu && value < T(0)) value = T(0);
  if (epilogue.activation == Activation::leaky_relu && value < T(0)) value *= epilogue.slope;
  return value;
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::kernels
