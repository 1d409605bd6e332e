#pragma once

#include <array>

#include "../core/config.hpp"

// The matrices of the minimal filtering algorithms F(m, r) (Winograd 1980; Lavin and Gray 2016), built from their
// interpolation points as Toom and Cook did. Along one axis, m neighbouring outputs of a convolution with r taps are
//
//   y [m] = target ( (weights g [r]) * (source x [m + r - 1]) ),
//
// m + r - 1 products instead of m r; in two axes each matrix acts on rows and columns, and the gain is squared.

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// The finite interpolation points of F(m, r), which the point at infinity completes. Pairs p, -p stand together, which
/// halves the transforms' work. Those of the larger tiles are not the textbook's 0, +-1, +-2: the numbers stand at
/// has_winograd().
template <int Made, int Taps>
struct WinogradPoints;
template <>
struct WinogradPoints<4, 3> {
  static constexpr std::array<double, 5> finite = {0, 0.75, -0.75, 1.5, -1.5};
};
template <>
struct WinogradPoints<2, 2> {
  static constexpr std::array<double, 2> finite = {0, -1};
};
template <>
struct WinogradPoints<4, 2> {
  static constexpr std::array<double, 4> finite = {0.5, -0.5, 1.25, -1.25};
};

/// x^i.
constexpr double power(double x, int i) {
  double result = 1;
  for (; i > 0; --i) result *= x;
  return result;
}

/// [m + r - 1, m + r - 1]: row j is the product of (x - p) over all finite points but the j-th; the last over all.
template <int Made, int Taps>
struct SourceMatrix {
  static constexpr int rows = Made + Taps - 1, columns = rows;
  static constexpr double at(int row, int column) {
    std::array<double, rows + 1> product = {1};
    int degree = 0;
    for (int point = 0; point < rows - 1; ++point) {
      if (point == row) continue;
      for (int i = ++degree; i >= 0; --i)
        product[static_cast<std::size_t>(i)] =
            (i > 0 ? product[static_cast<std::size_t>(i - 1)] : 0) -
            product[static_cast<std::size_t>(i)] * WinogradPoints<Made, Taps>::finite[static_cast<std::size_t>(point)];
    }
    return product[static_cast<std::size_t>(column)];
  }
};

/// [m + r - 1, r]: row j is 1, p, p², ... at the j-th point p, over the product of its distances to the others.
template <int Made, int Taps>
struct WeightMatrix {
  static constexpr int rows = Made + Taps - 1, columns = Taps;
  static constexpr double at(int row, int column) {
    if (row == rows - 1) return column == Taps - 1 ? 1 : 0;
    const double here = WinogradPoints<Made, Taps>::finite[static_cast<std::size_t>(row)];
    double distances = 1;
    for (int point = 0; point < rows - 1; ++point)
      if (point != row) distances *= here - WinogradPoints<Made, Taps>::finite[static_cast<std::size_t>(point)];
    return power(here, column) / distances;
  }
};

/// [m, m + r - 1]: column j is 1, p, p², ... at the j-th point p.
template <int Made, int Taps>
struct TargetMatrix {
  static constexpr int rows = Made, columns = Made + Taps - 1;
  static constexpr double at(int row, int column) {
    if (column == columns - 1) return row == rows - 1 ? 1 : 0;
    return power(WinogradPoints<Made, Taps>::finite[static_cast<std::size_t>(column)], row);
  }
};

template <class Matrix>
struct TransposedMatrix {
  static constexpr int rows = Matrix::columns, columns = Matrix::rows;
  static constexpr double at(int row, int column) { return Matrix::at(column, row); }
};

/// Whether rows i and i + 1 of a matrix differ in the signs of some elements only: those of a pair of points p, -p.
template <class Matrix>
constexpr bool is_row_pair(int i) {
  if (i < 0 || i + 1 >= Matrix::rows) return false;
  int same = 0, opposite = 0;
  for (int k = 0; k < Matrix::columns; ++k) {
    const double a = Matrix::at(i, k), b = Matrix::at(i + 1, k);
    if (a != b && a != -b) return false;
    if (a != 0) (a == b ? same : opposite) += 1;
  }
  return same > 0 && opposite > 0;
}

/// Whether row i is the first of a pair. Pairs do not overlap: they are counted from the first row on.
template <class Matrix>
constexpr bool begins_row_pair(int i) {
  bool begins = false;
  for (int row = 0; row <= i; ++row) begins = !begins && is_row_pair<Matrix>(row);
  return begins;
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
