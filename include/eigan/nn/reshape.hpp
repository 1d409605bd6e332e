#pragma once

#include <concepts>
#include <initializer_list>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../ops/reshape.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Each sample in one row. x: [N, ...] -> [N, everything else].
struct Flatten {
  static constexpr const char* name = "Flatten";
  static constexpr bool is_per_sample = true;
  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    return flatten(x);
  }
};

/// Each sample under another shape. x: [N, ...] -> [N, shape...]; one extent may be -1, for whatever is left.
/// Throws ShapeError if a sample has not as many elements.
class Reshape {
 public:
  static constexpr const char* name = "Reshape";
  static constexpr bool is_per_sample = true;

  explicit Reshape(std::initializer_list<Index> sample) {
    for (const Index extent : sample) {
      if (extent == -1 && open_axis_ < 0) open_axis_ = sample_.rank();
      sample_.push_back(extent == -1 && open_axis_ == sample_.rank() ? 1 : extent);
    }
  }
  explicit Reshape(const Shape& sample) : sample_(sample) {}

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    if (x.rank() == 0) refuse(x.shape());
    Index elements = 1;
    for (Index axis = 1; axis < x.rank(); ++axis) elements *= x.extent(axis);
    Shape sample = sample_;
    if (open_axis_ >= 0 && sample.size() > 0) sample[open_axis_] = elements / sample.size();
    if (sample.size() != elements) refuse(x.shape());
    Shape shape{x.extent(0)};
    for (const Index extent : sample) shape.push_back(extent);
    return reshape(x, shape);
  }

 private:
  [[noreturn]] void refuse(const Shape& x) const {
    throw ShapeError("Reshape: expected samples of " + std::string(open_axis_ < 0 ? "" : "a multiple of ") +
                     std::to_string(sample_.size()) + " elements for [N, ...] to " + to_string(sample_) + ", got " +
                     to_string(x));
  }

  Shape sample_;
  Index open_axis_ = -1;
};

}  // namespace eigan::inline EIGAN_ABI::nn
