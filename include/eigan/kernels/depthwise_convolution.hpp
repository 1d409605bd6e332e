#pragma once

#include <cstring>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "epilogue.hpp"
#include "positions.hpp"
#include "scratch.hpp"
#include "simd/engine.hpp"
#include "strip.hpp"
#include "tap_weights.hpp"
#include "taps.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Whether each channel is a group of its own, on both sides.
inline bool is_depthwise(const ConvolutionShape& s) {
  return s.groups > 1 && s.groups == s.in_channels && s.groups == s.out_channels;
}

/// Convolution by windows, each channel on its own: no sum runs over channels, and vectors hold neighbouring channels.
template <class T>
void depthwise_convolution(const T* source, T* target, const Taps& taps, const Axes& kernel,
                           const TapWeights<T>& weights, const Epilogue<T>& epilogue) {
  const Engine<T>& engine = kernels::engine<T>();
  const Index channels = taps.windows.channels;
  const Blocks blocks(taps.windows, 256, 200 * 1024 / static_cast<Index>(sizeof(T)));
  const Strip<T> strip(taps.windows, blocks.largest(), channels);
  parallel_for(blocks.count(), [&](Index index) {
    Scratch scratch;
    const Block block = blocks[index];
    T* const pixels = scratch.take<T>(strip.size());
    strip.fill(source, block, pixels);
    Index* const offsets = scratch.take<Index>(product(kernel));
    T* const rows = scratch.take<T>(product(kernel) * channels);  // one row of weights for each tap of a set
    taps.for_each_set([&](Index, const AxisTaps& d, const AxisTaps& h, const AxisTaps& w) {
      const Axes extent = Positions::within(block, {d.grid, h.grid, w.grid});
      const Positions positions = Positions::list(strip, taps, block.samples, extent, channels, scratch);
      Sweep<T> sweep{.a = pixels,
                     .a_rows = positions.source,
                     .c = target + taps.target_pixel({d.first, h.first, w.first}, block.sample, block.first) * channels,
                     .c_rows = positions.target,
                     .rows = block.samples * product(extent),
                     .offsets = offsets,
                     .b = rows,
                     .b_step = channels,
                     .columns = channels,
                     .epilogue = epilogue};
      Taps::for_each_tap(d, h, w, [&](const Axes& tap, const Axes& shift) {
        const Index number = (tap[0] * kernel[1] + tap[1]) * kernel[2] + tap[2];
        std::memcpy(rows + sweep.inner * channels, weights.data + number * weights.tap_step,
                    static_cast<std::size_t>(channels) * sizeof(T));
        offsets[sweep.inner++] = strip.offset(shift);
      });
      engine.sweep_channels(sweep);
    });
  });
}

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
