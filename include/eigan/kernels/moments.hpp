#pragma once

#include <algorithm>

#include "../core/error.hpp"
#include "../core/pool.hpp"
#include "reduce.hpp"
#include "simd/normalization.hpp"
#include "sum_middle.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

/// Which numbers are normalised together. x is [samples, positions, channels], and its channels make `groups` equal
/// groups; each (sample, group) has its own statistics, taken over its positions and its channels / groups channels.
struct NormGroups {
  Index samples, positions, channels, groups;

  static NormGroups batch_norm(Index rows, Index channels) { return {1, rows, channels, channels}; }
  static NormGroups instance_norm(Index samples, Index positions, Index channels) {
    return {samples, positions, channels, channels};
  }
  static NormGroups group_norm(Index samples, Index positions, Index channels, Index groups) {
    return {samples, positions, channels, groups};
  }
  /// Also RMS norm, which takes no mean.
  static NormGroups layer_norm(Index rows, Index channels) { return {rows, 1, channels, 1}; }

  Index width() const { return channels / groups; }
  Index statistics() const { return samples * groups; }  ///< how many means, how many variances
  Index count() const { return positions * width(); }    ///< of numbers behind each
  bool by_row() const { return positions == 1 && groups == 1; }
};

namespace detail {

// Joins the means and the sums of squared deviations of `other_count` more rows to those of `count`, column by column
// (Chan, Golub and LeVeque 1979).
inline void join_moments(Index columns, double count, double* mean, double* squares, double other_count,
                         const double* other_mean, const double* other_squares) {
  const double weight = other_count / std::max(1.0, count + other_count);
  for (Index c = 0; c < columns; ++c) {
    const double difference = other_mean[c] - mean[c];
    mean[c] += difference * weight;
    squares[c] += other_squares[c] + difference * difference * (count * weight);
  }
}

inline void moments_of_parts(const PartSums& sums, Index columns, double* mean, double* squares) {
  std::copy_n(sums(0, 0), columns, mean);
  std::copy_n(sums(0, 1), columns, squares);
  for (Index part = 1; part < sums.parts; ++part) {
    const Index before = sums.begin(part), after = sums.begin(part + 1);
    join_moments(columns, static_cast<double>(before), mean, squares, static_cast<double>(after - before),
                 sums(part, 0), sums(part, 1));
  }
}

// Turns the sum of n deviations from `rough`, and of their squares, into the mean and the squared deviations from it.
// If not centred, the mean counts as 0.
template <class T>
void correct_moments(double n, bool centred, T rough, double& sum, double& squares) {
  if (!centred) {
    sum = 0;
    return;
  }
  const double shift = n > 0 ? sum / n : 0;
  squares = std::max(0.0, squares - shift * sum);
  sum = static_cast<double>(rough) + shift;
}

// Sets sums[c] to the mean and sums[tile_room + c] to the squared deviations of a tile's columns; about 0 if not
// centred. A rough mean, that of the first rows, comes first; the one pass over all of them takes deviations from that.
// These rows being part of the data, their mean is off by at most the deviation times sqrt(rows / first rows), which is
// all that the correction has to take away again.
template <class T>
void tile_moments(const T* x, const SumTile& tile, Index B, Index C, bool centred, double* sums) {
  const auto rows = static_cast<double>(tile.end - tile.begin);
  const Index fold = fold_of(tile, C);
  T rough[tile_room];
  if (!centred) {
    std::fill_n(rough, fold * tile.columns, T(0));
  } else {
    SumTile first = tile;
    first.end = std::min(tile.end, tile.begin + std::clamp<Index>((tile.end - tile.begin) / 8, 8, 32));
    add_tile<1>(first, B, C, sums, [=](Index offset, Index count, Index columns, Index step) {
      sum_rows(x + offset, count, columns, step, sums);
    });
    const auto seen = static_cast<double>(std::max<Index>(1, first.end - first.begin));
    for (Index c = 0; c < tile.columns; ++c) rough[c] = static_cast<T>(sums[c] / seen);
    for (Index group = 1; group < fold; ++group) std::copy_n(rough, tile.columns, rough + group * tile.columns);
  }
  add_tile<2>(tile, B, C, sums, [&](Index offset, Index count, Index columns, Index step) {
    sum_deviations_of_rows(x + offset, count, columns, step, rough, sums, tile_room);
  });
  for (Index c = 0; c < tile.columns; ++c) correct_moments(rows, centred, rough[c], sums[c], sums[tile_room + c]);
}

// The same for a run of n numbers.
template <class T>
void run_moments(const T* x, Index n, bool centred, double* sums) {
  const T rough = centred && n > 0 ? static_cast<T>(sum_run(x, n) / static_cast<double>(n)) : T(0);
  double deviations[2];
  sum_deviations(x, n, rough, deviations);
  correct_moments(static_cast<double>(n), centred, rough, deviations[0], deviations[1]);
  sums[0] = deviations[0];
  sums[tile_room] = deviations[1];
}

}  // namespace detail

/// Mean and biased variance of each (sample, group), as exact as T allows however far the mean is from 0. Without a
/// mean (null) the mean of squares instead, for RMS norm. x: [samples, positions, channels]; mean, variance: [samples,
/// groups].
template <class T>
void moments(const T* x, const NormGroups& n, T* mean, T* variance) {
  using detail::PartSums, detail::SumTile;
  const bool centred = mean != nullptr;
  const auto put = [=, count = static_cast<double>(n.count())](Index at, double average, double squares) {
    if (mean) mean[at] = static_cast<T>(average);
    variance[at] = static_cast<T>(squares / count);
  };
  if (n.by_row())
    return detail::sum_middle<2>(
        n.samples, n.channels, 1,
        [=](const SumTile& tile, double* sums) {
          detail::run_moments(x + tile.a * n.channels + tile.begin, tile.end - tile.begin, centred, sums);
        },
        [=](const SumTile& tile, const PartSums& sums) {
          double average, squares;
          detail::moments_of_parts(sums, 1, &average, &squares);
          put(tile.a, average, squares);
        });
  PooledVector<double> averages(static_cast<std::size_t>(n.samples * n.channels)), squares(averages.size());
  detail::sum_middle<2>(
      n.samples, n.positions, n.channels,
      [=](const SumTile& tile, double* sums) { detail::tile_moments(x, tile, n.positions, n.channels, centred, sums); },
      [=, averages = averages.data(), squares = squares.data()](const SumTile& tile, const PartSums& sums) {
        const Index at = tile.a * n.channels + tile.column;
        detail::moments_of_parts(sums, tile.columns, averages + at, squares + at);
      });
  const auto positions = static_cast<double>(n.positions);
  for (Index at = 0; at < n.statistics(); ++at) {
    const double* const average = averages.data() + at * n.width();
    const double* const square = squares.data() + at * n.width();
    double all = average[0], all_squares = square[0];
    for (Index c = 1; c < n.width(); ++c)
      detail::join_moments(1, static_cast<double>(c) * positions, &all, &all_squares, positions, average + c,
                           square + c);
    put(at, all, all_squares);
  }
}

/// y = 1 / sqrt(variance + epsilon), n of them.
template <class T>
void inverse_deviation(const T* variance, Index n, double epsilon, T* y) {
  detail::inverse_deviation(variance, n, epsilon, y);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
