#pragma once

#include <array>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "../core/pool.hpp"
#include "../core/shape.hpp"
#include "simd/dispatch.hpp"
#include "simd/math.hpp"
#include "simd/sums.hpp"
#include "sum_middle.hpp"

#define EIGAN_TARGET_FILE "../target/reduce.inl"
#include "simd/for_each_target.inl"

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

template <class T>
double sum_run(const T* x, Index n) {
  EIGAN_DISPATCH(sum<T>(x, n))
}
template <class T>
double dot_run(const T* a, const T* b, Index n) {
  EIGAN_DISPATCH(dot<T>(a, b, n))
}
template <class T, class Sum>
void sum_each(const T* x, Index rows, Index columns, Sum* y) {
  EIGAN_DISPATCH(sum_each(x, rows, columns, y))
}
template <class T>
void dot_each(const T* a, const T* b, Index rows, Index columns, T* y) {
  EIGAN_DISPATCH(dot_each(a, b, rows, columns, y))
}
template <class T>
void sum_rows(const T* x, Index rows, Index columns, Index step, double* sums) {
  EIGAN_DISPATCH(sum_rows<T>(x, rows, columns, step, sums))
}
template <class T>
Index position_of_maximum(const T* x, Index n) {
  EIGAN_DISPATCH(position_of_maximum<T>(x, n))
}
template <class T>
void maximum_rows(const T* x, Index rows, Index columns, T* y, std::int64_t* argmax) {
  EIGAN_DISPATCH(maximum_rows<T>(x, rows, columns, y, argmax))
}

// y[a, c] = the sum over b of x[a, b, c].
template <class T, class Sum>
void sum_axis(const T* x, Index A, Index B, Index C, Sum* y) {
  if (C == 1 && is_one_part(B))
    return for_pieces(A, B, [=](Index first, Index last) { sum_each(x + first * B, last - first, B, y + first); });
  sum_middle<1>(
      A, B, C,
      [=](const SumTile& tile, double* sums) {
        if (C == 1)
          *sums = sum_run(x + tile.a * B + tile.begin, tile.end - tile.begin);
        else
          add_tile<1>(tile, B, C, sums, [=](Index offset, Index rows, Index columns, Index step) {
            sum_rows(x + offset, rows, columns, step, sums);
          });
      },
      [=](const SumTile& tile, const PartSums& sums) {
        Sum* const to = y + tile.a * C + tile.column;
        double totals[tile_room];
        sums.total(tile.columns, totals);
        for (Index c = 0; c < tile.columns; ++c) to[c] = static_cast<Sum>(totals[c]);
      });
}

// The extents of neighbouring axes that are summed over, or not, multiplied together: alternating groups.
struct SumGroups {
  std::array<Index, static_cast<std::size_t>(Shape::max_rank)> extent{};
  Index count = 0;
  bool first_is_summed = false;

  bool summed(Index group) const { return (group % 2 == 0) == first_is_summed; }
  void push_back(Index size, bool is_summed) {
    if (size == 1) return;
    if (count == 0) first_is_summed = is_summed;
    if (count > 0 && summed(count - 1) == is_summed)
      extent[static_cast<std::size_t>(count - 1)] *= size;
    else
      extent[static_cast<std::size_t>(count++)] = size;
  }
  Index product(Index first, Index last) const {
    Index size = 1;
    for (Index group = first; group < last; ++group) size *= extent[static_cast<std::size_t>(group)];
    return size;
  }
};

// The innermost summed group goes first; the others follow on its result, in double.
template <class T, class Sum>
void sum_groups(const T* x, const SumGroups& groups, Sum* y) {
  Index inner = groups.count - 1;
  if (inner >= 0 && !groups.summed(inner)) --inner;
  if (inner < 0) {
    for (Index i = 0; i < groups.product(0, groups.count); ++i) y[i] = static_cast<Sum>(x[i]);
    return;
  }
  const Index A = groups.product(0, inner), B = groups.product(inner, inner + 1);
  const Index C = groups.product(inner + 1, groups.count);
  if (inner < 2) return sum_axis(x, A, B, C, y);
  PooledVector<double> partial(static_cast<std::size_t>(A * C));
  sum_axis(x, A, B, C, partial.data());
  SumGroups rest;
  for (Index group = 0; group < groups.count; ++group)
    if (group != inner) rest.push_back(groups.product(group, group + 1), groups.summed(group));
  sum_groups<double, Sum>(partial.data(), rest, y);
}

}  // namespace detail

/// Adds up over the axes where `to` has extent 1, or which `to` lacks in front: the adjoint of expand. x: `from`; y:
/// `to`, which broadcasts to `from`. Within a rounding or two of the exact sum, whatever the size.
template <class T>
void sum_to(const T* x, const Shape& from, T* y, const Shape& to) {
  if (from.size() == 0) {
    std::fill_n(y, to.size(), T(0));
    return;
  }
  detail::SumGroups groups;
  for (Index axis = 0; axis < from.rank(); ++axis) {
    const Index own = axis - (from.rank() - to.rank());
    groups.push_back(from[axis], own < 0 || to[own] == 1);
  }
  detail::sum_groups(x, groups, y);
}

/// y[a, c] = the sum over b of x[a, b, c]. x: [A, B, C]; y: [A, C].
template <class T>
void sum_along(const T* x, Index A, Index B, Index C, T* y) {
  detail::sum_axis(x, A, B, C, y);
}

/// y[r] = the sum over c of a[r, c] b[r, c]. a, b: [R, C]; y: [R]. With a = b: the squares of the rows' norms.
template <class T>
void row_dot(const T* a, const T* b, Index R, Index C, T* y) {
  if (detail::is_one_part(C))
    return detail::for_pieces(R, C, [=](Index first, Index last) {
      detail::dot_each(a + first * C, b + first * C, last - first, C, y + first);
    });
  detail::sum_middle<1>(
      R, C, 1,
      [=](const detail::SumTile& tile, double* sums) {
        const Index offset = tile.a * C + tile.begin;
        *sums = detail::dot_run(a + offset, b + offset, tile.end - tile.begin);
      },
      [=](const detail::SumTile& tile, const detail::PartSums& sums) {
        double total;
        sums.total(1, &total);
        y[tile.a] = static_cast<T>(total);
      });
}

/// y[r] = the sum over c of x[r, c]^2. x: [R, C]; y: [R].
template <class T>
void row_sum_of_squares(const T* x, Index R, Index C, T* y) {
  row_dot(x, x, R, C, y);
}

/// The maximum over b and the first b that has it; NaN counts as larger than all numbers. x: [A, B, C] with B >= 1;
/// y, argmax: [A, C].
template <class T>
void max_along(const T* x, Index A, Index B, Index C, T* y, std::int64_t* argmax) {
  detail::for_pieces(A, B * C, [=](Index first, Index last) {
    for (Index a = first; a < last; ++a) {
      const T* const from = x + a * B * C;
      if (C != 1) {
        detail::maximum_rows(from, B, C, y + a * C, argmax + a * C);
        continue;
      }
      argmax[a] = detail::position_of_maximum(from, B);
      y[a] = from[argmax[a]];
    }
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels
