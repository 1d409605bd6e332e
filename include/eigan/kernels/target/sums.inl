// Sums in a fixed order that lose no digits: a few vectors are added in T, the rest in double. Serial.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// Reads a whole vector at some position of any operand.
template <class T>
struct Whole {
  Index at;
  [[gnu::always_inline]] Vec<T> operator()(const T* x) const { return load<T>(x + at); }
};

/// Reads the first `count` lanes there; the others are 0.
template <class T>
struct Part {
  Index at, count;
  [[gnu::always_inline]] Vec<T> operator()(const T* x) const { return load_part<T>(x + at, count); }
};

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

/// The sum of term(read) over n positions, where read(pointer) is a vector of that operand.
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

/// sums[c] += the sum of term(read, c) over the rows of operands [rows, columns] whose rows begin `step` elements apart.
/// sums: columns rounded up to a whole vector.
template <class T, class Term>
[[gnu::always_inline]] inline void add_rows(Index rows, Index columns, Index step, double* sums, const Term& term) {
  constexpr Index width = lanes<T>;
  constexpr Index together = 8;
  for (Index r = 0; r < rows; r += together) {
    const Index end = rows - r < together ? rows : r + together;
    Index c = 0;
    for (; c + width <= columns; c += width) {
      Vec<T> total{};
      if (end - r == together) {
#pragma GCC unroll 8
        for (Index row = 0; row < together; ++row) total += term(Whole<T>{(r + row) * step + c}, c);
      } else {
        for (Index row = r; row < end; ++row) total += term(Whole<T>{row * step + c}, c);
      }
      add_lanes<T>(total, sums + c);
    }
    if (c < columns) {
      Vec<T> total{};
      for (Index row = r; row < end; ++row) total += term(Part<T>{row * step + c, columns - c}, c);
      add_lanes<T>(total, sums + c);
    }
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
