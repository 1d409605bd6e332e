#pragma once

#include <array>
#include <cstddef>

#include "../core/config.hpp"
#include "../core/shape.hpp"

namespace eigan::inline EIGAN_ABI::kernels::detail {

/// The result's axes from the innermost outwards, without extents of 1 and with those merged that all operands step
/// through as if they were one. The innermost step of an operand is 1, or 0 where it repeats.
struct BroadcastAxes {
  int rank = 0;
  std::array<Index, 8> extents{};
  std::array<std::array<Index, 8>, 3> steps{};  // by operand, then axis

  BroadcastAxes(const Shape& out, const Shape* const* shapes, int operands) {
    std::array<Index, 3> inner{1, 1, 1};  // elements of each operand inside of the axis at hand
    for (Index axis = out.rank() - 1; axis >= 0; --axis) {
      const Index extent = out[axis];
      std::array<Index, 3> step{};
      for (std::size_t k = 0; k < static_cast<std::size_t>(operands); ++k) {
        const Index own_axis = axis - (out.rank() - shapes[k]->rank());
        const Index own = own_axis < 0 ? 1 : (*shapes[k])[own_axis];
        step[k] = own == 1 ? 0 : inner[k];
        inner[k] *= own;
      }
      if (extent != 1) append(extent, step);
    }
    if (rank == 0) append(1, {1, 1, 1});
  }

  /// Whether operand k is laid out just as the result.
  bool is_contiguous(std::size_t k) const {
    Index expected = 1;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(rank); expected *= extents[axis++])
      if (steps[k][axis] != expected) return false;
    return true;
  }
  /// Whether all operands are.
  bool are_contiguous(std::size_t operands) const {
    for (std::size_t k = 0; k < operands; ++k)
      if (!is_contiguous(k)) return false;
    return true;
  }
  /// Where innermost run `run` of operand k starts.
  Index run_start(std::size_t k, Index run) const {
    Index start = 0;
    for (std::size_t axis = 1; axis < static_cast<std::size_t>(rank); ++axis) {
      start += run % extents[axis] * steps[k][axis];
      run /= extents[axis];
    }
    return start;
  }
  /// Whether operand k is the same in each of the innermost runs.
  bool is_periodic(std::size_t k) const {
    for (std::size_t axis = 1; axis < static_cast<std::size_t>(rank); ++axis)
      if (steps[k][axis] != 0) return false;
    return true;
  }

 private:
  void append(Index extent, const std::array<Index, 3>& step) {
    const auto last = static_cast<std::size_t>(rank - 1);
    bool merges = rank > 0;
    for (std::size_t k = 0; merges && k < 3; ++k) merges = step[k] == steps[k][last] * extents[last];
    if (merges) {
      extents[last] *= extent;
      return;
    }
    const auto axis = static_cast<std::size_t>(rank++);
    extents[axis] = extent;
    for (std::size_t k = 0; k < 3; ++k) steps[k][axis] = step[k];
  }
};

/// How a pass goes through the result: in segments of some whole innermost runs where these are short, else of a part
/// of one run.
class BroadcastSegments {
 public:
  static constexpr Index largest = 2048;  // elements

  struct Segment {
    Index begin, count;       ///< elements of the result
    Index run, runs, offset;  ///< the first run, how many there are, and where in it the segment starts
  };

  BroadcastSegments(const BroadcastAxes& axes, Index size)
      : length_(axes.extents[0]),
        runs_(size / length_),
        whole_runs_(length_ < short_run ? largest / length_ : 0),
        per_run_((length_ + largest - 1) / largest) {}

  Index count() const { return has_whole_runs() ? (runs_ + whole_runs_ - 1) / whole_runs_ : runs_ * per_run_; }
  bool has_whole_runs() const { return whole_runs_ > 0; }

  Segment operator[](Index segment) const {
    if (has_whole_runs()) {
      const Index run = segment * whole_runs_, runs = whole_runs_ < runs_ - run ? whole_runs_ : runs_ - run;
      return {run * length_, runs * length_, run, runs, 0};
    }
    const Index run = segment / per_run_, offset = segment % per_run_ * largest;
    return {run * length_ + offset, largest < length_ - offset ? largest : length_ - offset, run, 1, offset};
  }

 private:
  static constexpr Index short_run = 256;  // elements

  Index length_, runs_, whole_runs_, per_run_;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::detail
