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
#pragma GCC unroll 2
  for (; i + lanes<T> <= n; i += lanes<T>) body(Whole<T>{i});
  if (i < n) body(Part<T>{i, n - i});
}

/// Calls body(at, column) for the vectors of a matrix whose rows begin `step` elements apart; `column` is where a vector
/// lies in its row. One row after the other: several together would read what depends on the column once for all of
/// them, but what they read and write themselves then lies in so many places that the processor no longer asks for it
/// ahead, and, a power of two apart, in the same few lines of the first cache.
template <class T, class Body>
[[gnu::always_inline]] inline void each_row_vector(Index rows, Index columns, Index step, const Body& body) {
  for (Index row = 0; row < rows; ++row)
    each_vector<T>(columns, [&](auto column) EIGAN_INLINED {
      auto at = column;
      at.index += row * step;
      body(at, column);
    });
}

/// Vectors of double that hold as many numbers as one of T.
template <class T>
inline constexpr Index double_vectors = lanes<T> / lanes<double>;

/// The lanes of a vector as doubles, in `part` of those vectors.
template <class T>
[[gnu::always_inline]] inline Vec<double> widened(const Vec<T>& terms, Index part) {
  if constexpr (sizeof(T) == sizeof(double)) {
    return terms;
  } else {
    Half<T> half;
    const auto size = static_cast<Index>(sizeof half);
    __builtin_memcpy(&half, reinterpret_cast<const char*>(&terms) + part * size, sizeof half);
    return as_doubles(half);
  }
}

/// Adds the lanes of a vector, each to its own double. sums: one per lane.
template <class T>
[[gnu::always_inline]] inline void add_lanes(Vec<T> terms, double* sums) {
#pragma GCC unroll 2
  for (Index part = 0; part < double_vectors<T>; ++part) {
    double* const to = sums + part * lanes<double>;
    store<double>(to, load<double>(to) + widened<T>(terms, part));
  }
}

/// The sum of `Lanes` doubles in a vector: always of those half of them apart.
template <int Lanes, class Doubles>
[[gnu::always_inline]] inline double sum_of_lanes(const Doubles& doubles) {
  if constexpr (Lanes == 2) {
    return doubles[0] + doubles[1];
  } else {
    typedef double FewerLanes __attribute__((vector_size(Lanes / 2 * sizeof(double))));
    FewerLanes low, high;
    __builtin_memcpy(&low, &doubles, sizeof low);
    __builtin_memcpy(&high, reinterpret_cast<const char*>(&doubles) + sizeof low, sizeof high);
    return sum_of_lanes<Lanes / 2>(low + high);
  }
}

/// A vector whose lanes from `count` on are 0.
template <class T>
[[gnu::always_inline]] inline Vec<T> first_lanes(const Vec<T>& terms, Index count) {
  T kept[lanes<T>];
  store<T>(kept, terms);
  return load_part<T>(kept, count);
}

/// The sum of term(at) over the vectors of a run of n elements. Lanes beyond the end do not count.
template <class T, class Term>
[[gnu::always_inline]] inline double sum_terms(Index n, const Term& term) {
  constexpr Index width = lanes<T>;
  Vec<double> sums[double_vectors<T>] = {};
  const auto add = [&](const Vec<T>& terms) EIGAN_INLINED {
#pragma GCC unroll 2
    for (Index part = 0; part < double_vectors<T>; ++part) sums[part] += widened<T>(terms, part);
  };
  Index i = 0;
  while (n - i >= 4 * width) {
    Vec<T> a{}, b{}, c{}, d{};
    for (int step = 0; step < 8 && n - i >= 4 * width; ++step, i += 4 * width) {
      a += term(Whole<T>{i});
      b += term(Whole<T>{i + width});
      c += term(Whole<T>{i + 2 * width});
      d += term(Whole<T>{i + 3 * width});
    }
    add((a + b) + (c + d));
  }
  for (; n - i >= width; i += width) add(term(Whole<T>{i}));
  if (i < n) add(first_lanes<T>(term(Part<T>{i, n - i}), n - i));
  if constexpr (double_vectors<T> == 2) sums[0] += sums[1];
  return sum_of_lanes<static_cast<int>(lanes<double>)>(sums[0]);
}

/// Adds up over the rows of a matrix whose rows begin `step` elements apart: term(at, column, row, totals) adds one
/// vector's terms to each of totals[Outputs], read from so many `Arrays`. sums: [Outputs][output_step], of which the
/// columns rounded up to a whole vector are added to.
template <class T, int Outputs, int Arrays, class Term>
[[gnu::always_inline]] inline void add_rows(Index rows, Index columns, Index step, double* sums, Index output_step,
                                            const Term& term) {
  constexpr Index together = Arrays > 1 ? 2 : 4;  // side by side: few, for the reason above
  constexpr Index in_t = 32;  // added up in T: to go on in double costs what a few more terms do
  constexpr Index block = 512;
  T totals[Outputs][block];
  for (Index left = 0; left < columns; left += block) {
    const Index width = columns - left < block ? columns - left : block;
    const auto add = [&](auto whole, Index row, Index last, bool begins, bool ends) EIGAN_INLINED {
      each_vector<T>(width, [&](auto at) EIGAN_INLINED {
        Vec<T> sum[Outputs] = {};
        auto column = at;
        column.index += left;
        auto here = column;
        here.index += row * step;
        if constexpr (decltype(whole)::value) {
#pragma GCC unroll 4
          for (Index next = 0; next < together; ++next, here.index += step) term(here, column, row + next, sum);
        } else {
          for (Index next = row; next < last; ++next, here.index += step) term(here, column, next, sum);
        }
        for (int output = 0; output < Outputs; ++output) {
          if (!begins) sum[output] += load<T>(totals[output] + at.index);
          if (ends)
            add_lanes<T>(sum[output], sums + output * output_step + column.index);
          else
            store<T>(totals[output] + at.index, sum[output]);
        }
      });
    };
    for (Index first = 0; first < rows; first += in_t) {
      const Index last = rows - first < in_t ? rows : first + in_t;
      Index row = first;
      for (; row + together <= last; row += together)
        add(std::true_type{}, row, row + together, row == first, row + together == last);
      if (row < last) add(std::false_type{}, row, last, row == first, true);
    }
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
