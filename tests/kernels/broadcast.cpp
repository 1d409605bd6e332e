// Broadcasting against a plain loop over multi-indices, on random shapes with axes of 0, of 1 and missing ones.

#include <cmath>
#include <string>
#include <vector>

#include <eigan/kernels/broadcast.hpp>

#include "catch.hpp"
#include "support.hpp"

namespace {

namespace op = eigan::kernels::op;
using eigan::Shape;
using eigan::kernels::broadcast_copy;
using eigan::kernels::broadcast_shapes;
using eigan::kernels::map_broadcast;

/// The element of a tensor of `shape` that stands at position `i` of the result of shape `out`.
std::size_t source(Index i, const Shape& out, const Shape& shape) {
  Index position = 0, step = 1;
  for (Index axis = out.rank() - 1; axis >= 0; --axis) {
    const Index own = axis - (out.rank() - shape.rank()), coordinate = i % out[axis];
    i /= out[axis];
    if (own < 0) continue;
    if (shape[own] != 1) position += coordinate * step;
    step *= shape[own];
  }
  return static_cast<std::size_t>(position);
}

/// `out` with some axes set to 1 and some leading ones left off.
Shape operand_shape(const Shape& out, Numbers& numbers) {
  const Index missing = numbers.coin() ? 0 : numbers.between(0, out.rank());
  Shape shape;
  for (Index axis = missing; axis < out.rank(); ++axis) shape.push_back(numbers.coin() ? out[axis] : 1);
  return shape;
}

template <class T>
bool binary_agrees(const Shape& a_shape, const Shape& b_shape) {
  Numbers numbers(3);
  const Shape out_shape = broadcast_shapes(a_shape, b_shape);
  const auto a = numbers.values<T>(a_shape.size()), b = numbers.values<T>(b_shape.size());
  std::vector<T> out(static_cast<std::size_t>(out_shape.size()) + 1, T(-77));
  map_broadcast(op::Subtract{}, out.data(), out_shape, a.data(), a_shape, b.data(), b_shape);
  for (Index i = 0; i < out_shape.size(); ++i)
    if (out[static_cast<std::size_t>(i)] != a[source(i, out_shape, a_shape)] - b[source(i, out_shape, b_shape)])
      return false;
  return out.back() == T(-77);
}

}  // namespace

TEST_CASE("shapes broadcast as in NumPy", "[kernels][broadcast]") {
  CHECK(broadcast_shapes({}, {}) == Shape{});
  CHECK(broadcast_shapes({2, 3}, {}) == Shape{2, 3});
  CHECK(broadcast_shapes({3}, {2, 1}) == Shape{2, 3});
  CHECK(broadcast_shapes({4, 1, 3}, {5, 1}) == Shape{4, 5, 3});
  CHECK(broadcast_shapes({0, 3}, {1, 3}) == Shape{0, 3});
  CHECK(broadcast_shapes({1}, {0}) == Shape{0});
  CHECK_THROWS_AS(broadcast_shapes({0}, {2}), eigan::ShapeError);
  try {
    broadcast_shapes({2, 3}, {4});
    FAIL("no error");
  } catch (const eigan::ShapeError& error) {
    CHECK(std::string(error.what()).find("[2, 3] and [4]") != std::string::npos);
  }
}

TEMPLATE_TEST_CASE("two operands of the shapes that networks have", "[kernels][broadcast]", float, double) {
  using T = TestType;
  on_every_instruction_set([] {
    CHECK(binary_agrees<T>({}, {}));
    CHECK(binary_agrees<T>({4, 5}, {4, 5}));
    CHECK(binary_agrees<T>({70000}, {}));
    CHECK(binary_agrees<T>({}, {300, 301}));
    for (const Index channels : {1, 2, 3, 17, 64, 255, 256, 1000, 2048, 5000}) {
      CHECK(binary_agrees<T>({40, channels}, {channels}));                // a bias
      CHECK(binary_agrees<T>({40, 1}, {40, channels}));                   // a number per row
      CHECK(binary_agrees<T>({6, 7, 5, channels}, {6, 1, 1, channels}));  // a style per sample
      CHECK(binary_agrees<T>({6, 1, 1, 1}, {6, 5, 7, channels}));         // a number per sample
      CHECK(binary_agrees<T>({6, 5, 7, channels}, {6, 5, 7, 1}));         // a mask
      CHECK(binary_agrees<T>({40, 1}, {1, channels}));                    // an outer product
      CHECK(binary_agrees<T>({5, 1, 7, channels}, {1, 6, 1, channels}));
    }
  });
}

TEST_CASE("random shapes, three operands, with empty axes", "[kernels][broadcast]") {
  Numbers numbers(11);
  on_every_instruction_set([&] {
    bool all_agree = true;
    for (int trial = 0; trial < 400; ++trial) {
      Shape wanted;
      for (Index axis = numbers.between(0, 5); axis > 0; --axis)
        wanted.push_back(numbers.between(0, 30) == 0 ? 0
                         : numbers.coin()            ? numbers.between(1, 4)
                                                     : numbers.between(1, 19));
      const Shape a_shape = operand_shape(wanted, numbers), b_shape = operand_shape(wanted, numbers),
                  c_shape = operand_shape(wanted, numbers);
      const Shape out_shape = broadcast_shapes(broadcast_shapes(a_shape, b_shape), c_shape);
      const auto a = numbers.values<float>(a_shape.size()), b = numbers.values<float>(b_shape.size()),
                 c = numbers.values<float>(c_shape.size());
      std::vector<float> out(static_cast<std::size_t>(out_shape.size()) + 1, -77.0f), copy = out;
      map_broadcast(op::MultiplyAdd{}, out.data(), out_shape, a.data(), a_shape, b.data(), b_shape, c.data(), c_shape);
      broadcast_copy(copy.data(), out_shape, b.data(), b_shape);
      for (Index i = 0; i < out_shape.size(); ++i) {
        const float x = a[source(i, out_shape, a_shape)], y = b[source(i, out_shape, b_shape)],
                    z = c[source(i, out_shape, c_shape)];
        const double exact = static_cast<double>(x) * static_cast<double>(y) + static_cast<double>(z);
        const auto k = static_cast<std::size_t>(i);
        all_agree = all_agree && std::abs(static_cast<double>(out[k]) - exact) < 3e-7 && copy[k] == y;
      }
      all_agree = all_agree && out.back() == -77.0f && copy.back() == -77.0f;
    }
    CHECK(all_agree);
  });
}

TEST_CASE("broadcasting in place, and its bits at any number of threads", "[kernels][broadcast]") {
  Numbers numbers(13);
  const Shape shape{50, 31, 67}, row{31, 1};
  const auto a = numbers.values<float>(shape.size()), b = numbers.values<float>(row.size());
  std::vector<float> apart(a.size()), in_place = a;
  map_broadcast(op::Multiply{}, apart.data(), shape, a.data(), shape, b.data(), row);
  map_broadcast(op::Multiply{}, in_place.data(), shape, in_place.data(), shape, b.data(), row);
  CHECK(apart == in_place);
  CHECK(same_at_any_thread_count([&] {
          std::vector<float> y(a.size());
          map_broadcast(op::Multiply{}, y.data(), shape, a.data(), shape, b.data(), row);
          return y;
        }) == apart);
}
