// Shared by the tests of operations: random inputs, and the claim that derivatives equal finite differences.
#pragma once

#include <string>
#include <vector>

#include <eigan/autograd/check.hpp>
#include <eigan/core/random.hpp>

#include "catch.hpp"

namespace test {

using eigan::Index;
using eigan::Shape;
using eigan::Tensor;
using Var = eigan::Variable<double>;

/// Normal numbers from a stream named after the shape, so that each test has its own.
inline Var random(const Shape& shape, std::uint64_t seed = 1, double mean = 0, double deviation = 1) {
  eigan::RandomStream stream(seed, eigan::to_string(shape));
  return Var(stream.normal<double>(shape, mean, deviation));
}

/// Numbers whose distance from each of `kinks` is at least 0.05.
inline Var random_away_from(const Shape& shape, const std::vector<double>& kinks, std::uint64_t seed = 1) {
  Tensor<double> values = random(shape, seed).value();
  for (Index i = 0; i < values.size(); ++i) {
    double& value = values.mutable_data()[i];
    for (const double kink : kinks)
      if (std::abs(value - kink) < 0.05) value = kink + (value < kink ? -0.05 : 0.05);
  }
  return Var(values);
}

/// Full Jacobian and that of the vector-Jacobian product against finite differences.
inline void check_derivatives(const std::string& what, const eigan::DifferentiableFunction& f,
                              const std::vector<Var>& inputs, double step = 1e-3) {
  const eigan::GradientErrors errors = eigan::check_gradients(f, inputs, step);
  INFO(what);
  CHECK(errors.first_order < 1e-7);
  CHECK(errors.second_order < 1e-7);
}

}  // namespace test
