#pragma once

#include "../core/config.hpp"
#include "../core/parallel.hpp"
#include "panels.hpp"
#include "scratch.hpp"
#include "simd/engine.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// A matrix in memory: element (i, j) at data[i * row_step + j * column_step]. One of the steps is 1.
template <class T>
struct MatrixView {
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
    parallel_for(chunks.count * panels.count, [&](Index piece) {
      const Index chunk = piece / panels.count, panel = piece % panels.count;
      const T* const from =
          matrix.data + chunks.first(chunk) * matrix.row_step + panels.first(panel) * matrix.column_step;
      engine.pack(from, matrix.row_step, matrix.column_step, chunks.size(chunk), panels.size(panel),
                  place(chunk, panel), panels.width(panel));
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
