#pragma once

#include <array>
#include <concepts>
#include <string>
#include <utility>

#include "../autograd/record.hpp"
#include "../autograd/reuse.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../kernels/moments.hpp"
#include "../kernels/normalization.hpp"
#include "activation.hpp"
#include "composite.hpp"
#include "elementwise.hpp"
#include "reduce.hpp"

namespace eigan::inline EIGAN_ABI::inline ops {

using kernels::NormGroups;

/// What a normalisation measured of its input, or is given: [samples, groups] each, in that order. The variance is
/// biased.
template <std::floating_point S>
struct Moments {
  Tensor<S> mean, variance;
};

struct NormalizeOptions {
  double epsilon = 1e-5;
  bool centred = true;  ///< subtract the mean; false: divide by the root mean square alone
  double slope = 1;     ///< of a leaky relu on the result, in the same pass; 1: none
};

namespace internal {

template <std::floating_point S>
void check_channel(const char* what, const Variable<S>& values, const NormGroups& n) {
  if (values.defined() && values.size() != n.channels)
    throw ShapeError(std::string("normalize: expected a ") + what + " of " + std::to_string(n.channels) +
                     " values, got shape " + to_string(values.shape()));
}

inline void check_groups(const Shape& x, const NormGroups& n) {
  if (n.groups < 1 || n.channels % n.groups != 0 || x.size() != n.samples * n.positions * n.channels || n.count() == 0)
    throw ShapeError("normalize: expected " + std::to_string(n.channels) + " channels in " + std::to_string(n.groups) +
                     " group(s) with something to average, got " + to_string(x));
}

// The same as primitives, for gradients that are differentiated again.
template <std::floating_point S>
Variable<S> normalize_composite(const Variable<S>& x, const NormGroups& n, const Variable<S>& gain,
                                const Variable<S>& shift, const NormalizeOptions& options, const Moments<S>* given) {
  const Shape statistics{n.samples, 1, n.groups, 1};
  Variable<S> h = reshape(x, Shape{n.samples, n.positions, n.groups, n.width()});
  if (given) {
    h = sub(h, Variable<S>(given->mean.reshaped(statistics)));
    h = mul(h, pow(affine(Variable<S>(given->variance.reshaped(statistics)), 1, options.epsilon), -0.5));
  } else {
    if (options.centred) h = sub(h, mean(h, {1, 3}));
    h = mul(h, pow(affine(mean(square(h), {1, 3}), 1, options.epsilon), -0.5));
  }
  h = reshape(h, Shape{n.samples, n.positions, n.channels});
  if (gain.defined()) h = mul(h, reshape(gain, Shape{n.channels}));
  if (shift.defined()) h = add(h, reshape(shift, Shape{n.channels}));
  if (options.slope != 1) h = leaky_relu(h, options.slope);
  return reshape(h, x.shape());
}

template <std::floating_point S>
struct NormalizeVjp {
  NormGroups n;
  NormalizeOptions options;
  Moments<S> moments;  // those of x, or given
  Tensor<S> inverse_deviation;
  bool is_given, has_gain, has_shift;

  Gradients<S> operator()(const Backward<S>& b) const { return is_recording() ? composite(b) : fused(b); }

 private:
  Gradients<S> composite(const Backward<S>& b) const {
    if (b.input_count() == 1) return composite_of<1>(b);
    return b.input_count() == 2 ? composite_of<2>(b) : composite_of<3>(b);
  }

  template <std::size_t N>
  Gradients<S> composite_of(const Backward<S>& b) const {
    return differentiate_composite<N>(b, [&](const std::array<Variable<S>, N>& in) {
      const Variable<S> none;
      const Variable<S>& gain = has_gain ? in[N > 1 ? 1 : 0] : none;
      const Variable<S>& shift = has_shift ? in[N - 1] : none;
      return normalize_composite(in[0], n, gain, shift, options, is_given ? &moments : nullptr);
    });
  }

