// Small smooth critics as functions of their parameters, so that finite differences in the parameters are exact enough.
#pragma once

#include <string>
#include <vector>

#include <eigan/core/random.hpp>
#include <eigan/ops/ops.hpp>

namespace test {

using namespace eigan;

template <class S = double>
Variable<S> normal(const std::string& name, const Shape& shape, double scale = 1) {
  return Variable<S>(RandomStream(7, name).normal<S>(shape, 0, scale));
}

/// [N, 4] -> [N, 1] with two hidden layers.
struct MlpCritic {
  std::vector<Variable<double>> parameters = {normal("w1", {5, 4}, 0.7), normal("b1", {5}, 0.3),
                                              normal("w2", {6, 5}, 0.7), normal("b2", {6}, 0.3),
                                              normal("w3", {1, 6}, 0.8), normal("b3", {1})};
  static constexpr const char* name = "mlp";
  static Shape batch() { return {5, 4}; }
  Variable<double> operator()(const Variable<double>& x) const {
    const auto& p = parameters;
    return linear(softplus(linear(tanh(linear(x, p[0], p[1])), p[2], p[3])), p[4], p[5]);
  }
};

/// [N, 6, 6, 2] -> [N, 1] with two convolutions.
struct ConvolutionCritic {
  std::vector<Variable<double>> parameters = {normal("c1", {3, 3, 2, 3}, 0.4), normal("d1", {3}, 0.3),
                                              normal("c2", {2, 2, 3, 2}, 0.5), normal("d2", {2}, 0.3),
                                              normal("c3", {1, 8}, 0.8),       normal("d3", {1})};
  static constexpr const char* name = "convolution";
  static Shape batch() { return {4, 6, 6, 2}; }
  Variable<double> operator()(const Variable<double>& x) const {
    const auto& p = parameters;
    const ConvolutionOptions half{.stride = {2, 2}, .pad_before = {1, 1}, .pad_after = {1, 1}};
    const Variable<double> h = tanh(convolution(x, p[0], p[1], half));  // [N, 3, 3, 3]
    const Variable<double> k = softplus(convolution(h, p[2], p[3]));    // [N, 2, 2, 2]
    return linear(flatten(k), p[4], p[5]);
  }
};

}  // namespace test
