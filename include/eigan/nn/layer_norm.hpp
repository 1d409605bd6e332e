#pragma once

#include <concepts>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../ops/normalize.hpp"
#include "norm_parameters.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

namespace detail {

/// What ends each sample, seen as one row: how many rows there are. Throws ShapeError unless x's last axes are `shape`.
inline NormGroups trailing_groups(const char* layer, const Shape& x, const Shape& shape) {
  bool fits = x.rank() >= shape.rank();
  for (Index axis = 1; fits && axis <= shape.rank(); ++axis) fits = x[x.rank() - axis] == shape[shape.rank() - axis];
  if (!fits)
    throw ShapeError(std::string(layer) + ": expected an input that ends in " + to_string(shape) + ", got " +
                     to_string(x));
  return NormGroups::layer_norm(shape.size() > 0 ? x.size() / shape.size() : 0, shape.size());
}

}  // namespace detail

struct LayerNormOptions {
  double epsilon = 1e-5;  ///< added to the variance
  bool affine = true;     ///< with weight and bias
};

/// Normalises over the last axis or axes (Ba et al. 2016): `LayerNorm(64)`, `LayerNorm({7, 7, 64})`. weight, bias:
/// those axes. x: [..., axes], the same out. Throws ShapeError for another shape.
template <std::floating_point S = float>
class LayerNorm {
 public:
  using Scalar = S;
  static constexpr const char* name = "LayerNorm";
  static constexpr bool is_per_sample = true;

  explicit LayerNorm(Index width, const LayerNormOptions& options = {}) : LayerNorm(Shape{width}, options) {}
  explicit LayerNorm(std::initializer_list<Index> shape, const LayerNormOptions& options = {})
      : LayerNorm(Shape(shape), options) {}
  explicit LayerNorm(const Shape& shape, const LayerNormOptions& options = {})
      : shape_(shape), epsilon_(options.epsilon), affine_(shape, options.affine, options.affine) {
    detail::check_epsilon(name, epsilon_);
  }

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const { return forward_leaky(x, pass, 1); }

  /// The same, followed by a leaky ReLU of that slope.
  Variable<S> forward_leaky(const Variable<S>& x, const Pass<S>& pass, double slope) const {
    return normalize(x, detail::trailing_groups(name, x.shape(), shape_), pass(affine_.weight), pass(affine_.bias),
                     {.epsilon = epsilon_, .slope = slope});
  }

  void visit(auto&& field) { affine_.visit(field); }

 private:
  Shape shape_;
  double epsilon_;
  detail::NormParameters<S> affine_;
};

struct RMSNormOptions {
  std::optional<double> epsilon = {};  ///< added to the mean square; the Scalar's machine epsilon by default
  bool affine = true;                  ///< with weight
};

/// x / sqrt(mean of x^2 + epsilon) * weight over the last axis or axes (Zhang and Sennrich 2019). weight: those axes.
/// x: [..., axes], the same out. Throws ShapeError for another shape.
template <std::floating_point S = float>
class RMSNorm {
 public:
  using Scalar = S;
  static constexpr const char* name = "RMSNorm";
  static constexpr bool is_per_sample = true;

  explicit RMSNorm(Index width, const RMSNormOptions& options = {}) : RMSNorm(Shape{width}, options) {}
  explicit RMSNorm(std::initializer_list<Index> shape, const RMSNormOptions& options = {})
      : RMSNorm(Shape(shape), options) {}
  explicit RMSNorm(const Shape& shape, const RMSNormOptions& options = {})
      : shape_(shape),
        epsilon_(options.epsilon.value_or(static_cast<double>(std::numeric_limits<S>::epsilon()))),
        affine_(shape, options.affine, false) {
    detail::check_epsilon(name, epsilon_);
  }

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const { return forward_leaky(x, pass, 1); }

  /// The same, followed by a leaky ReLU of that slope.
  Variable<S> forward_leaky(const Variable<S>& x, const Pass<S>& pass, double slope) const {
    return normalize(x, detail::trailing_groups(name, x.shape(), shape_), pass(affine_.weight), {},
                     {.epsilon = epsilon_, .centred = false, .slope = slope});
  }

  void visit(auto&& field) { affine_.visit(field); }

 private:
  Shape shape_;
  double epsilon_;
  detail::NormParameters<S> affine_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
