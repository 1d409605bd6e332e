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

/// Transposed convolution over Dims spatial axes, the adjoint in the input of the convolution from `out` to `in`
/// channels. weight: [k..., out / groups, in], bias: [out]. x: [N, spatial..., in] -> [N, spatial'..., out],
/// spatial' = (spatial - 1) stride - padding + dilation (k - 1) + output_padding + 1.
/// Throws ConfigError for options that contradict each other, ShapeError for an x of another shape.
template <std::floating_point S, int Dims>
class ConvTranspose {
 public:
  using Scalar = S;
  static constexpr const char* name = Dims == 1 ? "ConvTranspose1d" : Dims == 2 ? "ConvTranspose2d" : "ConvTranspose3d";
  static constexpr bool is_per_sample = true;
  static constexpr Index weight_output_axis = -2;

  [[gnu::cold]] explicit ConvTranspose(const ConvTransposeOptions<Dims>& options)
      : geometry_(detail::geometry_of<Dims>(options)) {
    detail::check_convolution<Dims>(name, options);
    const Shape shape = detail::kernel_shape(options.kernel, options.out / options.groups, options.in);
    const init::Distribution first = init::within_fan_in(init::fans_of(shape).in);
    weight_ = Parameter<S>(shape, first);
    if (options.bias == Bias::yes) bias_ = Parameter<S>(Shape{options.out}, first);
  }

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const { return forward_leaky(x, pass, 1); }

  /// The same, followed by a leaky ReLU of that slope.
  Variable<S> forward_leaky(const Variable<S>& x, const Pass<S>& pass, double slope) const {
    detail::check_image<Dims>(name, x.shape(), weight_.shape().back());
    ConvolutionOptions options = geometry_;
    options.slope = slope;
    return convolution_transpose(x, pass(weight_), pass(bias_), options);
  }

  void visit(auto&& field) {
    field("weight", weight_);
    field("bias", bias_);
  }

 private:
  ConvolutionOptions geometry_;
  Parameter<S> weight_, bias_;
};

// Classes of their own, as for Conv2d.
template <std::floating_point S = float>
struct ConvTranspose1d : ConvTranspose<S, 1> {
  explicit ConvTranspose1d(const ConvTransposeOptions<1>& options) : ConvTranspose<S, 1>(options) {}
};
template <std::floating_point S = float>
struct ConvTranspose2d : ConvTranspose<S, 2> {
  explicit ConvTranspose2d(const ConvTransposeOptions<2>& options) : ConvTranspose<S, 2>(options) {}
};
template <std::floating_point S = float>
struct ConvTranspose3d : ConvTranspose<S, 3> {
  explicit ConvTranspose3d(const ConvTransposeOptions<3>& options) : ConvTranspose<S, 3>(options) {}
};

}  // namespace eigan::inline EIGAN_ABI::nn
