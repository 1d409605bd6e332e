// Transposed copies, in blocks that fit the registers. Serial.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// Swaps the off-diagonal halves of the 2 Size x 2 Size blocks that the rows `a` and `b` share.
template <int Size, class Vector, int... Lane>
[[gnu::always_inline]] inline void swap_halves(Vector& a, Vector& b, std::integer_sequence<int, Lane...>) {
  constexpr int width = sizeof...(Lane);
  const Vector upper = __builtin_shufflevector(a, b, ((Lane & Size) ? width + Lane - Size : Lane)...);
  const Vector lower = __builtin_shufflevector(a, b, ((Lane & Size) ? width + Lane : Lane + Size)...);
  a = upper;
  b = lower;
}

template <int Size, class T, int Width = static_cast<int>(lanes<T>)>
[[gnu::always_inline]] inline void swap_all_halves(Vec<T> (&rows)[Width]) {
#pragma GCC unroll 16
  for (int row = 0; row < Width; ++row)
    if (!(row & Size)) swap_halves<Size>(rows[row], rows[row + Size], std::make_integer_sequence<int, Width>{});
}

/// y[j * y_step + i] = x[i * x_step + j] for one square block of as many rows as a register has lanes.
template <class T>
[[gnu::always_inline]] inline void transpose_block(const T* x, Index x_step, T* y, Index y_step) {
  constexpr int width = static_cast<int>(lanes<T>);
  Vec<T> rows[width];
#pragma GCC unroll 16
  for (int row = 0; row < width; ++row) rows[row] = load<T>(x + row * x_step);
  swap_all_halves<1, T>(rows);
  if constexpr (width > 2) swap_all_halves<2, T>(rows);
  if constexpr (width > 4) swap_all_halves<4, T>(rows);
  if constexpr (width > 8) swap_all_halves<8, T>(rows);
#pragma GCC unroll 16
  for (int row = 0; row < width; ++row) store<T>(y + row * y_step, rows[row]);
}

/// y[j * y_step + i] = x[i * x_step + j] for i < rows, j < columns.
template <class T>
void transpose(const T* x, Index x_step, T* y, Index y_step, Index rows, Index columns) {
  // Narrower elements than 4 bytes are rare (bytes of pictures) and go one by one.
  constexpr Index width = sizeof(T) >= 4 ? lanes<T> : 0;
  Index full_rows = 0, full_columns = 0;
  if constexpr (width > 0) {
    full_rows = rows / width * width;
    full_columns = columns / width * width;
    for (Index j = 0; j < full_columns; j += width)
      for (Index i = 0; i < full_rows; i += width)
        transpose_block<T>(x + i * x_step + j, x_step, y + j * y_step + i, y_step);
  }
  for (Index j = full_columns; j < columns; ++j)
    for (Index i = 0; i < full_rows; ++i) y[j * y_step + i] = x[i * x_step + j];
  for (Index j = 0; j < columns; ++j)
    for (Index i = full_rows; i < rows; ++i) y[j * y_step + i] = x[i * x_step + j];
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
