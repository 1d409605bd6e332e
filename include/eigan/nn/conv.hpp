#pragma once

#include <concepts>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../ops/convolution.hpp"
#include "convolution_options.hpp"
#include "init.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Convolution (cross-correlation) over Dims spatial axes. weight: [k..., in / groups, out], bias: [out].
/// x: [N, spatial..., in] -> [N, spatial'..., out], spatial' = (spatial + padding - dilation (k - 1) - 1) / stride + 1.
/// Throws ConfigError for options that contradict each other, ShapeError for an x of another shape.
template <std::floating_point S, int Dims>
class Conv {
 public:
  using Scalar = S;
  static constexpr const char* name = Dims == 1 ? "Conv1d" : Dims == 2 ? "Conv2d" : "Conv3d";
  static constexpr bool is_per_sample = true;

  [[gnu::cold]] explicit Conv(const ConvOptions<Dims>& options) : geometry_(detail::geometry_of<Dims>(options)) {
    detail::check_convolution<Dims>(name, options);
    const Shape shape = detail::kernel_shape(options.kernel, options.in / options.groups, options.out);
    const init::Distribution first = init::within_fan_in(init::fans_of(shape).in);
    weight_ = Parameter<S>(shape, first);
    if (options.bias == Bias::yes) bias_ = Parameter<S>(Shape{options.out}, first);
  }

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const { return forward_leaky(x, pass, 1); }

  /// The same, followed by a leaky ReLU of that slope.
  Variable<S> forward_leaky(const Variable<S>& x, const Pass<S>& pass, double slope) const {
    detail::check_image<Dims>(name, x.shape(), weight_.shape()[Dims] * geometry_.groups);
    ConvolutionOptions options = geometry_;
    options.slope = slope;
    return convolution(x, pass(weight_), pass(bias_), options);
  }

  void visit(auto&& field) {
    field("weight", weight_);
    field("bias", bias_);
  }

 private:
  ConvolutionOptions geometry_;
  Parameter<S> weight_, bias_;
};

// Classes of their own, so that nn::Conv2d({...}) deduces its Scalar: clang 14 deduces neither through an alias nor
// through an inherited constructor.
template <std::floating_point S = float>
struct Conv1d : Conv<S, 1> {
  explicit Conv1d(const ConvOptions<1>& options) : Conv<S, 1>(options) {}
};
template <std::floating_point S = float>
struct Conv2d : Conv<S, 2> {
  explicit Conv2d(const ConvOptions<2>& options) : Conv<S, 2>(options) {}
};
template <std::floating_point S = float>
struct Conv3d : Conv<S, 3> {
  explicit Conv3d(const ConvOptions<3>& options) : Conv<S, 3>(options) {}
};

}  // namespace eigan::inline EIGAN_ABI::nn
