#pragma once

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// What an epilogue may apply last. leaky_relu(v) = v for v >= 0, else slope * v; relu is slope 0. NaN stays NaN.
enum class Activation { none, relu, leaky_relu };

/// What happens to a product before it is stored, while it is still in
/// registers:
///   c = activation(scale * product + (accumulate ? c : 0) + bias[column])
/// A column is the last axis: the output channel of a convolution, the input
/// channel of its input adjoint.
template <class T>
struct Epilogue {
  const T* bias = nullptr;  ///< one per column, or none
  Activation activation = Activation::none;
  T slope = T(0);  ///< of leaky_relu below zero
  T scale = T(1);
  bool accumulate = false;
};

/// Whether c is the product itself.
template <class T>
bool is_plain(const Epilogue<T>& epilogue) {
  return !epilogue.bias && !epilogue.accumulate && epilogue.scale == T(1) && epilogue.activation == Activation::none;
}

namespace detail {

/// Leaves in `part`, a copy of `whole`, what applies to one chunk of the inner axis and to the columns from `column`
/// on: every chunk but the first adds to what is there, and only the last one's sums are final. For small products,
/// which would wait for another copy on its way through memory.
template <class T>
void take_part(Epilogue<T>& part, const Epilogue<T>& whole, bool first, bool last, Index column) {
  part.accumulate = whole.accumulate || !first;
  part.bias = last && whole.bias ? whole.bias + column : nullptr;
  part.activation = last ? whole.activation : Activation::none;
}

/// That part of an epilogue.
template <class T>
Epilogue<T> part_of(const Epilogue<T>& whole, bool first, bool last, Index column) {
  Epilogue<T> part = whole;
  take_part(part, whole, first, last, column);
  return part;
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::kernels
