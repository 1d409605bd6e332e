// The transforms around Winograd's products. A vector holds neighbouring channels of one pixel, tap or point.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// sum += Matrix(Row, Column) * x, where only what is needed is computed.
template <class Matrix, int Row, int Column, class T>
[[gnu::always_inline]] inline void add_term(Vec<T>& sum, bool& any, Vec<T> x) {
  constexpr double factor = Matrix::at(Row, Column);
  if constexpr (factor == 1)
    sum = any ? sum + x : x;
  else if constexpr (factor == -1)
    sum = any ? sum - x : -x;
  else if constexpr (factor != 0)
    sum = any ? sum + x * T(factor) : x * T(factor);
  any = any || factor != 0;
}

/// The elements of a matrix whose row `Row` has the same sign as, or another than, the row below.
template <class Matrix, bool Same>
struct PairPart {
  static constexpr int rows = Matrix::rows, columns = Matrix::columns;
  static constexpr double at(int row, int column) {
    const double here = Matrix::at(row, column);
    return (here == Matrix::at(row + 1, column)) == Same ? here : 0;
  }
};

template <class Matrix, int Row, class T, int... Column>
[[gnu::always_inline]] inline Vec<T> row_times(const Vec<T>* x, std::integer_sequence<int, Column...>) {
  Vec<T> sum{};
  bool any = false;
  (add_term<Matrix, Row, Column, T>(sum, any, x[Column]), ...);
  return sum;
}

template <class Matrix, int Row, class T>
[[gnu::always_inline]] inline void multiply_row(const Vec<T>* x, Vec<T>* y) {
  constexpr auto columns = std::make_integer_sequence<int, Matrix::columns>{};
  if constexpr (kernels::detail::begins_row_pair<Matrix>(Row)) {
    const Vec<T> same = row_times<PairPart<Matrix, true>, Row, T>(x, columns);
    const Vec<T> opposite = row_times<PairPart<Matrix, false>, Row, T>(x, columns);
    y[Row] = same + opposite;
    y[Row + 1] = same - opposite;
  } else if constexpr (!kernels::detail::begins_row_pair<Matrix>(Row - 1)) {
    y[Row] = row_times<Matrix, Row, T>(x, columns);
  }
}

template <class Matrix, class T, int... Row>
[[gnu::always_inline]] inline void multiply_rows(const Vec<T>* x, Vec<T>* y, std::integer_sequence<int, Row...>) {
  (multiply_row<Matrix, Row, T>(x, y), ...);
}

/// A matrix whose columns for a pair of points have been replaced by what their sum and their difference need.
template <class Matrix>
struct FoldedColumns {
  static constexpr int rows = Matrix::rows, columns = Matrix::columns;
  static constexpr double at(int row, int column) {
    using Points = kernels::detail::TransposedMatrix<Matrix>;
    const double here = Matrix::at(row, column);
    if (kernels::detail::begins_row_pair<Points>(column)) return here == Matrix::at(row, column + 1) ? here : 0;
    if (kernels::detail::begins_row_pair<Points>(column - 1))
      return here == Matrix::at(row, column - 1) ? 0 : Matrix::at(row, column - 1);
    return here;
  }
};

template <class Matrix, int Column, class T>
[[gnu::always_inline]] inline void fold_column(const Vec<T>* x, Vec<T>* folded) {
  using Points = kernels::detail::TransposedMatrix<Matrix>;
  if constexpr (kernels::detail::begins_row_pair<Points>(Column)) {
    folded[Column] = x[Column] + x[Column + 1];
    folded[Column + 1] = x[Column] - x[Column + 1];
  } else if constexpr (!kernels::detail::begins_row_pair<Points>(Column - 1)) {
    folded[Column] = x[Column];
  }
}

template <class Matrix, class T, int... Column>
[[gnu::always_inline]] inline void fold_columns(const Vec<T>* x, Vec<T>* folded,
                                                std::integer_sequence<int, Column...>) {
  (fold_column<Matrix, Column, T>(x, folded), ...);
}

/// y [rows] = Matrix x [columns].
template <class Matrix, class T>
[[gnu::always_inline]] inline void multiply(const Vec<T> (&x)[Matrix::columns], Vec<T> (&y)[Matrix::rows]) {
  Vec<T> folded[Matrix::columns];
  fold_columns<Matrix, T>(x, folded, std::make_integer_sequence<int, Matrix::columns>{});
  multiply_rows<FoldedColumns<Matrix>, T>(folded, y, std::make_integer_sequence<int, Matrix::rows>{});
}

