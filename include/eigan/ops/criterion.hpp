#pragma once

#include <cmath>
#include <concepts>
#include <string>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "gather.hpp"
#include "matmul.hpp"
#include "reduce.hpp"
#include "softmax.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

/// The mean over samples of -log softmax(logits)[label]. logits: [N, C], labels: [N] in [0, C).
/// Throws ShapeError for other shapes or a label outside.
template <std::floating_point S>
Variable<S> cross_entropy(const Variable<S>& logits, const Labels& labels) {
  if (logits.rank() != 2 || !(labels.shape() == Shape{logits.extent(0)}))
    throw ShapeError("cross_entropy: expected logits [N, C] and labels [N], got " + to_string(logits.shape()) +
                     " and " + to_string(labels.shape()));
  const Index samples = logits.extent(0), classes = logits.extent(1);
  Positions chosen(Shape{samples});
  for (Index n = 0; n < samples; ++n) {
    const Index label = labels.data()[n];
    if (label < 0 || label >= classes)
      throw ShapeError("cross_entropy: expected labels in [0, " + std::to_string(classes) + "), got " +
                       std::to_string(label));
    chosen.mutable_data()[n] = n * classes + label;
  }
  return -mean(gather(reshape(log_softmax(logits), Shape{samples * classes}), chosen));
}

/// The mean of -(t log σ(x) + (1 - t) log(1 - σ(x))) over all elements, from logits x without overflow:
/// softplus(x) - t x. target: x's shape, or one that broadcasts to it, in [0, 1].
template <std::floating_point S>
Variable<S> binary_cross_entropy_with_logits(const Variable<S>& logits, const Operand<S>& target) {
  return mean(sub(softplus(logits), mul(target, logits)));
}

/// softmax(q kᵀ / √D) v (Vaswani et al. 2017, eq. 1). q: [..., T, D], k: [..., U, D], v: [..., U, E] -> [..., T, E].
template <std::floating_point S>
Variable<S> attention(const Variable<S>& q, const Variable<S>& k, const Variable<S>& v) {
  const double scale = 1 / std::sqrt(static_cast<double>(q.extent(-1)));
  return matmul(softmax(affine(matmul(q, k, Transpose::no, Transpose::yes), scale, 0)), v);
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
