#pragma once

#include <concepts>
#include <string>
#include <utility>

#include "../autograd/parameter.hpp"
#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/matmul.hpp"
#include "../ops/reduce.hpp"
#include "../ops/reshape.hpp"
#include "pass.hpp"
#include "weight.hpp"

namespace eigan::inline EIGAN_ABI::nn {

struct SpectralNormOptions {
  Index iterations = 1;    ///< of the power method, each time that it advances
  double epsilon = 1e-12;  ///< the least length by which a vector is divided
};

/// A layer whose weight W is divided by its largest singular value (Miyato et al. 2018), W as the matrix [outputs,
/// rest]: `SpectralNorm(Conv2d({...}))`. The singular value is sigma = uᵀ W v of the power method, which goes on from
/// forward to forward: v = Wᵀ u and u = W v, both made unit length. Gradients flow through sigma with u and v held
/// fixed, as PyTorch's do. Any layer with a parameter "weight" of rank 2 or more; another throws ConfigError.
/// weight_u: [outputs], weight_v: [rest]; buffers, drawn when the model is initialised.
///
/// A training pass advances the power method before it normalises, except where its statistics or its power iteration
/// are frozen. Unlike PyTorch's, a discriminator's advances once in each of its updates: all forwards of that update
/// share one sigma, and the generator's update leaves it alone.
template <class Layer>
class SpectralNorm : public detail::WithOtherWeight<SpectralNorm<Layer>, Layer> {
  using Base = detail::WithOtherWeight<SpectralNorm, Layer>;
  using Base::axes_, Base::layer_;

 public:
  using Scalar = typename Layer::Scalar;
  static constexpr const char* name = "SpectralNorm";
  static constexpr bool depends_on_mode = true;

  explicit SpectralNorm(Layer layer, const SpectralNormOptions& options = {})
      : Base(std::move(layer)), options_(options), u_(unit_buffer(axes_.outputs)), v_(unit_buffer(axes_.inputs())) {
    if (options.iterations < 0 || !(options.epsilon > 0))
      throw ConfigError("SpectralNorm: expected 0 or more iterations and an epsilon above 0, got " +
                        std::to_string(options.iterations) + " and " + std::to_string(options.epsilon));
  }

  void visit(auto&& field) {
    layer_.visit(field);
    field("weight_u", u_);
    field("weight_v", v_);
  }

 private:
  friend Base;
  using Var = Variable<Scalar>;

  // Of unit length from the start, for a model that nobody initialises.
  static Buffer<Scalar> unit_buffer(Index size) {
    const auto draw = [](const Shape& shape, RandomStream& stream) {
      const NoGrad values_only;
      const Var direction(stream.template normal<Scalar>(shape));
      return (direction / l2_norm(direction, 0)).value();
    };
    RandomStream stream(0, name);
    return {.value = draw(Shape{size}, stream), .initialiser = draw};
  }

  /// The weight divided by sigma, in place of what the pass has for it.
  Bindings<Scalar> bind(const Pass<Scalar>& pass) const {
    const Parameter<Scalar>& parameter = this->weight();
    const Var& weight = pass(parameter);
    const Var matrix = as_matrices(weight);
    if (pass.advances_power_iteration())
      for (Index i = 0; i < options_.iterations; ++i) advance(Var(matrix.value()));
    const Var sigma = sum(times_v(matrix, Var(v_.value)) * reshape(Var(u_.value), Shape{axes_.outputs, 1}));
    Bindings<Scalar> bindings = pass.bindings();
    bindings.bind(parameter, weight / sigma);
    return bindings;
  }

  void advance(const Var& matrix) const {
    const NoGrad values_only;
    const auto unit = [&](const Var& x, Index size) {
      const Var length = maximum(sqrt(sum(square(x))), Var(Tensor<Scalar>::scalar(Scalar(options_.epsilon))));
      return reshape(x / length, Shape{size}).value();
    };
    v_.value = unit(times_u(matrix, Var(u_.value)), axes_.inputs());
    u_.value = unit(times_v(matrix, Var(v_.value)), axes_.outputs);
  }

  // A weight [rest, outputs] is one matrix that stands transposed, any other a row of matrices [outputs, after].
  bool is_transposed() const { return axes_.after == 1 && axes_.before > 1; }
  Index count() const { return is_transposed() ? 1 : axes_.before; }

  Var as_matrices(const Var& weight) const {
    return reshape(weight, is_transposed() ? Shape{1, axes_.before, axes_.outputs}
                                           : Shape{axes_.before, axes_.outputs, axes_.after});
  }

  /// Wᵀ u, of v's size.
  Var times_u(const Var& matrix, const Var& u) const {
    return matmul(matrix, reshape(u, Shape{axes_.outputs, 1}), is_transposed() ? Transpose::no : Transpose::yes);
  }

  /// W v: [outputs, 1].
  Var times_v(const Var& matrix, const Var& v) const {
    const Shape each{count(), axes_.inputs() / count(), 1};
    const Var parts = matmul(matrix, reshape(v, each), is_transposed() ? Transpose::yes : Transpose::no);
    return reshape(count() == 1 ? parts : sum(parts, 0), Shape{axes_.outputs, 1});
  }

  SpectralNormOptions options_;
  mutable Buffer<Scalar> u_, v_;  // written by training passes alone
};

}  // namespace eigan::inline EIGAN_ABI::nn
