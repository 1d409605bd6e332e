#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "../core/config.hpp"
#include "grad.hpp"
#include "variable.hpp"

namespace eigan::inline EIGAN_ABI {

/// A function under test: some inputs, one output of any shape.
using DifferentiableFunction = std::function<Variable<double>(const std::vector<Variable<double>>&)>;

/// How far derivatives are from finite differences, relative to the largest entry of the Jacobian (or 1 if that is
/// less).
struct GradientErrors {
  double first_order = 0;
  double second_order = 0;
};

namespace detail {

/// J[i * size of y + j] = d y[j] / d x[i], over all inputs one after the other.
using Jacobian = std::vector<double>;

inline Jacobian numeric_jacobian(const DifferentiableFunction& f, const std::vector<Variable<double>>& inputs,
                                 double step) {
  const NoGrad no_grad;
  Jacobian jacobian;
  for (std::size_t k = 0; k < inputs.size(); ++k)
    for (Index i = 0; i < inputs[k].size(); ++i) {
      const auto shifted = [&](double by) {
        Tensor<double> value = inputs[k].value().clone();
        value.mutable_data()[i] += by;
        std::vector<Variable<double>> moved = inputs;
        moved[k] = Variable<double>(std::move(value));
        return f(moved).value();
      };
      // The fourth-order central difference: its error is far below what a wrong rule would show.
      const Tensor<double> far = shifted(2 * step), near = shifted(step), back = shifted(-step),
                           far_back = shifted(-2 * step);
      for (Index j = 0; j < near.size(); ++j)
        jacobian.push_back((8 * (near.data()[j] - back.data()[j]) - (far.data()[j] - far_back.data()[j])) /
                           (12 * step));
    }
  return jacobian;
}

inline Jacobian analytic_jacobian(const DifferentiableFunction& f, const std::vector<Variable<double>>& inputs) {
  const Variable<double> y = f(inputs);
  Index total = 0;
  for (const Variable<double>& input : inputs) total += input.size();
  Jacobian jacobian(static_cast<std::size_t>(total * y.size()));
  for (Index j = 0; j < y.size(); ++j) {
    Tensor<double> one_hot = Tensor<double>::zeros(y.shape());
    one_hot.mutable_data()[j] = 1;
    const auto rows = pullback(y, Variable<double>(std::move(one_hot)), inputs, {.unreached = Unreached::zeros});
    std::size_t at = static_cast<std::size_t>(j);
    for (const Variable<double>& row : rows)
      for (Index i = 0; i < row.size(); ++i, at += static_cast<std::size_t>(y.size())) jacobian[at] = row.data()[i];
  }
  return jacobian;
}

inline double largest_error(const Jacobian& analytic, const Jacobian& numeric) {
  double error = 0, scale = 1;
  for (std::size_t i = 0; i < numeric.size(); ++i) {
    scale = std::max(scale, std::abs(numeric[i]));
    const double difference = std::abs(analytic[i] - numeric[i]);
    if (!(difference <= error)) error = difference;  // a NaN counts as the largest
  }
  return error / scale;
}

}  // namespace detail

/// Compares the full Jacobian of f, and that of its vector-Jacobian product (in the inputs and in the vector), with
/// finite differences of step `step`. Inputs should stay away from kinks by more than twice the step.
inline GradientErrors check_gradients(const DifferentiableFunction& f, const std::vector<Variable<double>>& inputs,
                                      double step = 1e-3) {
  const auto first =
      detail::largest_error(detail::analytic_jacobian(f, inputs), detail::numeric_jacobian(f, inputs, step));

  const Variable<double> y = f(inputs);
  Tensor<double> vector(y.shape());
  for (Index i = 0; i < vector.size(); ++i) vector.mutable_data()[i] = std::cos(1.0 + static_cast<double>(i));
  std::vector<Variable<double>> inputs_and_vector = inputs;
  inputs_and_vector.emplace_back(std::move(vector));

  double second = 0;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const DifferentiableFunction product = [&f, k](const std::vector<Variable<double>>& all) {
      const RecordingGuard recording(true);
      const std::vector<Variable<double>> in(all.begin(), all.end() - 1);
      return pullback(f(in), all.back(), {in[k]}, {.create_graph = true, .unreached = Unreached::zeros}).front();
    };
    second = std::max(second, detail::largest_error(detail::analytic_jacobian(product, inputs_and_vector),
                                                    detail::numeric_jacobian(product, inputs_and_vector, step)));
  }
  return {first, second};
}

}  // namespace eigan::inline EIGAN_ABI