  Gradients<S> fused(const Backward<S>& b) const {
    const Index gain_at = 1, shift_at = has_gain ? 2 : 1;
    Tensor<S> dy = b.take_dy().take(), dx, d_gain, d_shift;
    const S* const gradient = dy.data();
    if (b.needs(0)) dx = detail::room_in(dy);
    if (has_gain && b.needs(gain_at)) d_gain = Tensor<S>(b.input(gain_at).shape());
    if (has_shift && b.needs(shift_at)) d_shift = Tensor<S>(b.input(shift_at).shape());
    kernels::normalize_gradient<S>({.dy = gradient,
                                    .x = b.input(0).data(),
                                    .y = b.y.data(),
                                    .mean = options.centred ? moments.mean.data() : nullptr,
                                    .inverse_deviation = inverse_deviation.data(),
                                    .gain = has_gain ? b.input(gain_at).data() : nullptr,
                                    .slope = static_cast<S>(options.slope),
                                    .statistics_of_x = !is_given,
                                    .dx = dx.mutable_data(),
                                    .d_gain = d_gain.mutable_data(),
                                    .d_shift = d_shift.mutable_data()},
                                   n);
    Gradients<S> gradients(b.input_count());
    if (dx.defined()) gradients[0] = Variable<S>(std::move(dx));
    if (d_gain.defined()) gradients[gain_at] = Variable<S>(std::move(d_gain));
    if (d_shift.defined()) gradients[shift_at] = Variable<S>(std::move(d_shift));
    return gradients;
  }
};

template <std::floating_point S>
Variable<S> normalize(const Variable<S>& x, const NormGroups& n, const Variable<S>& gain, const Variable<S>& shift,
                      const NormalizeOptions& options, Moments<S> moments, bool is_given) {
  Tensor<S> inverse_deviation(moments.variance.shape());
  kernels::inverse_deviation(moments.variance.data(), moments.variance.size(), options.epsilon,
                             inverse_deviation.mutable_data());
  Tensor<S> y(x.shape());
  kernels::normalize(x.data(), n, options.centred ? moments.mean.data() : nullptr, inverse_deviation.data(),
                     gain.defined() ? gain.data() : nullptr, shift.defined() ? shift.data() : nullptr,
                     static_cast<S>(options.slope), y.mutable_data());
  const std::array<Variable<S>, 3> inputs = {x, gain.defined() ? gain : shift, shift};
  return record("normalize", std::move(y), inputs.data(), 1 + Index{gain.defined()} + Index{shift.defined()},
                NormalizeVjp<S>{n, options, std::move(moments), std::move(inverse_deviation), is_given, gain.defined(),
                                shift.defined()});
}

}  // namespace internal

/// (x - mean) / sqrt(variance + epsilon) * gain + shift with the statistics of x itself, taken over what `n` puts
/// together; batch, instance, group, layer and RMS norm are its forms. x: [samples, positions, channels] under any
/// shape; gain, shift: [channels] or empty. What was measured goes to `moments`. Throws ShapeError if extents do not
/// fit.
template <std::floating_point S>
Variable<S> normalize(const Variable<S>& x, const NormGroups& n, const Operand<S>& gain, const Operand<S>& shift,
                      const NormalizeOptions& options = {}, Moments<S>* moments = nullptr) {
  internal::check_groups(x.shape(), n);
  internal::check_channel("gain", gain, n);
  internal::check_channel("shift", shift, n);
  Moments<S> measured{Tensor<S>(Shape{options.centred ? n.statistics() : 0}), Tensor<S>(Shape{n.statistics()})};
  kernels::moments(x.data(), n, options.centred ? measured.mean.mutable_data() : nullptr,
                   measured.variance.mutable_data());
  if (moments) *moments = measured;
  return internal::normalize<S>(x, n, gain, shift, options, std::move(measured), false);
}

/// The same with given statistics, [samples * groups] each, that no gradient flows to: batch norm in evaluation.
template <std::floating_point S>
Variable<S> normalize_with(const Variable<S>& x, const NormGroups& n, const Operand<S>& gain, const Operand<S>& shift,
                           const Moments<S>& given, const NormalizeOptions& options = {}) {
  internal::check_groups(x.shape(), n);
  internal::check_channel("gain", gain, n);
  internal::check_channel("shift", shift, n);
  if (given.mean.size() != n.statistics() || given.variance.size() != n.statistics())
    throw ShapeError("normalize_with: expected " + std::to_string(n.statistics()) + " means and variances, got " +
                     to_string(given.mean.shape()) + " and " + to_string(given.variance.shape()));
  return internal::normalize<S>(x, n, gain, shift, options, given, true);
}

}  // namespace eigan::inline EIGAN_ABI::inline ops
