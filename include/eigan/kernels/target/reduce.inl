// Sums and maxima. Serial.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class T>
[[gnu::always_inline]] inline double sum_here(const T* x, Index n) {
  return sum_terms<T>(n, [=](auto at) EIGAN_INLINED { return at(x); });
}

template <class T>
[[gnu::always_inline]] inline double dot_here(const T* a, const T* b, Index n) {
  return sum_terms<T>(n, [=](auto at) EIGAN_INLINED { return at(a) * at(b); });
}

template <class T>
double sum(const T* x, Index n) {
  return sum_here(x, n);
}

template <class T>
double dot(const T* a, const T* b, Index n) {
  return dot_here(a, b, n);
}

/// y[r] = the sum of each row of x [rows, columns].
template <class T, class Sum>
void sum_each(const T* x, Index rows, Index columns, Sum* y) {
  for (Index row = 0; row < rows; ++row, x += columns) y[row] = static_cast<Sum>(sum_here(x, columns));
}

/// y[r] = the product of the rows of a and b [rows, columns].
template <class T>
void dot_each(const T* a, const T* b, Index rows, Index columns, T* y) {
  for (Index row = 0; row < rows; ++row, a += columns, b += columns) y[row] = static_cast<T>(dot_here(a, b, columns));
}

/// sums[c] += the sum over rows of x[row * step + c]. sums: columns rounded up to a whole vector.
template <class T>
void sum_rows(const T* x, Index rows, Index columns, Index step, double* sums) {
  add_rows<T, 1, 1>(rows, columns, step, sums, 0,
                 [=](auto at, auto, Index, Vec<T>* total) EIGAN_INLINED { *total += at(x); });
}

/// The largest of n > 0 numbers, NaN if one is.
template <class T>
T maximum_of(const T* x, Index n) {
  constexpr Index width = lanes<T>;
  Vec<T> best = broadcast(x[0]);
  Index i = 0;
  for (; i + width <= n; i += width) best = maximum(best, load<T>(x + i));
  if (i < n) {
    T rest[lanes<T>];
    for (Index lane = 0; lane < width; ++lane) rest[lane] = x[i + lane < n ? i + lane : i];
    best = maximum(best, load<T>(rest));
  }
  const auto nan = is_nan(best);
  T result = best[0];
  for (Index lane = 0; lane < width; ++lane) {
    if (nan[lane]) return best[lane];
    if (best[lane] > result) result = best[lane];
  }
  return result;
}

/// The first position of maximum_of(x, n).
template <class T>
Index position_of_maximum(const T* x, Index n) {
  const T best = maximum_of(x, n);
  constexpr Index width = lanes<T>;
  for (Index i = 0; i < n; i += width) {
    const Vec<T> next = n - i < width ? load_part<T>(x + i, n - i) : load<T>(x + i);
    const auto found = (next == best) | is_nan(next);
    for (Index lane = 0; lane < width && i + lane < n; ++lane)
      if (found[lane]) return i + lane;
  }
  return 0;
}

/// Lane by lane the largest of the values seen, and where the first of them was; NaN is larger than all numbers.
template <class T>
struct LargestSoFar {
  Vec<T> value;
  Vec<Word<T>> position;

  [[gnu::always_inline]] LargestSoFar(Vec<T> first, Word<T> at) : value(first), position(broadcast(at)) {}

  [[gnu::always_inline]] void see(Vec<T> next, Word<T> at) {
    const auto better = (next > value) | (is_nan(next) & ~is_nan(value));
    value = better ? next : value;
    position = better ? broadcast(at) : position;
  }
};

/// The maximum of each column of x [rows, columns] and the row of the first one.
template <class T>
void maximum_rows(const T* x, Index rows, Index columns, T* y, std::int64_t* argmax) {
  each_vector<T>(columns, [=](auto at) EIGAN_INLINED {
    LargestSoFar<T> largest(at(x), 0);
    for (Index row = 1; row < rows; ++row) largest.see(at(x + row * columns), static_cast<Word<T>>(row));
    at.put(y, largest.value);
    for (Index lane = 0; lane < lanes<T> && at.index + lane < columns; ++lane)
      argmax[at.index + lane] = largest.position[lane];
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
