#pragma once

#include <cmath>
#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "../autograd/parameter.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../core/tensor.hpp"
#include "../kernels/orthogonal.hpp"

namespace eigan::inline EIGAN_ABI::nn::init {

/// How the first values of a parameter are drawn; becomes the Initialiser of a parameter of any Scalar.
class Distribution {
 public:
  using Function = std::function<Tensor<double>(const Shape&, RandomStream&)>;

  explicit Distribution(Function draw) : draw_(std::move(draw)) {}

  Tensor<double> draw(const Shape& shape, RandomStream& stream) const { return draw_(shape, stream); }

  template <std::floating_point S>
  operator Initialiser<S>() const {
    return [draw = draw_](const Shape& shape, RandomStream& stream) { return draw(shape, stream).template cast<S>(); };
  }

 private:
  Function draw_;
};

/// How many values go into an output of a weight and how many outputs a value goes into, as PyTorch counts them. A
/// weight of rank 2 is [out, in], one of higher rank a convolution's: [k..., in / groups, out], or transposed
/// [k..., out / groups, in] (of which the last two change places, in the count too).
struct Fans {
  double in, out;
};

/// Throws ConfigError for a weight of rank below 2.
inline Fans fans_of(const Shape& weight) {
  const Index rank = weight.rank();
  if (rank < 2)
    throw ConfigError("init: expected a weight of rank 2 or more to count its fans, got shape " + to_string(weight));
  if (rank == 2) return {static_cast<double>(weight[1]), static_cast<double>(weight[0])};
  double taps = 1;
  for (Index axis = 0; axis < rank - 2; ++axis) taps *= static_cast<double>(weight[axis]);
  return {taps * static_cast<double>(weight[rank - 2]), taps * static_cast<double>(weight[rank - 1])};
}

[[gnu::cold]] inline Distribution constant(double value) {
  return Distribution([=](const Shape& shape, RandomStream&) { return Tensor<double>::full(shape, value); });
}
[[gnu::cold]] inline Distribution zeros() { return constant(0); }
[[gnu::cold]] inline Distribution ones() { return constant(1); }

[[gnu::cold]] inline Distribution normal(double mean = 0, double deviation = 1) {
  return Distribution(
      [=](const Shape& shape, RandomStream& stream) { return stream.normal<double>(shape, mean, deviation); });
}

/// In [low, high).
[[gnu::cold]] inline Distribution uniform(double low, double high) {
  return Distribution(
      [=](const Shape& shape, RandomStream& stream) { return stream.uniform<double>(shape, low, high); });
}

/// Uniform with deviation gain * sqrt(2 / (fan in + fan out)) (Glorot and Bengio 2010).
[[gnu::cold]] inline Distribution xavier_uniform(double gain = 1) {
  return Distribution([=](const Shape& shape, RandomStream& stream) {
    const Fans fans = fans_of(shape);
    const double bound = gain * std::sqrt(6 / (fans.in + fans.out));
    return stream.uniform<double>(shape, -bound, bound);
  });
}

/// Normal with deviation gain * sqrt(2 / (fan in + fan out)) (Glorot and Bengio 2010).
[[gnu::cold]] inline Distribution xavier_normal(double gain = 1) {
  return Distribution([=](const Shape& shape, RandomStream& stream) {
    const Fans fans = fans_of(shape);
    return stream.normal<double>(shape, 0, gain * std::sqrt(2 / (fans.in + fans.out)));
  });
}

/// Which of the two counts keeps its variance: forward the inputs', backward the outputs'.
enum class Fan { in, out };

namespace detail {

inline double kaiming_deviation(const Shape& weight, double slope, Fan fan) {
  const Fans fans = fans_of(weight);
  return std::sqrt(2 / ((1 + slope * slope) * (fan == Fan::in ? fans.in : fans.out)));
}

}  // namespace detail

/// Uniform with deviation sqrt(2 / ((1 + slope^2) fan)), for layers before a leaky ReLU of that slope (He et al. 2015).
[[gnu::cold]] inline Distribution kaiming_uniform(double slope = 0, Fan fan = Fan::in) {
  return Distribution([=](const Shape& shape, RandomStream& stream) {
    const double bound = std::sqrt(3.0) * detail::kaiming_deviation(shape, slope, fan);
    return stream.uniform<double>(shape, -bound, bound);
  });
}

/// Normal with deviation sqrt(2 / ((1 + slope^2) fan)), for layers before a leaky ReLU of that slope (He et al. 2015).
[[gnu::cold]] inline Distribution kaiming_normal(double slope = 0, Fan fan = Fan::in) {
  return Distribution([=](const Shape& shape, RandomStream& stream) {
    return stream.normal<double>(shape, 0, detail::kaiming_deviation(shape, slope, fan));
  });
}

/// What PyTorch's linear and convolution layers start from, weight and bias alike: uniform within 1 / sqrt(fan in).
[[gnu::cold]] inline Distribution within_fan_in(double fan_in) {
  const double bound = fan_in > 0 ? 1 / std::sqrt(fan_in) : 0;
  return uniform(-bound, bound);
}

/// A random orthogonal matrix times gain: as [out, rest], the shorter side's vectors are orthonormal (Saxe et al.
/// 2014). A convolution's `out` is its last axis.
[[gnu::cold]] inline Distribution orthogonal(double gain = 1) {
  return Distribution([=](const Shape& shape, RandomStream& stream) {
    fans_of(shape);
    const bool is_linear = shape.rank() == 2;
    const Index rows = is_linear ? shape[0] : shape.back();
    Tensor<double> weight(shape);
    if (weight.size() == 0) return weight;
    const Index columns = weight.size() / rows, count = std::min(rows, columns), length = std::max(rows, columns);
    Tensor<double> vectors = stream.normal<double>(Shape{count, length});
    kernels::orthonormalise(vectors.mutable_data(), count, length);
    const double* const from = vectors.data();
    double* const to = weight.mutable_data();
    for (Index row = 0; row < rows; ++row)
      for (Index column = 0; column < columns; ++column)
        to[is_linear ? row * columns + column : column * rows + row] =
            gain * from[rows > columns ? column * rows + row : row * columns + column];
    return weight;
  });
}

/// How nn::initialize() refills a whole model.
struct Scheme {
  /// Weights of rank 2 or more by `all_weights`; biases become zero, gains and slopes start as their layers would.
  Scheme(Distribution all_weights) : weight(std::move(all_weights)) {}

  Distribution weight;
  Distribution bias = zeros();
  std::optional<Distribution> batch_norm_gain = {};  ///< without one, they start as their layers would
};

/// Weights from N(0, 0.02), gains of batch norms from N(1, 0.02), biases zero (Radford et al. 2016, section 4).
inline Scheme dcgan() {
  Scheme scheme(normal(0, 0.02));
  scheme.batch_norm_gain = normal(1, 0.02);
  return scheme;
}

}  // namespace eigan::inline EIGAN_ABI::nn::init
