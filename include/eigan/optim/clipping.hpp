#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <ranges>
#include <span>
#include <string>
#include <type_traits>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/pool.hpp"
#include "../kernels/inspect.hpp"
#include "../kernels/map.hpp"
#include "../kernels/update.hpp"

namespace eigan::inline EIGAN_ABI::optim {

namespace detail {

inline void expect_limit(const char* function, double limit) {
  if (!(limit > 0))
    throw ConfigError(std::string(function) + ": expected a limit above 0, got " + std::to_string(limit));
}

}  // namespace detail

/// The Euclidean norm of all gradients as one long vector. `gradients`: any contiguous range of Variables.
template <std::ranges::contiguous_range Gradients>
double global_norm(const Gradients& gradients) {
  using S = typename std::ranges::range_value_t<Gradients>::Scalar;
  const std::span<const Variable<S>> list(gradients);
  return std::sqrt(kernels::sum_of_squares<S>(static_cast<Index>(list.size()), [=](Index i) {
    const Tensor<S>& gradient = list[static_cast<std::size_t>(i)].value();
    return std::span<const S>(gradient.data(), static_cast<std::size_t>(gradient.size()));
  }));
}

/// What the gradients have to be multiplied with so that their common norm is at most `limit`: limit / (norm + 1e-6),
/// and at most 1 (as PyTorch). Optimizer::step takes it as gradient_scale, which saves a pass over the gradients.
/// Throws ConfigError unless limit > 0.
template <std::ranges::contiguous_range Gradients>
double clip_scale(const Gradients& gradients, double limit) {
  detail::expect_limit("clip_scale", limit);
  return std::min(1.0, limit / (global_norm(gradients) + 1e-6));
}

/// Replaces each gradient by what it is when multiplied with clip_scale(). Returns the norm that they had.
/// Throws ConfigError unless limit > 0.
template <std::ranges::contiguous_range Gradients>
double clip_by_norm(Gradients& gradients, double limit) {
  using S = typename std::ranges::range_value_t<Gradients>::Scalar;
  detail::expect_limit("clip_by_norm", limit);
  const double norm = global_norm(gradients), scale = std::min(1.0, limit / (norm + 1e-6));
  if (scale == 1) return norm;
  for (Variable<S>& gradient : gradients) {
    Tensor<S> clipped(gradient.shape());
    kernels::map(kernels::op::Affine<S>{static_cast<S>(scale), S(0)}, clipped.size(), clipped.mutable_data(),
                 gradient.data());
    gradient = Variable<S>(std::move(clipped));
  }
  return norm;
}

/// Replaces each gradient by itself kept within [-limit, limit], element by element. Throws ConfigError unless limit >
/// 0.
template <std::ranges::contiguous_range Gradients>
void clip_by_value(Gradients& gradients, double limit) {
  using S = typename std::ranges::range_value_t<Gradients>::Scalar;
  detail::expect_limit("clip_by_value", limit);
  const auto bound = static_cast<S>(limit);
  for (Variable<S>& gradient : gradients) {
    Tensor<S> clipped(gradient.shape());
    kernels::map(kernels::op::Clamp<S>{-bound, bound}, clipped.size(), clipped.mutable_data(), gradient.data());
    gradient = Variable<S>(std::move(clipped));
  }
}

/// Keeps all weights within [-limit, limit], in one pass: how the first Wasserstein GAN keeps its critic Lipschitz
/// (Arjovsky et al. 2017, alg. 1, limit 0.01). `parameters`: any contiguous range of Parameter pointers.
/// Throws ConfigError unless limit > 0.
template <std::ranges::contiguous_range Parameters>
void clip_weights(const Parameters& parameters, double limit) {
  using S = typename std::remove_pointer_t<std::ranges::range_value_t<Parameters>>::Scalar;
  detail::expect_limit("clip_weights", limit);
  PooledVector<kernels::StepTensor<S>> tensors;
  tensors.reserve(std::size(parameters));
  for (Parameter<S>* const parameter : parameters) {
    const Index size = parameter->value().size();
    tensors.push_back({.parameter = parameter->mutable_data(), .size = size});
  }
  const auto bound = static_cast<S>(limit);
  kernels::update(kernels::rule::Clip<S>{-bound, bound}, std::span<const kernels::StepTensor<S>>(tensors));
}

}  // namespace eigan::inline EIGAN_ABI::optim