/// y = Matrix x Matrixᵀ, a row at a time: takes x(i, j), gives give(i, row i of y).
template <class Matrix, class T, class Take, class Give>
[[gnu::always_inline]] inline void multiply_square(const Take& take, const Give& give) {
  constexpr int rows = Matrix::rows, columns = Matrix::columns;
  Vec<T> half[rows][columns];
#pragma GCC unroll 8
  for (int j = 0; j < columns; ++j) {
    Vec<T> x[columns], y[rows];
#pragma GCC unroll 8
    for (int i = 0; i < columns; ++i) x[i] = take(i, j);
    multiply<Matrix, T>(x, y);
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) half[i][j] = y[i];
  }
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i) {
    Vec<T> y[rows];
    multiply<Matrix, T>(half[i], y);
    give(i, y);
  }
}

/// Some channels in whole vectors: the last one may read and write beyond them.
template <class Matrix, class T>
[[gnu::noinline]] void transform_vectors(const T* const* in, Index channels, T* out, Index row_step,
                                         Index column_step) {
  constexpr int rows = Matrix::rows, columns = Matrix::columns;
  for (Index c = 0; c < channels; c += lanes<T>)
    multiply_square<Matrix, T>([&](int i, int j) EIGAN_INLINED { return load<T>(in[i * columns + j] + c); },
                               [&](int i, const auto& y) EIGAN_INLINED {
#pragma GCC unroll 8
                                 for (int j = 0; j < rows; ++j)
                                   store<T>(out + i * row_step + j * column_step + c, y[j]);
                               });
}

/// Transform of WinogradTransforms. Whole: the last vector of channels is written as a whole.
template <class Matrix, bool Whole, class T>
void transform_square(const T* const* in, Index channels, T* out, Index row_step, Index column_step) {
  constexpr int rows = Matrix::rows, inputs = Matrix::columns * Matrix::columns;
  const Index whole = channels / lanes<T> * lanes<T>, rest = channels - whole;
  transform_vectors<Matrix, T>(in, whole, out, row_step, column_step);
  if (rest == 0) return;
  Vec<T> last[inputs], result[rows * rows];
  const T* places[inputs];
  for (int i = 0; i < inputs; ++i) {
    last[i] = load_part<T>(in[i] + whole, rest);
    places[i] = reinterpret_cast<const T*>(last + i);
  }
  if constexpr (Whole) return transform_vectors<Matrix, T>(places, lanes<T>, out + whole, row_step, column_step);
  transform_vectors<Matrix, T>(places, lanes<T>, reinterpret_cast<T*>(result), rows * lanes<T>, lanes<T>);
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < rows; ++j)
      store_part<T>(out + i * row_step + j * column_step + whole, result[i * rows + j], rest);
}

/// The pixels of a tile, [side, side, step], on their way to those of the picture, some channels from `channel` on.
template <class T>
[[gnu::noinline]] void finish_pixels(const Epilogue<T>& epilogue, const T* pixels, Index side, Index step, Index channel,
                                     Index channels, const WinogradTarget<T>& to) {
  for (Index i = 0; i < to.rows; ++i)
    for (Index j = 0; j < to.columns; ++j) {
      const T* const from = pixels + (i * side + j) * step;
      T* const pixel = to.y + i * to.row_step + j * to.column_step + channel;
      for (Index c = 0; c < channels; c += lanes<T>)
        finish_vector<T>(epilogue, load<T>(from + c), pixel + c, channel + c,
                         channels - c < lanes<T> ? channels - c : lanes<T>, nullptr);
    }
}

/// WinogradTransforms::target.
template <class Matrix, class T>
void transform_target(const T* products, Index step, Index channels, const WinogradTarget<T>& to,
                      const Epilogue<T>& epilogue) {
  constexpr int side = Matrix::rows, points = Matrix::columns * Matrix::columns;
  constexpr Index most = 4 * lanes<T>;
  alignas(64) T pixels[side * side * most];
  const T* places[points];
  for (Index c = 0; c < channels; c += most) {
    const Index count = channels - c < most ? channels - c : most;
    for (int point = 0; point < points; ++point) places[point] = products + point * step + c;
    transform_vectors<Matrix, T>(places, count, pixels, side * most, most);
    finish_pixels<T>(epilogue, pixels, side, most, c, count, to);
  }
}

template <int Made, int Taps, class T>
const WinogradTransforms<T>& winograd_transforms_of() {
  using Source = kernels::detail::SourceMatrix<Made, Taps>;
  using Weights = kernels::detail::WeightMatrix<Made, Taps>;
  using Target = kernels::detail::TargetMatrix<Made, Taps>;
  static constexpr WinogradTransforms<T> transforms = {
      .made = Made,
      .taps = Taps,
      .points = Made + Taps - 1,
      .source = transform_square<Source, true, T>,
      .weights = transform_square<Weights, true, T>,
      .target_adjoint = transform_square<kernels::detail::TransposedMatrix<Target>, true, T>,
      .weight_adjoint = transform_square<kernels::detail::TransposedMatrix<Weights>, false, T>,
      .target = transform_target<Target, T>};
  return transforms;
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
