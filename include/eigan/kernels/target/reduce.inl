// Sums and maxima. Serial.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class T>
double sum(const T* x, Index n) {
  return sum_terms<T>(n, [=](auto at) __attribute__((always_inline)) { return at(x); });
}

template <class T>
double dot(const T* a, const T* b, Index n) {
  return sum_terms<T>(n, [=](auto at) __attribute__((always_inline)) { return at(a) * at(b); });
}

/// sums[c] += the sum over rows of x[row * step + c]. sums: columns rounded up to a whole vector.
template <class T>
void sum_rows(const T* x, Index rows, Index columns, Index step, double* sums) {
  add_rows<T, 1>(rows, columns, step, sums, 0, [=](auto at, auto, Index, Vec<T>* total)
                     __attribute__((always_inline)) { *total += at(x); });
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

/// The maximum of each column of x [rows, columns] and the row of the first one; NaN is larger than all numbers.
template <class T>
void maximum_rows(const T* x, Index rows, Index columns, T* y, std::int64_t* argmax) {
  constexpr Index width = lanes<T>;
  for (Index c = 0; c < columns; c += width) {
    const Index count = columns - c < width ? columns - c : width;
    const auto read = [=](Index row) __attribute__((always_inline)) {
      const T* const from = x + row * columns + c;
      return count == width ? load<T>(from) : load_part<T>(from, count);
    };
    Vec<T> best = read(0);
    Vec<Word<T>> best_row{};
    for (Index row = 1; row < rows; ++row) {
      const Vec<T> next = read(row);
      const auto better = (next > best) | (is_nan(next) & ~is_nan(best));
      best = better ? next : best;
      best_row = better ? broadcast(static_cast<Word<T>>(row)) : best_row;
    }
    store_part<T>(y + c, best, count);
    for (Index lane = 0; lane < count; ++lane) argmax[c + lane] = best_row[lane];
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
