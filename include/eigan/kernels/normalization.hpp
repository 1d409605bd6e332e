#pragma once

#include <algorithm>

#include "../core/pool.hpp"
#include "moments.hpp"
#include "simd/normalization.hpp"
#include "sum_middle.hpp"

namespace eigan::inline EIGAN_ABI::kernels {

namespace detail {

// A parameter per channel, or what stands in for one that is not there.
template <class T>
class ChannelValues {
 public:
  ChannelValues(const T* given, Index channels, T otherwise) : values_(given) {
    if (given) return;
    own_.assign(static_cast<std::size_t>(channels), otherwise);
    values_ = own_.data();
  }
  const T* data() const { return values_; }

 private:
  const T* values_;
  PooledVector<T> own_;
};

// Sets the coefficients of a tile's columns by set(c, channel, statistic), and repeats them where rows are folded.
template <class T, std::size_t Count, class Set>
void set_coefficients(const SumTile& tile, const NormGroups& n, T (&coefficients)[Count][tile_room], const Set& set) {
  const Index width = n.width();  // counted along: a division for each channel would take as long as some rows of them
  Index statistic = tile.a * n.groups + tile.column / width, left = width - tile.column % width;
  for (Index c = 0; c < tile.columns; ++c) {
    set(c, tile.column + c, statistic);
    if (--left > 0) continue;
    left = width;
    ++statistic;
  }
  const Index fold = fold_of(tile, n.channels);
  for (T* const values : coefficients)
    for (Index group = 1; group < fold; ++group) std::copy_n(values, tile.columns, values + group * tile.columns);
}

}  // namespace detail

/// y = activation((x - mean) inverse_deviation gain + shift) in one pass. The activation is v for v >= 0, else slope v:
/// 1 is none, 0 is relu. x, y: [samples, positions, channels]; mean (null: 0), inverse_deviation: [samples, groups];
/// gain (null: 1), shift (null: 0): [channels]. y may be x.
template <class T>
void normalize(const T* x, const NormGroups& n, const T* mean, const T* inverse_deviation, const T* gain,
               const T* shift, T slope, T* y) {
  const detail::ChannelValues<T> gains(gain, n.channels, T(1)), shifts(shift, n.channels, T(0));
  if (n.by_row())
    return detail::for_pieces(n.samples, n.channels, [&](Index first, Index last) {
      for (Index row = first; row < last; ++row)
        detail::normalize_run(x + row * n.channels, n.channels, mean ? mean[row] : T(0), inverse_deviation[row],
                              gains.data(), shifts.data(), slope, y + row * n.channels);
    });
  detail::Tiles{n.samples, n.positions, n.channels}.for_each([&](const detail::SumTile& tile) {
    T coefficients[3][detail::tile_room];
    T *const means = coefficients[0], *const scales = coefficients[1], *const shift_values = coefficients[2];
    detail::set_coefficients(tile, n, coefficients, [&](Index c, Index channel, Index statistic) {
      means[c] = mean ? mean[statistic] : T(0);
      scales[c] = inverse_deviation[statistic] * gains.data()[channel];
      shift_values[c] = shifts.data()[channel];
    });
    detail::for_matrices(tile, n.positions, n.channels, [&](Index offset, Index rows, Index columns, Index step) {
      detail::normalize_rows(x + offset, rows, columns, step, means, scales, shift_values, slope, y + offset);
    });
  });
}

/// What the gradient of normalize is made of. Null pointers are of what there is none (y: only for an activation; mean;
/// gain), or of what is not wanted (dx, d_gain, d_shift).
template <class T>
struct NormalizeGradient {
  const T* dy = nullptr;
  const T* x = nullptr;
  const T* y = nullptr;
  const T* mean = nullptr;
  const T* inverse_deviation = nullptr;
  const T* gain = nullptr;
  T slope = T(1);
  bool statistics_of_x = true;  ///< mean and deviation are those of x, so they move with it; false: given numbers
  T* dx = nullptr;              ///< may be dy
  T* d_gain = nullptr;
  T* d_shift = nullptr;
};

namespace detail {

// Layer and RMS norm: a row is read twice while it is in the first cache.
template <class T>
void normalize_rows_gradient(const NormalizeGradient<T>& g, const NormBackward<T>& from, const NormGroups& n) {
  const Index C = n.channels;
  const ChannelValues<T> gains(g.gain, C, T(1)), means(g.mean, n.samples, T(0));
  if (g.d_gain || g.d_shift)
    sum_middle<2>(
        1, n.samples, C,
        [&](const SumTile& tile, double* sums) {
          std::fill_n(sums, tile.columns + 16, 0.0);
          std::fill_n(sums + tile_room, tile.columns + 16, 0.0);
          sum_gradients_of_runs(from + (tile.begin * C + tile.column), tile.end - tile.begin, tile.columns, C,
                                means.data() + tile.begin, g.inverse_deviation + tile.begin, sums, tile_room);
        },
        [&](const SumTile& tile, const PartSums& sums) {
          double totals[tile_room];
          for (Index output = 0; output < 2; ++output) {
            T* const to = output == 0 ? g.d_shift : g.d_gain;
            if (!to) continue;
            sums.total(tile.columns, totals, output);
            for (Index c = 0; c < tile.columns; ++c) to[tile.column + c] = static_cast<T>(totals[c]);
          }
        });
  if (!g.dx) return;
  for_pieces(n.samples, 2 * C, [&](Index first, Index last) {
    for (Index row = first; row < last; ++row) {
      const T mean = means.data()[row];
      double sums[2] = {0, 0};
      if (g.statistics_of_x) sum_gradients(from + row * C, C, mean, gains.data(), sums);
      const auto inverse = static_cast<double>(g.inverse_deviation[row]);
      const double constant = g.mean ? -inverse * sums[0] / static_cast<double>(C) : 0;
      const double by_x = -inverse * inverse * inverse * sums[1] / static_cast<double>(C);
      normalize_run_backward(from + row * C, C, mean, gains.data(), g.inverse_deviation[row], static_cast<T>(by_x),
                             static_cast<T>(constant), g.dx + row * C);
    }
  });
}

// The sums over a sample's positions, per channel: of the gradient, and of the gradient times (x - mean).
template <class T>
void sum_channel_gradients(const NormalizeGradient<T>& g, const NormBackward<T>& from, const NormGroups& n,
                           double* gradients, double* products) {
  sum_middle<2>(
      n.samples, n.positions, n.channels,
      [&](const SumTile& tile, double* sums) {
        T coefficients[1][tile_room];
        T* const means = coefficients[0];
        set_coefficients(tile, n, coefficients,
                         [&](Index c, Index, Index statistic) { means[c] = g.mean ? g.mean[statistic] : T(0); });
        add_tile<2>(tile, n.positions, n.channels, sums, [&](Index offset, Index rows, Index columns, Index step) {
          sum_gradients_of_rows(from + offset, rows, columns, step, means, sums, tile_room);
        });
      },
      [&](const SumTile& tile, const PartSums& sums) {
        const Index at = tile.a * n.channels + tile.column;
        sums.total(tile.columns, gradients + at, 0);
        sums.total(tile.columns, products + at, 1);
      });
}

template <class T>
void normalize_channels_gradient(const NormalizeGradient<T>& g, const NormBackward<T>& from, const NormGroups& n) {
  const ChannelValues<T> gains(g.gain, n.channels, T(1));
  const bool sums_needed = g.d_gain || g.d_shift || g.statistics_of_x;
  PooledVector<double> gradients(static_cast<std::size_t>(sums_needed ? n.samples * n.channels : 0));
  PooledVector<double> products(gradients.size());
  PooledVector<T> constants(static_cast<std::size_t>(n.statistics())), by_xs(constants.size());
  if (sums_needed) sum_channel_gradients(g, from, n, gradients.data(), products.data());
  PooledVector<double> d_gain(static_cast<std::size_t>(n.channels)), d_shift(d_gain.size());
  Index group = 0;  // counted along: a division for each channel would take as long as all the rest for it
  for (Index statistic = 0; statistic < n.statistics() && sums_needed; ++statistic, ++group) {
    if (group == n.groups) group = 0;
    const auto inverse = static_cast<double>(g.inverse_deviation[statistic]);
    double gradient = 0, product = 0;
    for (Index i = 0; i < n.width(); ++i) {
      const auto channel = static_cast<std::size_t>(group * n.width() + i);
      const auto at = static_cast<std::size_t>(statistic * n.width() + i);
      d_shift[channel] += gradients[at];
      d_gain[channel] += products[at] * inverse;
      gradient += gradients[at] * static_cast<double>(gains.data()[channel]);
      product += products[at] * static_cast<double>(gains.data()[channel]);
    }
    if (!g.statistics_of_x) continue;
    const auto count = static_cast<double>(n.count());
    constants[static_cast<std::size_t>(statistic)] = g.mean ? static_cast<T>(-inverse * gradient / count) : T(0);
    by_xs[static_cast<std::size_t>(statistic)] = static_cast<T>(-inverse * inverse * inverse * product / count);
  }
  const auto narrow = [](double value) { return static_cast<T>(value); };
  if (g.d_gain) std::transform(d_gain.begin(), d_gain.end(), g.d_gain, narrow);
  if (g.d_shift) std::transform(d_shift.begin(), d_shift.end(), g.d_shift, narrow);
  if (!g.dx) return;
  Tiles{n.samples, n.positions, n.channels}.for_each([&](const SumTile& tile) {
    T coefficients[4][tile_room];
    T *const means = coefficients[0], *const by_gradient = coefficients[1];
    T *const by_x = coefficients[2], *const constant = coefficients[3];
    set_coefficients(tile, n, coefficients, [&](Index c, Index channel, Index statistic) {
      means[c] = g.mean ? g.mean[statistic] : T(0);
      by_gradient[c] = g.inverse_deviation[statistic] * gains.data()[channel];
      by_x[c] = by_xs[static_cast<std::size_t>(statistic)];
      constant[c] = constants[static_cast<std::size_t>(statistic)];
    });
    for_matrices(tile, n.positions, n.channels, [&](Index offset, Index rows, Index columns, Index step) {
      normalize_rows_backward(from + offset, rows, columns, step, means, by_gradient, by_x, constant, g.dx + offset);
    });
  });
}

}  // namespace detail

/// The gradients of normalize in two passes: sums, then dx. With h the gradient that passes the activation, x^ the
/// normalised x, and <.> a mean over what is normalised together,
///   dx = inverse_deviation (gain h - <gain h> - x^ <gain h x^>),  d_gain = sum of h x^,  d_shift = sum of h
/// (Ioffe and Szegedy 2015; without <gain h> where there is no mean, without both where the statistics are given).
template <class T>
void normalize_gradient(const NormalizeGradient<T>& g, const NormGroups& n) {
  const NormBackward<T> from{g.dy, g.x, g.slope == T(1) ? nullptr : g.y, g.slope};
  if (n.by_row())
    detail::normalize_rows_gradient(g, from, n);
  else
    detail::normalize_channels_gradient(g, from, n);
}

}  // namespace eigan::inline EIGAN_ABI::kernels
