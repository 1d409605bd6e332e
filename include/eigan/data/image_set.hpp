#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"

namespace eigan::inline EIGAN_ABI::data {

/// What a loader draws its batches from: so many samples of one shape, each of which can be copied out as
/// floating-point numbers by any thread. `labels` holds one class per sample, or is undefined.
template <class Set>
concept SampleSet = std::copyable<Set> && requires(const Set& set, Index sample, float* to) {
  { set.size() } -> std::convertible_to<Index>;
  { set.sample_shape() } -> std::convertible_to<Shape>;
  { set.labels } -> std::convertible_to<const Labels&>;
  set.copy_sample(sample, to);
};

/// A set that gives a sample differently each time, by what it draws from the stream.
template <class Set>
concept DrawnSampleSet = requires(const Set& set, Index sample, float* to, RandomStream& stream) {
  set.copy_sample(sample, to, stream);
};

/// A set that asks something of each of its samples besides a class: `conditions` holds a vector for each, [N, D].
template <class Set>
concept ConditionedSet = SampleSet<Set> && requires(const Set& set) {
  { set.conditions } -> std::convertible_to<const Tensor<float>&>;
};

/// Any set with a vector of numbers for each of its samples, which conditional networks are asked for:
/// `data::WithConditions{digits, slants}`.
template <SampleSet Set>
struct WithConditions : Set {
  /// Throws ShapeError unless conditions is [samples, D].
  WithConditions(Set set, Tensor<float> vectors) : Set(std::move(set)), conditions(std::move(vectors)) {
    if (conditions.rank() != 2 || conditions.extent(0) != this->size())
      throw ShapeError("WithConditions: expected conditions [" + std::to_string(this->size()) + ", D], got " +
                       to_string(conditions.shape()));
  }

  Tensor<float> conditions;
};

namespace detail {

/// x / 127.5 - 1 for every byte, worked out by the compiler so that it is the same whatever the unit's flags.
template <std::floating_point Scalar>
constexpr std::array<Scalar, 256> make_byte_values() {
  std::array<Scalar, 256> values{};
  for (std::size_t byte = 0; byte < values.size(); ++byte)
    values[byte] = static_cast<Scalar>(static_cast<double>(byte) / 127.5 - 1);
  return values;
}
template <std::floating_point Scalar>
inline constexpr std::array<Scalar, 256> byte_values = make_byte_values<Scalar>();

/// Extents but the first.
inline Shape shape_of_one(const Shape& shape) {
  return shape.rank() > 0 ? Shape(shape.begin() + 1, shape.end()) : Shape{};
}

inline void check_labels(const Labels& labels, Index samples, const char* what) {
  if (labels.defined() && labels.shape() != Shape{samples})
    throw ShapeError(std::string(what) + ": expected labels " + to_string(Shape{samples}) + ", got " +
                     to_string(labels.shape()));
}

}  // namespace detail

/// Images as bytes, [N, H, W, C], with a class for each or none. A sample is a float image in [-1, 1]: byte / 127.5
/// - 1.
struct ImageSet {
  Tensor<std::uint8_t> images;
  Labels labels;
  std::vector<std::string> classes = {};  ///< what the labels are called, where the files say so

  Index size() const { return images.defined() ? images.extent(0) : 0; }
  Shape sample_shape() const { return detail::shape_of_one(images.shape()); }

  template <std::floating_point Scalar>
  void copy_sample(Index sample, Scalar* to) const {
    const Index count = images.size() / images.extent(0);
    const std::uint8_t* const from = images.data() + sample * count;
    for (Index i = 0; i < count; ++i) to[i] = detail::byte_values<Scalar>[from[i]];
  }

  /// Samples [first, first + count), shared. Throws ShapeError if they are not all there.
  ImageSet part(Index first, Index count) const {
    return {images.rows(first, count), labels.defined() ? labels.rows(first, count) : Labels(), classes};
  }
};

/// Points, or any vectors of numbers, [N, D], with a class for each or none. A sample is a point as it stands.
struct PointSet {
  Tensor<float> points;
  Labels labels;

  Index size() const { return points.defined() ? points.extent(0) : 0; }
  Shape sample_shape() const { return detail::shape_of_one(points.shape()); }

  template <std::floating_point Scalar>
  void copy_sample(Index sample, Scalar* to) const {
    const Index count = points.size() / points.extent(0);
    std::copy_n(points.data() + sample * count, count, to);
  }

  PointSet part(Index first, Index count) const {
    return {points.rows(first, count), labels.defined() ? labels.rows(first, count) : Labels()};
  }
};

}  // namespace eigan::inline EIGAN_ABI::data
