// Walks over runs and rows of vectors, and sums in a fixed order that lose no digits: a few vectors are added in T, the
// rest in double. Serial.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// Reads and writes a whole vector at some position of any operand.
template <class T>
struct Whole {
  Index index;
  [[gnu::always_inline]] Vec<T> operator()(const T* x) const { return load<T>(x + index); }
  [[gnu::always_inline]] void put(T* y, Vec<T> value) const { store<T>(y + index, value); }
};

/// Reads and writes the first `count` lanes there; the others read as 0.
template <class T>
struct Part {
  Index index, count;
  [[gnu::always_inline]] Vec<T> operator()(const T* x) const { return load_part<T>(x + index, count); }
  [[gnu::always_inline]] void put(T* y, Vec<T> value) const { store_part<T>(y + index, value, count); }
};

/// Calls body(at) for the vectors of a run of n elements.
template <class T, class Body>
[[gnu::always_inline]] inline void each_vector(Index n, const Body& body) {
  Index i = 0;
  for (; i + lanes<T> <= n; i += lanes<T>) body(Whole<T>{i});
  if (i < n) body(Part<T>{i, n - i});
}

/// Calls body(at, column) for the vectors of a matrix whose rows begin `step` elements apart. `column` is where a
/// vector lies in its row; a few rows go together, so that what depends on it alone is read once for them.
template <class T, class Body>
[[gnu::always_inline]] inline void each_row_vector(Index rows, Index columns, Index step, const Body& body) {
  constexpr Index together = 4;
  Index row = 0;
  for (; row + together <= rows; row += together)
    each_vector<T>(columns, [&](auto column) EIGAN_INLINED {
#pragma GCC unroll 4
      for (Index next = row; next < row + together; ++next) {
        auto at = column;
        at.index += next * step;
        body(at, column);
      }
    });
  for (; row < rows; ++row)
    each_vector<T>(columns, [&](auto column) EIGAN_INLINED {
      auto at = column;
      at.index += row * step;
      body(at, column);
    });
}

/// Adds the lanes of a vector, each to its own double. sums: one per lane.
template <class T>
[[gnu::always_inline]] inline void add_lanes(Vec<T> terms, double* sums) {
  if constexpr (sizeof(T) == sizeof(double)) {
    store<double>(sums, load<double>(sums) + terms);
  } else {
    constexpr Index half = lanes<double>;
    T parts[lanes<T>];
    store<T>(parts, terms);
    for (Index part = 0; part < lanes<T>; part += half) {
      typedef T Half __attribute__((vector_size(EIGAN_TARGET_BYTES / 2)));
      Half narrow;
      __builtin_memcpy(&narrow, parts + part, sizeof narrow);
      store<double>(sums + part, load<double>(sums + part) + __builtin_convertvector(narrow, Vec<double>));
    }
  }
}

/// The sum of term(at) over the vectors of a run of n elements. Lanes beyond the end do not count.
template <class T, class Term>
[[gnu::always_inline]] inline double sum_terms(Index n, const Term& term) {
  constexpr Index width = lanes<T>;
  double sums[lanes<T>] = {};
  Index i = 0;
  while (n - i >= 4 * width) {
    Vec<T> a{}, b{}, c{}, d{};
    for (int step = 0; step < 8 && n - i >= 4 * width; ++step, i += 4 * width) {
      a += term(Whole<T>{i});
      b += term(Whole<T>{i + width});
      c += term(Whole<T>{i + 2 * width});
      d += term(Whole<T>{i + 3 * width});
    }
    add_lanes<T>((a + b) + (c + d), sums);
  }
  for (; n - i >= width; i += width) add_lanes<T>(term(Whole<T>{i}), sums);
  if (i < n) {
    T rest[lanes<T>];
    store<T>(rest, term(Part<T>{i, n - i}));
    for (Index lane = 0; lane < n - i; ++lane) sums[lane] += static_cast<double>(rest[lane]);
  }
  for (Index step = width / 2; step > 0; step /= 2)
    for (Index lane = 0; lane < step; ++lane) sums[lane] += sums[lane + step];
  return sums[0];
}

/// Adds up over the rows of a matrix whose rows begin `step` elements apart: term(at, column, row, totals) adds one
/// vector's terms to each of totals[Outputs]. sums: [Outputs][output_step], of which the columns rounded up to a whole
/// vector are added to.
template <class T, int Outputs, class Term>
[[gnu::always_inline]] inline void add_rows(Index rows, Index columns, Index step, double* sums, Index output_step,
                                            const Term& term) {
  constexpr Index together = 8;
  for (Index first = 0; first < rows; first += together) {
    const Index last = rows - first < together ? rows : first + together;
    each_vector<T>(columns, [&](auto column) EIGAN_INLINED {
      Vec<T> totals[Outputs] = {};
      auto at = column;
      at.index += first * step;
      if (last - first == together) {
#pragma GCC unroll 8
        for (Index row = first; row < first + together; ++row, at.index += step) term(at, column, row, totals);
      } else {
        for (Index row = first; row < last; ++row, at.index += step) term(at, column, row, totals);
      }
      for (int output = 0; output < Outputs; ++output)
        add_lanes<T>(totals[output], sums + output * output_step + column.index);
    });
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
