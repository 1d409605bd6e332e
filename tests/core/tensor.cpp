#include <memory>
#include <vector>

#include <eigan/core/tensor.hpp>

#include "catch.hpp"

using namespace eigan;

TEST_CASE("a shape knows its size, strides and text", "[core]") {
  const Shape shape{2, 3, 4};
  CHECK(shape.size() == 24);
  CHECK(shape.strides() == Shape{12, 4, 1});
  CHECK(to_string(shape) == "[2, 3, 4]");
  CHECK(Shape{}.size() == 1);
  CHECK(Shape{3, 0}.size() == 0);
  CHECK(shape.axis(-1) == 2);
  CHECK_THROWS_AS(shape.axis(3), ShapeError);
  CHECK_THROWS_AS(Shape({-1}), ShapeError);
  CHECK_THROWS_AS(Shape({1, 1, 1, 1, 1, 1, 1, 1, 1}), ShapeError);
  CHECK_FALSE(Shape{2, 3} == Shape{2, 3, 1});
}

TEST_CASE("a write through one tensor never shows in another", "[core]") {
  Tensor<float> a = Tensor<float>::from({1, 2, 3, 4});
  const Tensor<float> b = a, c = a.reshaped({2, 2}), d = a.rows(1, 2);
  CHECK(b.shares_memory_with(a));
  a.mutable_data()[1] = 9;
  CHECK(a.data()[1] == 9);
  CHECK(b.data()[1] == 2);
  CHECK(c.data()[1] == 2);
  CHECK(d.data()[0] == 2);
  const float* const before = a.data();
  a.mutable_data()[0] = 7;  // alone now: in place
  CHECK(a.data() == before);
}

TEST_CASE("borrowed memory is read in place and never written", "[core]") {
  std::vector<double> numbers{1, 2, 3, 4, 5, 6};
  Tensor<double> tensor = Tensor<double>::borrow(numbers.data(), {2, 3});
  CHECK(tensor.data() == numbers.data());
  tensor.mutable_data()[0] = 9;
  CHECK(numbers[0] == 1);

  auto owner = std::make_shared<std::vector<double>>(3, 1.5);
  const std::weak_ptr<std::vector<double>> watched = owner;
  Tensor<double> kept = Tensor<double>::borrow(owner->data(), {3}, owner);
  owner.reset();
  CHECK(kept.data()[2] == 1.5);
  kept = {};
  CHECK(watched.expired());
}

TEST_CASE("Eigen sees a tensor's elements, and a tensor Eigen's, without a copy", "[core]") {
  Tensor<float> tensor(Shape{2, 3});
  tensor.mutable_matrix(2, 3) << 1, 2, 3, 4, 5, 6;
  CHECK(tensor.matrix(3, 2)(2, 1) == 6);
  CHECK(tensor.view<2>()(1, 0) == 4);
  tensor.mutable_view<2>()(0, 2) = 8;
  CHECK(tensor.data()[2] == 8);
  CHECK(static_cast<const void*>(tensor.view<2>().data()) == tensor.data());

  const Eigen::Matrix<double, 2, 2, Eigen::RowMajor> matrix{{1, 2}, {3, 4}};
  const Tensor<double> borrowed = Tensor<double>::borrow(matrix.data(), {2, 2});
  CHECK(borrowed.data()[3] == 4);
  CHECK_THROWS_AS(tensor.view<3>(), ShapeError);
  CHECK_THROWS_AS(tensor.matrix(2, 2), ShapeError);
}

TEST_CASE("tensors are made, reshaped and converted", "[core]") {
  CHECK(Tensor<int>::zeros({2, 2}).data()[3] == 0);
  CHECK(Tensor<int>::full({2}, 5).data()[1] == 5);
  CHECK(Tensor<double>::scalar(2).item() == 2);
  CHECK(Tensor<float>::from({1.5f, 2.5f}).cast<int>().data()[1] == 2);
  CHECK(Tensor<float>(Shape{0, 3}).size() == 0);
  CHECK_FALSE(Tensor<float>().defined());
  CHECK(Tensor<float>().size() == 0);
  CHECK_THROWS_WITH(Tensor<float>::zeros({2, 3}).reshaped({4}), Catch::Contains("[2, 3]") && Catch::Contains("[4]"));
  CHECK_THROWS_AS(Tensor<float>::zeros({2}).item(), ShapeError);
  CHECK_THROWS_AS(Tensor<float>::zeros({2}).rows(1, 2), ShapeError);
  CHECK_THROWS_AS(Tensor<float>::from(std::vector<int>{1, 2}, Shape{3}), ShapeError);
}
