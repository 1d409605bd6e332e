#pragma once

#include <algorithm>

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "simd/engine.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// A matrix in memory: element (i, j) at data[i * row_step + j * column_step]. One of the steps is 1.
template <class T>
struct MatrixView {
  const T* at(Index i, Index j) const { return data + i * row_step + j * column_step; }
  MatrixView from(Index offset) const { return {data + offset, row_step, column_step}; }

  const T* data;
  Index row_step, column_step;
};

/// A matrix [inner, columns] packed as a whole: for each chunk of the inner axis and each panel of columns, [chunk
/// size, panel width].
template <class T>
class PackedPanels {
 public:
  PackedPanels(const MatrixView<T>& matrix, const Chunks<T>& chunks, const Panels<T>& panels, const Engine<T>& engine,
               Scratch& scratch)
      : chunks_(chunks), panels_(panels), packed_(scratch.take<T>(chunks.inner * panels.vectors * panels.lanes)) {
    // Of rows that lie far apart several lines are taken at once: a few panels, some rows at a time.
    const bool by_rows = matrix.column_step == 1 && is_narrow(engine);
    const Index group = by_rows ? 8 : 1, groups = ceil_divide(panels.count, group);
    parallel_for(chunks.count * groups, [&](Index piece) {
      const Index chunk = piece / groups, size = chunks.size(chunk), band = by_rows ? 8 : size;
      const Index first = piece % groups * group, last = std::min(panels.count, first + group);
      for (Index k = 0; k < size; k += band)
        for (Index panel = first; panel < last; ++panel)
          engine.pack(matrix.at(chunks.first(chunk) + k, panels.first(panel)), matrix.row_step, matrix.column_step,
                      std::min(band, size - k), panels.size(panel), place(chunk, panel) + k * panels.width(panel),
                      panels.width(panel));
    });
  }

  const T* panel(Index chunk, Index panel) const { return place(chunk, panel); }

 private:
  T* place(Index chunk, Index panel) const {
    return packed_ + chunks_.first(chunk) * panels_.vectors * panels_.lanes +
           panels_.first(panel) * chunks_.size(chunk);
  }

  Chunks<T> chunks_;
  Panels<T> panels_;
  T* packed_;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
