#pragma once

#include <concepts>
#include <optional>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../ops/max_pool.hpp"
#include "../ops/reduce.hpp"
#include "../ops/resample.hpp"
#include "../ops/reshape.hpp"
#include "options.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Options of AveragePool and MaxPool, each one number or one per dimension: `{.kernel = 3, .stride = 2, .padding =
/// 1}`.
struct PoolOptions {
  PerDimension<Index> kernel;
  std::optional<PerDimension<Index>> stride = {};  ///< the kernel's size by default
  PerDimension<Index> padding = 0;                 ///< on both sides, at most half the kernel
  bool count_padding = true;                       ///< an average counts the zeros of the padding too
};

namespace detail {

/// The windows of a pooling over the spatial axes of an input.
struct PoolWindows {
  PoolWindows(const char* layer, const Shape& x, const PoolOptions& options) {
    const Index dims = x.rank() - 2;
    if (dims < 1 || dims > 3)
      throw ShapeError(std::string(layer) + ": expected input [N, spatial..., C] with 1 to 3 spatial axes, got " +
                       to_string(x));
    for (Index axis = 0; axis < dims; ++axis) {
      kernel.push_back(options.kernel.at(axis, dims));
      stride.push_back(options.stride ? options.stride->at(axis, dims) : kernel[axis]);
      padding.push_back(options.padding.at(axis, dims));
    }
  }
  Shape kernel, stride, padding;
};

inline void check_pool(const char* layer, const PoolOptions& options) {
  const auto refuse = [&](const char* expected) { throw ConfigError(std::string(layer) + ": expected " + expected); };
  for (const Index kernel : options.kernel)
    if (kernel < 1) refuse("a kernel of 1 or more");
  for (const Index stride : options.stride.value_or(1))
    if (stride < 1) refuse("a stride of 1 or more");
  for (Index axis = 0; const Index padding : options.padding) {
    const Index* const kernel =
        options.kernel.begin() + (options.kernel.end() - options.kernel.begin() > axis ? axis : 0);
    if (padding < 0 || 2 * padding > *kernel) refuse("padding of at most half the kernel");
    ++axis;
  }
}

}  // namespace detail

/// The mean of each window: `AveragePool(2)` halves an image. x: [N, spatial..., C] -> [N, spatial'..., C],
/// spatial' = (spatial + 2 padding - kernel) / stride + 1. Throws ShapeError for another shape.
class AveragePool {
 public:
  static constexpr const char* name = "AveragePool";
  static constexpr bool is_per_sample = true;

  explicit AveragePool(Index kernel) : AveragePool(PoolOptions{.kernel = kernel}) {}
  explicit AveragePool(const PoolOptions& options) : options_(options) { detail::check_pool(name, options); }

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    const detail::PoolWindows windows(name, x.shape(), options_);
    return average_pool(x, windows.kernel, windows.stride, windows.padding, options_.count_padding);
  }

 private:
  PoolOptions options_;
};

/// The largest value of each window; padding never wins. x: [N, spatial..., C] -> [N, spatial'..., C].
/// Throws ShapeError for another shape.
class MaxPool {
 public:
  static constexpr const char* name = "MaxPool";
  static constexpr bool is_per_sample = true;

  explicit MaxPool(Index kernel) : MaxPool(PoolOptions{.kernel = kernel}) {}
  explicit MaxPool(const PoolOptions& options) : options_(options) { detail::check_pool(name, options); }

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    const detail::PoolWindows windows(name, x.shape(), options_);
    return max_pool(x, windows.kernel, windows.stride, windows.padding);
  }

 private:
  PoolOptions options_;
};

/// The mean over all positions. x: [N, spatial..., C] -> [N, C]. Throws ShapeError for a rank below 3.
struct GlobalAveragePool {
  static constexpr const char* name = "GlobalAveragePool";
  static constexpr bool is_per_sample = true;

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    if (x.rank() < 3)
      throw ShapeError("GlobalAveragePool: expected input [N, spatial..., C], got " + to_string(x.shape()));
    return reshape(mean(x, Axes::range(1, x.rank() - 1)), Shape{x.extent(0), x.extent(-1)});
  }
};

/// The sum over all positions. x: [N, spatial..., C] -> [N, C]. Throws ShapeError for a rank below 3.
struct GlobalSumPool {
  static constexpr const char* name = "GlobalSumPool";
  static constexpr bool is_per_sample = true;

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    if (x.rank() < 3) throw ShapeError("GlobalSumPool: expected input [N, spatial..., C], got " + to_string(x.shape()));
    return reshape(sum(x, Axes::range(1, x.rank() - 1)), Shape{x.extent(0), x.extent(-1)});
  }
};

}  // namespace eigan::inline EIGAN_ABI::nn
