#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <unsupported/Eigen/CXX11/Tensor>

#include "config.hpp"
#include "error.hpp"
#include "shape.hpp"
#include "storage.hpp"

namespace eigan::inline EIGAN_ABI {

/// Numbers in a contiguous row-major block, with any arithmetic element type. Copies are cheap and share the block; a
/// write through one of them never shows in another (mutable_data() copies first if the block is shared).
template <class T = float>
class Tensor {
  static_assert(std::is_arithmetic_v<T> && !std::is_const_v<T>);

 public:
  using Scalar = T;

  /// Holds nothing; defined() is false and size() is 0.
  Tensor() = default;

  /// Uninitialised elements.
  explicit Tensor(const Shape& shape)
      : shape_(shape),
        storage_(detail::Storage::allocate(static_cast<std::size_t>(shape.size()) * sizeof(T))),
        data_(static_cast<T*>(storage_.data())) {}

  static Tensor full(const Shape& shape, T value) {
    Tensor tensor(shape);
    std::fill_n(tensor.data_, tensor.size(), value);
    return tensor;
  }
  static Tensor zeros(const Shape& shape) { return full(shape, T(0)); }
  static Tensor scalar(T value) { return full(Shape{}, value); }

  /// A copy of the given values in row-major order. Throws ShapeError if there are more or fewer than shape.size().
  template <class Values>
  static Tensor from(const Values& values, const Shape& shape) {
    const auto count = static_cast<Index>(std::size(values));
    if (count != shape.size())
      throw ShapeError("Tensor: expected " + std::to_string(shape.size()) + " values for shape " + to_string(shape) +
                       ", got " + std::to_string(count));
    Tensor tensor(shape);
    std::transform(std::begin(values), std::end(values), tensor.data_, [](auto v) { return static_cast<T>(v); });
    return tensor;
  }
  static Tensor from(std::initializer_list<T> values) {
    return from<std::initializer_list<T>>(values, Shape{static_cast<Index>(values.size())});
  }

  /// Row-major elements that belong to somebody else: read in place, never written (the first write copies). `owner`,
  /// if given, is kept as long as the tensor; else the caller keeps the memory alive.
  static Tensor borrow(const T* data, const Shape& shape, std::shared_ptr<const void> owner = {}) {
    Tensor tensor;
    tensor.shape_ = shape;
    tensor.storage_ = detail::Storage::borrow(data, std::move(owner));
    tensor.data_ = const_cast<T*>(data);
    return tensor;
  }

  bool defined() const { return static_cast<bool>(storage_); }
  const Shape& shape() const { return shape_; }
  Index rank() const { return shape_.rank(); }
  Index size() const { return defined() ? shape_.size() : 0; }
  /// The extent of an axis; a negative axis counts from the back.
  Index extent(Index axis) const { return shape_[shape_.axis(axis)]; }

  const T* data() const { return data_; }
  T* mutable_data() {
    if (defined() && !storage_.is_exclusive()) *this = clone();
    return data_;
  }
  /// Whether a write happens in place: no other tensor shares the memory, and it is not borrowed.
  bool is_exclusive() const { return storage_.is_exclusive(); }
  bool shares_memory_with(const Tensor& other) const { return defined() && storage_.data() == other.storage_.data(); }

  Tensor clone() const {
    if (!defined()) return {};
    Tensor copy(shape_);
    std::copy_n(data_, size(), copy.data_);
    return copy;
  }

  /// The same elements under another shape, shared. Throws ShapeError if the sizes differ.
  Tensor reshaped(const Shape& shape) const {
    if (shape.size() != size())
      throw ShapeError("reshape: expected a shape of " + std::to_string(size()) + " elements for " + to_string(shape_) +
                       ", got " + to_string(shape));
    Tensor other = *this;
    other.shape_ = shape;
    return other;
  }

  /// Entries [first, first + count) along the first axis, shared. Throws ShapeError if they are not all there.
  Tensor rows(Index first, Index count) const {
    if (rank() < 1 || first < 0 || count < 0 || first + count > shape_[0])
      throw ShapeError("rows: expected a range within " + to_string(shape_) + ", got [" + std::to_string(first) + ", " +
                       std::to_string(first + count) + ")");
    Tensor part = *this;
    part.shape_[0] = count;
    part.data_ += shape_[0] ? first * (size() / shape_[0]) : 0;
    return part;
  }

  /// The only element. Throws ShapeError if there are more.
  T item() const {
    if (size() != 1) throw ShapeError("item: expected one element, got shape " + to_string(shape_));
    return *data_;
  }

  /// Every element converted.
  template <class U>
  Tensor<U> cast() const {
    if constexpr (std::is_same_v<T, U>) {
      return *this;
    } else {
      if (!defined()) return {};
      Tensor<U> other(shape_);
      std::transform(data_, data_ + size(), other.mutable_data(), [](T value) { return static_cast<U>(value); });
      return other;
    }
  }

  /// The elements as a row-major Eigen tensor of rank R, without a copy.
  template <int R>
  auto view() const {
    return Eigen::TensorMap<const Eigen::Tensor<T, R, Eigen::RowMajor>>(data_, extents<R>());
  }
  template <int R>
  auto mutable_view() {
    return Eigen::TensorMap<Eigen::Tensor<T, R, Eigen::RowMajor>>(mutable_data(), extents<R>());
  }

  /// The elements as a row-major Eigen matrix, without a copy. Throws ShapeError unless rows * columns is size().
  auto matrix(Index rows, Index columns) const {
    return Eigen::Map<const Matrix>(data_, check(rows, columns), columns);
  }
  auto mutable_matrix(Index rows, Index columns) {
    return Eigen::Map<Matrix>(mutable_data(), check(rows, columns), columns);
  }

 private:
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  template <int R>
  std::array<Index, R> extents() const {
    if (rank() != R) throw ShapeError("view: expected rank " + std::to_string(R) + ", got shape " + to_string(shape_));
    std::array<Index, R> result{};
    std::copy(shape_.begin(), shape_.end(), result.begin());
    return result;
  }

  Index check(Index rows, Index columns) const {
    if (rows * columns != size())
      throw ShapeError("matrix: expected " + std::to_string(size()) + " elements for " + to_string(shape_) + ", got " +
                       std::to_string(rows) + " x " + std::to_string(columns));
    return rows;
  }

  Shape shape_{0};
  detail::Storage storage_;
  T* data_ = nullptr;
};

/// Class labels, one per sample.
using Labels = Tensor<std::int32_t>;

}  // namespace eigan::inline EIGAN_ABI
