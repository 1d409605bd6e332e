#pragma once

#include "../dots.hpp"
#include "../sweep.hpp"
#include "dispatch.hpp"
#include "transposition.hpp"

// An empty instruction that "changes" a pointer, so that a load adds the place to it in its address: g++ would add it
// to what the pointers have in common, an instruction more for units that the multiply-adds want.
#if defined(__GNUC__)
#define EIGAN_KEEP_IN_ADDRESS_REGISTER(pointer) __asm__("" : "+r"(pointer))
#else
#define EIGAN_KEEP_IN_ADDRESS_REGISTER(pointer)
#endif

namespace eigan::inline EIGAN_ABI::kernels {

/// The serial kernels of one instruction set, and what their callers must know of its registers.
template <class T>
struct Engine {
  Index lanes;  ///< columns in a vector
  Index panel;  ///< the most columns that one sweep takes
  void (*sweep)(const Sweep<T>&);
  void (*sweep_wide)(const Sweep<T>&);
  void (*sweep_channels)(const Sweep<T>&);
  void (*sum_taps)(const Sweep<T>&);
  void (*dots)(const Dots<T>&);
  void (*pack)(const T* b, Index row_step, Index column_step, Index inner, Index columns, T* panel, Index width);
  void (*transpose)(const T* x, Index x_step, T* y, Index y_step, Index rows, Index columns);
  void (*add_parts)(T* total, const T* parts, Index count, Index step, Index size);
};

}  // namespace eigan::inline EIGAN_ABI::kernels

#define EIGAN_TARGET_FILE "../target/finish.inl"
#include "for_each_target.inl"
#define EIGAN_TARGET_FILE "../target/tile.inl"
#include "for_each_target.inl"
#define EIGAN_TARGET_FILE "../target/sweep.inl"
#include "for_each_target.inl"
#define EIGAN_TARGET_FILE "../target/sweep_wide.inl"
#include "for_each_target.inl"
#define EIGAN_TARGET_FILE "../target/sweep_channels.inl"
#include "for_each_target.inl"
#define EIGAN_TARGET_FILE "../target/sum_taps.inl"
#include "for_each_target.inl"
#define EIGAN_TARGET_FILE "../target/dots.inl"
#include "for_each_target.inl"
#define EIGAN_TARGET_FILE "../target/pack.inl"
#include "for_each_target.inl"
#define EIGAN_TARGET_FILE "../target/sum_parts.inl"
#include "for_each_target.inl"
#define EIGAN_TARGET_FILE "../target/engine.inl"
#include "for_each_target.inl"

namespace eigan::inline EIGAN_ABI::kernels {

/// The kernels of the instruction set in use.
template <class T>
const Engine<T>& engine() {
  EIGAN_DISPATCH(engine_of<T>())
}

}  // namespace eigan::inline EIGAN_ABI::kernels
