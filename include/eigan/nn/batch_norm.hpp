#pragma once

#include <concepts>
#include <string>

#include "../autograd/parameter.hpp"
#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/normalize.hpp"
#include "norm_parameters.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

struct BatchNormOptions {
  double epsilon = 1e-5;  ///< added to the variance
  double momentum = 0.1;  ///< the batch's share when the running statistics move
  bool affine = true;     ///< with weight and bias
};

/// (x - mean) / sqrt(variance + epsilon) * weight + bias per channel, the last axis (Ioffe and Szegedy 2015). In
/// training, mean and biased variance are the batch's, over all other axes, and move the running ones (the variance
/// unbiased); in evaluation they are the running ones. weight, bias, running_mean, running_var: [channels].
/// x: [N, ..., channels], the same out. Throws ShapeError for another shape, or to train on one value per channel.
template <std::floating_point S = float>
class BatchNorm {
 public:
  using Scalar = S;
  static constexpr const char* name = "BatchNorm";
  static constexpr bool is_per_sample = false;
  static constexpr bool depends_on_mode = true;
  static constexpr bool normalizes_over_batch = true;

  [[gnu::cold]] explicit BatchNorm(Index channels, const BatchNormOptions& options = {})
      : options_(options),
        affine_(Shape{channels}, options.affine, options.affine),
        running_mean_{Tensor<S>::zeros(Shape{channels})},
        running_var_{Tensor<S>::full(Shape{channels}, S(1))} {
    detail::check_epsilon(name, options.epsilon);
    if (!(options.momentum >= 0 && options.momentum <= 1))
      throw ConfigError("BatchNorm: expected a momentum within [0, 1], got " + std::to_string(options.momentum));
  }

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const { return forward_leaky(x, pass, 1); }

  /// The same, followed by a leaky ReLU of that slope.
  Variable<S> forward_leaky(const Variable<S>& x, const Pass<S>& pass, double slope) const {
    const Index channels = running_mean_.value.size(), rows = detail::rows_of(name, x.shape(), channels);
    const auto groups = NormGroups::batch_norm(rows, channels);
    const NormalizeOptions options{.epsilon = options_.epsilon, .slope = slope};
    const Variable<S>&weight = pass(affine_.weight), &bias = pass(affine_.bias);
    if (!pass.is_training())
      return normalize_with(x, groups, weight, bias, {running_mean_.value, running_var_.value}, options);
    if (rows < 2)
      throw ShapeError("BatchNorm: expected more than one value per channel to train on, got input " +
                       to_string(x.shape()));
    Moments<S> batch;
    const Variable<S> y = normalize(x, groups, weight, bias, options, &batch);
    if (pass.updates_statistics()) {
      move(running_mean_, batch.mean, 1);
      move(running_var_, batch.variance, static_cast<double>(rows) / static_cast<double>(rows - 1));
    }
    return y;
  }

  void visit(auto&& field) {
    affine_.visit(field);
    field("running_mean", running_mean_);
    field("running_var", running_var_);
  }

 private:
  void move(Buffer<S>& running, const Tensor<S>& batch, double correction) const {
    const NoGrad values_only;
    running.value = (affine(Variable<S>(running.value), 1 - options_.momentum, 0) +
                     affine(Variable<S>(batch.reshaped(running.value.shape())), options_.momentum * correction, 0))
                        .value();
  }

  BatchNormOptions options_;
  detail::NormParameters<S> affine_;
  mutable Buffer<S> running_mean_, running_var_;  // written by training passes alone
};

}  // namespace eigan::inline EIGAN_ABI::nn
