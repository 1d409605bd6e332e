#pragma once

#include <array>
#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "../autograd/record.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/pool.hpp"
#include "../kernels/resample.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

namespace internal {

/// The taps of 1 to 3 spatial axes, shared by an operation and its adjoint.
template <std::floating_point S>
class SpatialTaps {
 public:
  /// taps_of(axis) gives the taps of each spatial axis of x: [N, spatial..., C].
  template <class TapsOf>
  SpatialTaps(const Shape& x, const TapsOf& taps_of) : count_(static_cast<std::size_t>(x.rank() - 2)) {
    auto taps = std::allocate_shared<std::array<kernels::ResampleTaps<S>, 3>>(
        PoolAllocator<std::array<kernels::ResampleTaps<S>, 3>>());
    for (std::size_t axis = 0; axis < count_; ++axis) (*taps)[axis] = taps_of(static_cast<Index>(axis));
    taps_ = std::move(taps);
  }

  std::span<const kernels::ResampleTaps<S>> axes() const { return {taps_->data(), count_}; }

  Shape input(Shape shape) const {
    for (std::size_t axis = 0; axis < count_; ++axis) shape[static_cast<Index>(axis) + 1] = (*taps_)[axis].in;
    return shape;
  }
  Shape output(Shape shape) const {
    for (std::size_t axis = 0; axis < count_; ++axis) shape[static_cast<Index>(axis) + 1] = (*taps_)[axis].out;
    return shape;
  }

 private:
  std::size_t count_;
  std::shared_ptr<const std::array<kernels::ResampleTaps<S>, 3>> taps_;
};

inline void check_spatial(const char* operation, const Shape& x, const Shape& per_axis) {
  if (x.rank() < 3 || x.rank() > 5 || per_axis.rank() != x.rank() - 2)
    throw ShapeError(std::string(operation) +
                     ": expected input [N, spatial..., C] with 1 to 3 spatial axes and a number for each, got " +
                     to_string(x) + " and " + to_string(per_axis));
}

template <std::floating_point S>
Variable<S> resample_adjoint(const Variable<S>& dy, const SpatialTaps<S>& taps);

template <std::floating_point S>
Variable<S> resample(const Variable<S>& x, const SpatialTaps<S>& taps) {
  Tensor<S> y(taps.output(x.shape()));
  kernels::resample(x.data(), x.extent(0), taps.axes(), x.extent(-1), y.mutable_data());
  return record("resample", std::move(y), {x},
                [taps](const Backward<S>& b) -> Gradients<S> { return {resample_adjoint(b.dy, taps)}; });
}

template <std::floating_point S>
Variable<S> resample_adjoint(const Variable<S>& dy, const SpatialTaps<S>& taps) {
  Tensor<S> dx(taps.input(dy.shape()));
  kernels::resample_adjoint(dy.data(), dy.extent(0), taps.axes(), dy.extent(-1), dx.mutable_data());
  return record("resample_adjoint", std::move(dx), {dy},
                [taps](const Backward<S>& b) -> Gradients<S> { return {resample(b.dy, taps)}; });
}

}  // namespace internal

/// Enlarges or shrinks the spatial axes to `size`; each result is the input whose area it falls into, floor(o in /
/// out). x: [N, spatial..., C] -> [N, size..., C]. Throws ShapeError for other ranks.
template <std::floating_point S>
Variable<S> upsample_nearest(const Variable<S>& x, const Shape& size) {
  internal::check_spatial("upsample_nearest", x.shape(), size);
  return internal::resample(x, internal::SpatialTaps<S>(x.shape(), [&](Index axis) {
                              return kernels::nearest_taps<S>(x.extent(axis + 1), size[axis]);
                            }));
}

/// The same by linear interpolation between pixel centres (bilinear for images; PyTorch's align_corners=False).
template <std::floating_point S>
Variable<S> upsample_linear(const Variable<S>& x, const Shape& size) {
  internal::check_spatial("upsample_linear", x.shape(), size);
  return internal::resample(x, internal::SpatialTaps<S>(x.shape(), [&](Index axis) {
                              return kernels::linear_taps<S>(x.extent(axis + 1), size[axis]);
                            }));
}

namespace internal {

inline void check_windows(const char* operation, const Shape& x, const Shape& kernel, const Shape& stride,
                          const Shape& padding) {
  check_spatial(operation, x, kernel);
  check_spatial(operation, x, stride);
  check_spatial(operation, x, padding);
  for (Index axis = 0; axis < kernel.rank(); ++axis) {
    if (stride[axis] < 1 || kernel[axis] < 1 || 2 * padding[axis] > kernel[axis])
      throw ConfigError(std::string(operation) +
                        ": expected kernel and stride of 1 or more and padding of at most half the kernel");
    if (x[axis + 1] + 2 * padding[axis] < kernel[axis])
      throw ShapeError(std::string(operation) + ": expected an input at least as large as the window " +
                       to_string(kernel) + ", got " + to_string(x));
  }
}

}  // namespace internal

/// The mean of each window. x: [N, spatial..., C] -> [N, spatial'..., C],
/// spatial' = (spatial + 2 padding - kernel) / stride + 1; zeros of the padding count as entries, or not.
/// Throws ShapeError or ConfigError if extents do not fit.
template <std::floating_point S>
Variable<S> average_pool(const Variable<S>& x, const Shape& kernel, const Shape& stride, const Shape& padding,
                         bool count_padding = true) {
  internal::check_windows("average_pool", x.shape(), kernel, stride, padding);
  return internal::resample(x, internal::SpatialTaps<S>(x.shape(), [&](Index axis) {
                              return kernels::average_taps<S>(x.extent(axis + 1), kernel[axis], stride[axis],
                                                              padding[axis], padding[axis], count_padding);
                            }));
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
