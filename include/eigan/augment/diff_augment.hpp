#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/random.hpp"
#include "../core/tensor.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/gather.hpp"
#include "../ops/reduce.hpp"
#include "../ops/reshape.hpp"
#include "any_augmentation.hpp"
#include "images.hpp"

namespace eigan::inline EIGAN_ABI::augment {

/// Differentiable augmentation (Zhao et al. 2020, section 3, and the authors' code), always on, for when there are few
/// images: brightness, saturation and contrast; translation by up to an eighth of the size, with black (0) coming in;
/// a square of half the size cut out. Drawn anew for each image.
struct DiffAugment {
  static constexpr const char* name = "diff_augment";

  bool colour = true, translation = true, cutout = true;

  /// x: [N, H, W, C], also the result's shape. Throws ShapeError for another rank or number of channels.
  template <std::floating_point S>
  Variable<S> operator()(const Variable<S>& x, const AugmentationContext& here) const {
    detail::check_images("DiffAugment", x.shape());
    const Variable<S> shown = colour ? coloured(x, here.stream) : x;
    return translation || cutout ? moved(shown, here.stream) : shown;
  }

  void settings(auto&& field) const {
    field("colour", colour);
    field("translation", translation);
    field("cutout", cutout);
  }

 private:
  template <std::floating_point S>
  static Variable<S> coloured(Variable<S> x, RandomStream& stream) {
    const Shape each{x.extent(0), 1, 1, 1};
    const auto scaled_about = [](const Variable<S>& image, const Variable<S>& middle, const Tensor<S>& factor) {
      return (image - middle) * Variable<S>(factor) + middle;
    };
    x = x + Variable<S>(stream.uniform<S>(each, -0.5, 0.5));
    if (x.extent(3) > 1) x = scaled_about(x, mean(x, Axes{3}), stream.uniform<S>(each, 0, 2));
    return scaled_about(x, mean(x, Axes{1, 2, 3}), stream.uniform<S>(each, 0.5, 1.5));
  }

  // Both are one gather, in which the pixels that come in or are cut out read as 0.
  template <std::floating_point S>
  Variable<S> moved(const Variable<S>& x, RandomStream& stream) const {
    const Index count = x.extent(0), height = x.extent(1), width = x.extent(2);
    Positions from(Shape{count * height * width});
    std::int64_t* next = from.mutable_data();
    for (Index n = 0; n < count; ++n) {
      const Index down = translation ? shift(height, stream) : 0, right = translation ? shift(width, stream) : 0;
      const Square hole = cutout ? Square(height, width, stream) : Square();
      for (Index i = 0; i < height; ++i)
        for (Index j = 0; j < width; ++j) {
          const Index row = i - down, column = j - right;
          const bool is_black = row < 0 || row >= height || column < 0 || column >= width || hole.contains(i, j);
          *next++ = is_black ? -1 : (n * height + row) * width + column;
        }
    }
    return reshape(gather(reshape(x, Shape{count * height * width, x.extent(3)}), from), x.shape());
  }

  static Index shift(Index extent, RandomStream& stream) {
    const Index most = (extent + 4) / 8;
    return stream.below(2 * most + 1) - most;
  }

  /// A hole whose middle may lie anywhere, so that part of it may lie outside.
  struct Square {
    Square() = default;
    Square(Index height, Index width, RandomStream& stream)
        : rows((height + 1) / 2),
          columns((width + 1) / 2),
          top(stream.below(height + 1 - rows % 2) - rows / 2),
          left(stream.below(width + 1 - columns % 2) - columns / 2) {}
    bool contains(Index i, Index j) const { return i >= top && i < top + rows && j >= left && j < left + columns; }
    Index rows = 0, columns = 0, top = 0, left = 0;
  };
};

}  // namespace eigan::inline EIGAN_ABI::augment
