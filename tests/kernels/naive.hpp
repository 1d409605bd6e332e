// What the kernel tests check against: plain loops over every index, and random shapes and numbers.
#pragma once

#include <cstring>
#include <random>
#include <vector>

#include <eigan/core/parallel.hpp>
#include <eigan/core/shape.hpp>

namespace naive {

using eigan::Index;
using eigan::Shape;

inline std::mt19937_64& generator() {
  static std::mt19937_64 engine(7);
  return engine;
}

inline Index random_index(Index low, Index high) {
  return std::uniform_int_distribution<Index>(low, high)(generator());
}

template <class T>
std::vector<T> random_numbers(Index count, double mean = 0, double deviation = 1) {
  std::normal_distribution<double> normal(mean, deviation);
  std::vector<T> numbers(static_cast<std::size_t>(count));
  for (T& number : numbers) number = static_cast<T>(normal(generator()));
  return numbers;
}

inline Shape random_shape(Index rank, Index low, Index high) {
  Shape shape;
  for (Index axis = 0; axis < rank; ++axis) shape.push_back(random_index(low, high));
  return shape;
}

/// Calls body(at, linear) for every position of a row-major tensor.
template <class Body>
void for_each_position(const Shape& shape, const Body& body) {
  Shape at = Shape::filled(shape.rank(), 0);
  for (Index linear = 0; linear < shape.size(); ++linear) {
    body(static_cast<const Shape&>(at), linear);
    for (Index axis = shape.rank() - 1; axis >= 0; --axis) {
      if (++at[axis] < shape[axis]) break;
      at[axis] = 0;
    }
  }
}

inline Index offset(const Shape& shape, const Shape& at) {
  Index linear = 0;
  for (Index axis = 0; axis < shape.rank(); ++axis) linear = linear * shape[axis] + at[axis];
  return linear;
}

template <class T>
double dot(const std::vector<T>& a, const std::vector<T>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

/// Whether compute(), which returns a vector, gives the same bits on one, two and three threads.
template <class Compute>
bool same_on_any_threads(const Compute& compute) {
  bool same = true;
  eigan::set_threads(1);
  const auto one = compute();
  for (const int threads : {2, 3}) {
    eigan::set_threads(threads);
    const auto other = compute();
    same = same && one.size() == other.size() &&
           (one.empty() || std::memcmp(one.data(), other.data(), one.size() * sizeof one[0]) == 0);
  }
  eigan::set_threads(0);
  return same;
}

}  // namespace naive
