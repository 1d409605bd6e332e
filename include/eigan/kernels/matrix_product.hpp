#pragma once

#include <algorithm>
#include <cstring>

#include "epilogue.hpp"
#include "packed_panels.hpp"
#include "panels.hpp"
#include "scratch.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// Whether lines that far apart are gone from the nearest cache, for the few sets they share, before the next rows want
/// them, and the multiply-adds of a step are too few to fetch them anew behind: the wider the vectors, the fewer sets
/// will do.
template <class T>
bool is_crowded(Index step, const Engine<T>& engine) {
  return step % (64 * engine.lanes) == 0;
}

/// Whether a block of a is copied to dense memory before panels pass over it: where its lines would be gone between one
/// and the next, or lie on a page each, where the processor does not look ahead.
template <class T>
bool is_better_copied(Index rows, Index inner, Index row_step, Index inner_step, Index panels,
                      const Engine<T>& engine) {
  constexpr Index page = 4096 / static_cast<Index>(sizeof(T));
  if (inner_step == 1) return is_narrow(engine) && panels >= 12 && is_crowded(row_step, engine);
  return rows > 6 && inner > 1 && panels > 1 &&
         (is_crowded(inner_step, engine) || (is_narrow(engine) && inner_step > page));
}

/// Part of one matrix product, on the calling thread:
///
///   c [rows, columns] = epilogue(a [rows, inner] b [inner, columns])   for the columns of panels [first, last)
///
/// Chunk by chunk of the inner axis and panel by panel: the panel of b (at most 96 KiB) is packed, then all rows pass
/// over it. a is read where it is, unless is_better_copied().
template <class T>
class MatrixProduct {
 public:
  /// a's rows are a_row_step apart and its inner steps a_inner_step; c's rows are `columns` apart. `used` panels are
  /// wanted. far_a, far_c: those matrices come from farther than the caches of a core.
  MatrixProduct(const Engine<T>& engine, Index rows, Index columns, Index inner, Index a_row_step, Index a_inner_step,
                Index used, bool far_a, bool far_c)
      : engine_(engine),
        rows_(rows),
        panels_(columns, engine),
        chunks_(inner),
        fetches_a_(far_a && is_narrow(engine) && a_inner_step == 1 && used <= 4),
        fetches_c_(far_c && is_narrow(engine) && inner >= 32),
        copies_a_(is_better_copied(rows, inner, a_row_step, a_inner_step, used, engine)),
        a_row_step_(!copies_a_          ? a_row_step
                    : a_inner_step == 1 ? staggered<T>(chunks_.largest())
                                        : 1),
        a_step_(copies_a_ && a_inner_step != 1 ? staggered<T>(rows) : a_inner_step),
        a_rows_(scratch_.take<Index>(rows)),
        c_rows_(scratch_.take<Index>(rows)),
        offsets_(scratch_.take<Index>(chunks_.largest())),
        panel_(scratch_.take<T>(engine.panel * chunks_.largest())),
        copy_(copies_a_ ? scratch_.take<T>(a_step_ == 1 ? a_row_step_ * rows : a_step_ * chunks_.largest()) : nullptr) {
    for (Index i = 0; i < rows; ++i) {
      a_rows_[i] = i * a_row_step_;
      c_rows_[i] = i * columns;
    }
    for (Index k = 0; k < chunks_.largest(); ++k) offsets_[k] = k * a_step_;
  }

  /// `packed`, if given, is all of b.
  void compute(const MatrixView<T>& a, const MatrixView<T>& b, const PackedPanels<T>* packed, T* c, Index first,
               Index last, const Epilogue<T>& epilogue) {
    Sweep<T> sweep{.a_rows = a_rows_,
                   .a_row_step = a_row_step_,
                   .c_rows = c_rows_,
                   .rows = rows_,
                   .offsets = offsets_,
                   .in_fours = a_step_ == 1,
                   .epilogue = epilogue,
                   .fetch_c = fetches_c_};
    for (Index chunk = 0; chunk < chunks_.count; ++chunk) {
      const Index begin = chunks_.first(chunk);
      sweep.inner = chunks_.size(chunk);
      sweep.a = a.at(0, begin);
      if (copies_a_) {
        if (a_step_ == 1)
          copy(sweep.a, a.row_step, rows_, sweep.inner, a_row_step_);
        else
          copy(sweep.a, a.column_step, sweep.inner, rows_, a_step_);
        sweep.a = copy_;
      }
      for (Index panel = first; panel < last; ++panel) {
        sweep.fetch_a = fetches_a_ && panel == first;
        const Index column = panels_.first(panel);
        sweep.c = c + column;
        sweep.columns = panels_.size(panel);
        if (packed) {
          sweep.b = packed->panel(chunk, panel);
          sweep.b_step = panels_.width(panel);
        } else {
          take_panel(b.at(begin, column), b, panels_.width(panel), sweep);
        }
        announce_next(chunk, panel, first, last, b, packed, sweep);
        take_part(sweep.epilogue, epilogue, chunk == 0, chunk == chunks_.count - 1, column);
        engine_.sweep(sweep);
      }
    }
  }

 private:
  // Row by row of the stored matrix; they often lie a page apart, where the processor does not look ahead.
  void copy(const T* from, Index from_step, Index count, Index size, Index to_step) {
    constexpr Index line = 64 / static_cast<Index>(sizeof(T));
    for (Index k = 0; k < count; ++k) {
      for (Index i = 0; i < size; i += line) __builtin_prefetch(from + (k + 8) * from_step + i);
      std::memcpy(copy_ + k * to_step, from + k * from_step, static_cast<std::size_t>(size) * sizeof(T));
    }
  }

  // Tells the sweep where the panel of b after this one lies.
  void announce_next(Index chunk, Index panel, Index first, Index last, const MatrixView<T>& b,
                     const PackedPanels<T>* packed, Sweep<T>& sweep) const {
    const bool is_last = panel == last - 1;
    const Index next_chunk = is_last ? chunk + 1 : chunk, next_panel = is_last ? first : panel + 1;
    sweep.next = nullptr;
    if (next_chunk == chunks_.count || (!packed && b.column_step != 1)) return;
    sweep.next =
        packed ? packed->panel(next_chunk, next_panel) : b.at(chunks_.first(next_chunk), panels_.first(next_panel));
    sweep.next_step = packed ? panels_.width(next_panel) : b.row_step;
  }

  // Points the sweep at a panel of b: where its rows are whole vectors in place, from where the first rows of a take it
  // along to dense memory; else packed.
  void take_panel(const T* from, const MatrixView<T>& b, Index width, Sweep<T>& sweep) const {
    const bool in_place = b.column_step == 1 && sweep.columns == width;
    sweep.b = in_place ? from : panel_;
    sweep.b_step = in_place ? b.row_step : width;
    sweep.b_copy = in_place && b.row_step != width ? panel_ : nullptr;
    if (!in_place) engine_.pack(from, b.row_step, b.column_step, sweep.inner, sweep.columns, panel_, width);
  }

  Scratch scratch_;
  const Engine<T>& engine_;
  Index rows_;
  Panels<T> panels_;
  Chunks<T> chunks_;
  bool fetches_a_, fetches_c_, copies_a_;
  Index a_row_step_, a_step_;
  Index* a_rows_;
  Index* c_rows_;
  Index* offsets_;
  T* panel_;
  T* copy_;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
