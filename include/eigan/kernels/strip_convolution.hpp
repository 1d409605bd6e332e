#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "epilogue.hpp"
#include "packed_taps.hpp"
#include "panels.hpp"
#include "positions.hpp"
#include "scratch.hpp"
#include "strip.hpp"
#include "sweep.hpp"
#include "tap_weights.hpp"
#include "taps.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Convolution by windows as an implicit matrix product: the rows are target pixels, the inner axis runs over taps and
/// channels, the columns are target channels. A piece of work copies the source pixels that its block of positions sees
/// into a strip, and every sweep reads its rows from there, in place.
///
/// [positions, taps * channels] [taps * channels, columns] for each group and each set of taps. Where there are few
/// blocks, as for a single sample, pieces share them: each takes some of the columns, then some of the sets.
template <class T>
class StripConvolution {
 public:
  StripConvolution(const Taps& taps, const Axes& kernel, Index groups, Index target_channels,
                   const TapWeights<T>& weights)
      : taps_(taps),
        groups_(groups),
        target_channels_(target_channels),
        seen_(taps.windows.channels / groups),
        made_(target_channels / groups),
        engine_(kernels::engine<T>()),
        panels_(made_, engine_),
        blocks_(taps.windows, most_positions, most_elements(product(kernel) * seen_ * target_channels)),
        column_parts_(std::clamp<Index>(ceil_divide(8, std::max<Index>(1, blocks_.count())), 1, panels_.count)),
        strip_(taps.windows, blocks_.largest(), taps.windows.channels),
        sets_(taps, kernel, groups, panels_, weights, strip_, blocks_.count() > 2, scratch_),
        set_parts_(
            std::clamp<Index>(ceil_divide(8, std::max<Index>(1, blocks_.count() * column_parts_)), 1, sets_.count())),
        positions_(scratch_.template take<Positions>(sets_.count())) {
    for (Index set = 0; set < sets_.count(); ++set)
      positions_[set] =
          Positions::list(strip_, taps_, blocks_.largest().samples,
                          Positions::within(blocks_.largest(), sets_[set].grid), target_channels_, scratch_);
  }

  void compute(const T* source, T* target, const Epilogue<T>& epilogue) const {
    parallel_for(blocks_.count() * column_parts_ * set_parts_, [&](Index piece) {
      Scratch scratch;
      const Index set_part = piece % set_parts_, column_part = piece / set_parts_ % column_parts_;
      const Block block = blocks_[piece / set_parts_ / column_parts_];
      const Index first = split_point(panels_.count, column_parts_, column_part);
      const Index last = split_point(panels_.count, column_parts_, column_part + 1);
      const Index first_set = split_point(sets_.count(), set_parts_, set_part);
      const Index end_set = split_point(sets_.count(), set_parts_, set_part + 1);
      T* const strip = scratch.take<T>(strip_.size());
      strip_.fill(source, block, strip);
      T* const room = scratch.take<T>(engine_.panel * longest_chunk<T>);
      for (Index set = first_set; set < end_set; ++set) {
        const Axes extent = Positions::within(block, sets_[set].grid);
        Positions positions = positions_[set];
        if (extent != positions.extent)
          positions = Positions::list(strip_, taps_, block.samples, extent, target_channels_, scratch);
        Sweep<T> sweep{.a_rows = positions.source,
                       .c_rows = positions.target,
                       .rows = block.samples * product(extent),
                       .in_fours = seen_ % 4 == 0};
        T* const to = target + taps_.target_pixel(sets_[set].first, block.sample, block.first) * target_channels_;
        for (Index group = 0; group < groups_; ++group)
          sweep_panels(set, group, first, last, strip, to, room, sweep, epilogue);
      }
    });
  }

 private:
  static constexpr Index most_positions = 256;

  // A strip stays in the second cache, unless the weights do not either: then it grows, so that fewer blocks read them.
  static Index most_elements(Index weights) {
    constexpr Index usual = 200 * 1024 / static_cast<Index>(sizeof(T));
    return std::clamp(weights, usual, 12 * usual);
  }

  void sweep_panels(Index set, Index group, Index first, Index last, const T* strip, T* target, T* room,
                    Sweep<T>& sweep, const Epilogue<T>& epilogue) const {
    const Chunks<T> chunks(sets_[set].inner);
    sweep.a = strip + group * seen_;
    for (Index chunk = 0; chunk < chunks.count; ++chunk) {
      sweep.inner = chunks.size(chunk);
      sweep.offsets = sets_[set].offsets + chunks.first(chunk);
      for (Index panel = first; panel < last; ++panel) {
        const Index column = group * made_ + panels_.first(panel);
        sweep.c = target + column;
        sweep.columns = panels_.size(panel);
        sweep.b = sets_.panel(set, group, chunks, chunk, panel, room);
        sweep.b_step = panels_.width(panel);
        sweep.epilogue = part_of(epilogue, chunk == 0, chunk == chunks.count - 1, column);
        engine_.sweep(sweep);
      }
    }
  }

  Scratch scratch_;
  const Taps& taps_;
  Index groups_, target_channels_, seen_, made_;
  const Engine<T>& engine_;
  Panels<T> panels_;
  Blocks blocks_;
  Index column_parts_;
  Strip<T> strip_;
  PackedTaps<T> sets_;
  Index set_parts_;
  Positions* positions_;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
