#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "../core/config.hpp"
#include "../core/pool.hpp"

// How resampling along one axis reads: each output position is a weighted sum of input positions.

namespace eigan::inline EIGAN_ABI::kernels {

/// The taps of output position o are the entries first[o] to first[o + 1] of `position` and `weight`.
template <class T>
struct ResampleTaps {
  Index in = 0, out = 0;
  PooledVector<Index> first;
  PooledVector<Index> position;
  PooledVector<T> weight;

  Index begin(Index o) const { return first[static_cast<std::size_t>(o)]; }
  Index end(Index o) const { return first[static_cast<std::size_t>(o) + 1]; }
  Index count(Index o) const { return end(o) - begin(o); }
  Index most() const {
    Index most = 0;
    for (Index o = 0; o < out; ++o) most = std::max(most, count(o));
    return most;
  }
};

namespace detail {

// Builds taps by calling taps_of(o, add) for each output position, where add(position, weight) adds one. `about`: how
// many to expect at each.
template <class T, class TapsOf>
ResampleTaps<T> build_taps(Index in, Index out, Index about, const TapsOf& taps_of) {
  ResampleTaps<T> taps{in, out, {}, {}, {}};
  taps.first.reserve(static_cast<std::size_t>(out) + 1);
  taps.position.reserve(static_cast<std::size_t>(out * about));
  taps.weight.reserve(static_cast<std::size_t>(out * about));
  taps.first.push_back(0);
  for (Index o = 0; o < out; ++o) {
    taps_of(o, [&](Index position, double weight) {
      taps.position.push_back(position);
      taps.weight.push_back(static_cast<T>(weight));
    });
    taps.first.push_back(static_cast<Index>(taps.position.size()));
  }
  return taps;
}

}  // namespace detail

/// The axis as it is.
template <class T>
ResampleTaps<T> identity_taps(Index extent) {
  return detail::build_taps<T>(extent, extent, 1, [](Index o, const auto& add) { add(o, 1); });
}

/// Nearest neighbour: o reads floor(o in / out).
template <class T>
ResampleTaps<T> nearest_taps(Index in, Index out) {
  return detail::build_taps<T>(in, out, 1, [=](Index o, const auto& add) { add(o * in / out, 1); });
}

/// Linear interpolation between pixel centres: o reads at max(0, (o + 1/2) in / out - 1/2). With `align_corners` the
/// outermost centres meet instead: o reads at o (in - 1) / (out - 1).
template <class T>
ResampleTaps<T> linear_taps(Index in, Index out, bool align_corners = false) {
  const auto size_in = static_cast<double>(in), size_out = static_cast<double>(out);
  const double step = !align_corners ? size_in / size_out : out > 1 ? (size_in - 1) / (size_out - 1) : 0;
  return detail::build_taps<T>(in, out, 2, [=](Index o, const auto& add) {
    const auto at_out = static_cast<double>(o);
    const double at = align_corners ? step * at_out : std::max(0.0, step * (at_out + 0.5) - 0.5);
    const Index lower = std::min(static_cast<Index>(at), in - 1);
    const double weight = at - static_cast<double>(lower);
    if (lower == in - 1 || weight == 0) return add(lower, 1);
    add(lower, 1 - weight);
    add(lower + 1, weight);
  });
}

/// Lanczos' filter of three lobes, stretched where the axis shrinks, so that nothing finer than the result's pixels is
/// left to alias: o reads around (o + 1/2) in / out - 1/2.
template <class T>
ResampleTaps<T> lanczos_taps(Index in, Index out) {
  const double step = static_cast<double>(in) / static_cast<double>(out), stretch = std::max(step, 1.0);
  const double reach = 3 * stretch;
  const auto filter = [](double x) {
    if (x == 0) return 1.0;
    const double angle = std::numbers::pi * x;
    return std::abs(x) < 3 ? 3 * std::sin(angle) * std::sin(angle / 3) / (angle * angle) : 0.0;
  };
  return detail::build_taps<T>(in, out, static_cast<Index>(2 * reach) + 2, [=](Index o, const auto& add) {
    const double centre = (static_cast<double>(o) + 0.5) * step - 0.5;
    const Index begin = std::max<Index>(0, static_cast<Index>(std::ceil(centre - reach)));
    const Index end = std::min(in, static_cast<Index>(std::floor(centre + reach)) + 1);
    double total = 0;
    for (Index i = begin; i < end; ++i) total += filter((static_cast<double>(i) - centre) / stretch);
    for (Index i = begin; i < end; ++i) add(i, filter((static_cast<double>(i) - centre) / stretch) / total);
  });
}

/// The output extent of a pooling window that moves over a padded axis.
inline Index pooled_extent(Index in, Index kernel, Index stride, Index before, Index after) {
  return (in + before + after - kernel) / stride + 1;
}

/// Means over windows of `kernel` positions, `stride` apart; the axis is padded by zeros, which count or not.
template <class T>
ResampleTaps<T> average_taps(Index in, Index kernel, Index stride, Index before, Index after,
                             bool count_padding = true) {
  const Index out = pooled_extent(in, kernel, stride, before, after);
  return detail::build_taps<T>(in, out, kernel, [=](Index o, const auto& add) {
    const Index begin = std::max<Index>(0, o * stride - before), end = std::min(in, o * stride - before + kernel);
    const Index count = count_padding ? kernel : end - begin;
    for (Index i = begin; i < end; ++i) add(i, 1 / static_cast<double>(count));
  });
}

/// Means over `out` windows that share the axis evenly: o reads floor(o in / out) up to ceil((o + 1) in / out).
template <class T>
ResampleTaps<T> adaptive_average_taps(Index in, Index out) {
  return detail::build_taps<T>(in, out, in / std::max<Index>(1, out) + 2, [=](Index o, const auto& add) {
    const Index begin = o * in / out, end = ((o + 1) * in + out - 1) / out;
    for (Index i = begin; i < end; ++i) add(i, 1 / static_cast<double>(end - begin));
  });
}

/// Inserts up - 1 zeros after each position, pads by zeros (negative: crops), correlates with `filter`, keeps every
/// down-th result: the upfirdn of StyleGAN 2 (Karras et al. 2020), whose filter is this one mirrored.
template <class T>
ResampleTaps<T> filter_taps(Index in, std::span<const T> filter, Index up, Index down, Index before, Index after) {
  const auto size = static_cast<Index>(filter.size());
  const Index out = (in * up + before + after - size) / down + 1;
  return detail::build_taps<T>(in, out, (size + up - 1) / up, [=](Index o, const auto& add) {
    for (Index i = 0; i < size; ++i) {
      const Index at = o * down + i - before;
      if (at >= 0 && at < in * up && at % up == 0)
        add(at / up, static_cast<double>(filter[static_cast<std::size_t>(i)]));
    }
  });
}

/// The taps of the adjoint.
template <class T>
ResampleTaps<T> transposed(const ResampleTaps<T>& taps) {
  ResampleTaps<T> result{taps.out, taps.in, {}, {}, {}};
  result.first.assign(static_cast<std::size_t>(taps.in) + 1, 0);
  result.position.resize(taps.position.size());
  result.weight.resize(taps.weight.size());
  for (const Index position : taps.position) ++result.first[static_cast<std::size_t>(position) + 1];
  for (std::size_t i = 1; i < result.first.size(); ++i) result.first[i] += result.first[i - 1];
  PooledVector<Index> next(result.first.begin(), result.first.end() - 1);
  for (Index o = 0; o < taps.out; ++o)
    for (Index tap = taps.begin(o); tap < taps.end(o); ++tap) {
      const auto from = static_cast<std::size_t>(tap);
      const auto to = static_cast<std::size_t>(next[static_cast<std::size_t>(taps.position[from])]++);
      result.position[to] = o;
      result.weight[to] = taps.weight[from];
    }
  return result;
}

}  // namespace eigan::inline EIGAN_ABI::kernels
