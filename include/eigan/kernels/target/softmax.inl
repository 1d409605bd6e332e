// Softmax and its kin over one row of n > 0 numbers. Serial.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// What is taken off before exp, so that nothing overflows: the maximum, or 0 where that is infinite.
template <class T>
T exponent_shift(const T* x, Index n) {
  const T largest = maximum_of(x, n);
  constexpr T limit = std::numeric_limits<T>::max();
  return largest < -limit || largest > limit ? T(0) : largest;
}

/// log of the sum of exp(x).
template <class T>
T logsumexp(const T* x, Index n) {
  const T shift = exponent_shift(x, n);
  const double sum = sum_terms<T>(n, [=](auto at) EIGAN_INLINED { return exp(at(x) - shift); });
  return static_cast<T>(static_cast<double>(shift) + std::log(sum));
}

/// y = exp(x) / sum of exp(x).
template <class T>
void softmax(const T* x, Index n, T* y) {
  const T shift = maximum_of(x, n);
  each_vector<T>(n, [=](auto at) EIGAN_INLINED { at.put(y, exp(at(x) - shift)); });
  const T scale = static_cast<T>(1 / sum(y, n));
  each_vector<T>(n, [=](auto at) EIGAN_INLINED { at.put(y, at(y) * scale); });
}

/// y = log(softmax(x)).
template <class T>
void log_softmax(const T* x, Index n, T* y) {
  const T shift = maximum_of(x, n);
  const double sum = sum_terms<T>(n, [=](auto at) EIGAN_INLINED { return exp(at(x) - shift); });
  const T log_sum = static_cast<T>(std::log(sum));
  each_vector<T>(n, [=](auto at) EIGAN_INLINED { at.put(y, (at(x) - shift) - log_sum); });
}

/// dx = y (dy - sum of dy y).
template <class T>
void softmax_backward(const T* dy, const T* y, Index n, T* dx) {
  const T mean = static_cast<T>(dot(dy, y, n));
  each_vector<T>(n, [=](auto at) EIGAN_INLINED { at.put(dx, at(y) * (at(dy) - mean)); });
}

/// dx = dy - exp(y) sum of dy.
template <class T>
void log_softmax_backward(const T* dy, const T* y, Index n, T* dx) {
  const T total = static_cast<T>(sum(dy, n));
  each_vector<T>(n, [=](auto at) EIGAN_INLINED { at.put(dx, at(dy) - exp(at(y)) * total); });
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
