// The passes of normalisation over a row, or over rows with coefficients per column. Serial. `slope` is the
// activation's: v where v >= 0, else slope * v, so 1 is none and 0 is relu; backward the derivative is read off the
// sign of the result.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class T>
[[gnu::always_inline]] inline Vec<T> activated(Vec<T> v, Vec<T> slope) {
  return (Vec<Word<T>>)v < 0 ? v * slope + 0 : v;  // the sign selects by itself; + 0: relu gives no -0
}

/// sums[0] = the sum of x - mean, sums[1] = the sum of (x - mean)^2.
template <class T>
void sum_deviations(const T* x, Index n, T mean, double* sums) {
  sums[0] = sum_terms<T>(n, [=](auto at) EIGAN_INLINED { return at(x) - mean; });
  sums[1] = sum_terms<T>(n, [=](auto at) EIGAN_INLINED {
    const Vec<T> deviation = at(x) - mean;
    return deviation * deviation;
  });
}

/// sums[c] += the sum over rows of x - mean[c], sums[room + c] += the sum over rows of (x - mean[c])^2.
template <class T>
void sum_deviations_of_rows(const T* x, Index rows, Index columns, Index step, const T* mean, double* sums,
                            Index room) {
  const auto add = [=](auto at, auto column, Index, Vec<T>* totals) EIGAN_INLINED {
    const Vec<T> below = column(mean) - at(x);  // which subtracts from memory: the other way would load first
    totals[0] -= below;
    totals[1] += below * below;
  };
  add_rows<T, 2, 1>(rows, columns, step, sums, room, add);
}

/// y = 1 / sqrt(variance + epsilon), rounded once, from double.
template <class T>
void inverse_deviation(const T* variance, Index n, double epsilon, T* y) {
  each_vector<T>(n, [=](auto at) EIGAN_INLINED {
    const Vec<T> variances = at(variance);
    Vec<T> inverse;
    for (Index part = 0; part < double_vectors<T>; ++part) {
      const Vec<double> wide = 1 / sqrt(widened<T>(variances, part) + epsilon);
      const auto narrow = __builtin_convertvector(wide, std::conditional_t<double_vectors<T> == 1, Vec<T>, Half<T>>);
      const auto size = static_cast<Index>(sizeof narrow);
      __builtin_memcpy(reinterpret_cast<char*>(&inverse) + part * size, &narrow, sizeof narrow);
    }
    at.put(y, inverse);
  });
}

/// y = activation((x - mean) inverse_deviation gain[i] + shift[i]).
template <class T>
void normalize_run(const T* x, Index n, T mean, T inverse_deviation, const T* gain, const T* shift, T slope, T* y) {
  const Vec<T> slopes = broadcast(slope);
  each_vector<T>(n, [=](auto at) EIGAN_INLINED {
    at.put(y, activated<T>((at(x) - mean) * inverse_deviation * at(gain) + at(shift), slopes));
  });
}

/// y = activation((x - mean[c]) scale[c] + shift[c]).
template <class T>
void normalize_rows(const T* x, Index rows, Index columns, Index step, const T* mean, const T* scale, const T* shift,
                    T slope, T* y) {
  const Vec<T> slopes = broadcast(slope);
  each_row_vector<T>(rows, columns, step, [=](auto at, auto column) EIGAN_INLINED {
    at.put(y, activated<T>((at(x) - column(mean)) * column(scale) + column(shift), slopes));
  });
}

/// The gradient that passes the activation, at a place. Without one, dy itself stands for the activation's result, with
/// a slope of 1: one kernel serves both, and what it reads twice it waits for once.
template <class T>
struct Passed {
  const T* dy;
  const T* y;
  Vec<T> slope;

  explicit Passed(const NormBackward<T>& from)
      : dy(from.dy), y(from.y ? from.y : from.dy), slope(broadcast(from.y ? from.slope : T(1))) {}

  template <class At>
  [[gnu::always_inline]] Vec<T> operator()(const At& at) const {
    const Vec<T> gradient = at(dy);
    return at(y) > 0 ? gradient : gradient * slope;
  }
};

/// sums[0] = the sum of g gain, sums[1] = the sum of g gain (x - mean), where g is the gradient that passes the
/// activation.
template <class T>
void sum_gradients(const NormBackward<T>& from, Index n, T mean, const T* gain, double* sums) {
  const Passed<T> gradient(from);
  const T* const x = from.x;
  sums[0] = sum_terms<T>(n, [=](auto at) EIGAN_INLINED { return gradient(at) * at(gain); });
  sums[1] = sum_terms<T>(n, [=](auto at) EIGAN_INLINED { return gradient(at) * at(gain) * (at(x) - mean); });
}

/// dx = by_gradient gain g + by_x (x - mean) + constant.
template <class T>
void normalize_run_backward(const NormBackward<T>& from, Index n, T mean, const T* gain, T by_gradient, T by_x,
                            T constant, T* dx) {
  const Passed<T> gradient(from);
  const T* const x = from.x;
  each_vector<T>(n, [=](auto at) EIGAN_INLINED {
    at.put(dx, gradient(at) * at(gain) * by_gradient + ((at(x) - mean) * by_x + constant));
  });
}

/// sums[c] += the sum over rows of g, sums[room + c] += the sum over rows of g (x - mean[row]) inverse_deviation[row].
template <class T>
void sum_gradients_of_runs(const NormBackward<T>& from, Index rows, Index columns, Index step, const T* mean,
                           const T* inverse_deviation, double* sums, Index room) {
  const Passed<T> gradient(from);
  const T* const x = from.x;
  const auto add = [=](auto at, auto, Index row, Vec<T>* totals) EIGAN_INLINED {
    const Vec<T> g = gradient(at);
    totals[0] += g;
    totals[1] += g * ((at(x) - mean[row]) * inverse_deviation[row]);
  };
  add_rows<T, 2, 3>(rows, columns, step, sums, room, add);
}

/// sums[c] += the sum over rows of g, sums[room + c] += the sum over rows of g (x - mean[c]).
template <class T>
void sum_gradients_of_rows(const NormBackward<T>& from, Index rows, Index columns, Index step, const T* mean,
                           double* sums, Index room) {
  const Passed<T> gradient(from);
  const T* const x = from.x;
  const auto add = [=](auto at, auto column, Index, Vec<T>* totals) EIGAN_INLINED {
    const Vec<T> g = gradient(at);
    totals[0] += g;
    totals[1] += g * (at(x) - column(mean));
  };
  add_rows<T, 2, 3>(rows, columns, step, sums, room, add);
}

/// dx = by_gradient[c] g + by_x[c] (x - mean[c]) + constant[c].
template <class T>
void normalize_rows_backward(const NormBackward<T>& from, Index rows, Index columns, Index step, const T* mean,
                             const T* by_gradient, const T* by_x, const T* constant, T* dx) {
  const Passed<T> gradient(from);
  const T* const x = from.x;
  each_row_vector<T>(rows, columns, step, [=](auto at, auto column) EIGAN_INLINED {
    const Vec<T> centred = at(x) - column(mean);
    at.put(dx, gradient(at) * column(by_gradient) + (centred * column(by_x) + column(constant)));
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
