#pragma once

#include <concepts>
#include <string>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/normalize.hpp"
#include "../ops/reduce.hpp"
#include "../ops/reshape.hpp"
#include "norm_parameters.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Batch normalisation by one reference batch and the sample itself, never its batch mates (Salimans et al. 2016,
/// section 3.4): mean and mean square are 1 / (R + 1) of the sample's own, over its positions, and R / (R + 1) of those
/// of the R reference samples. The first training pass that updates statistics brings the reference batch, which is
/// normalised by its own statistics alone. What a reference batch amounts to here are its statistics, as they were when
/// it came: buffers reference_mean, reference_var (biased): [channels], reference_size: [1], 0 for none yet; a sample
/// is then normalised by its own statistics alone. weight, bias: [channels]. x: [N, ..., channels], the same out.
/// Throws ShapeError for another shape.
template <std::floating_point S = float>
class VirtualBatchNorm {
 public:
  using Scalar = S;
  static constexpr const char* name = "VirtualBatchNorm";
  static constexpr bool is_per_sample = false;  // of the first batch
  static constexpr bool depends_on_mode = true;

  explicit VirtualBatchNorm(Index channels, double epsilon = 1e-5)
      : epsilon_(epsilon),
        affine_(Shape{channels}, true, true),
        mean_{Tensor<S>::zeros(Shape{channels})},
        variance_{Tensor<S>::full(Shape{channels}, S(1))},
        size_{Tensor<S>::zeros(Shape{1})} {
    detail::check_epsilon(name, epsilon);
  }

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    const Index channels = mean_.value.size(), rows = detail::rows_of(name, x.shape(), channels);
    if (!pass.updates_statistics() || *size_.value.data() > 0) return normalised(x, pass);
    Moments<S> batch;
    const Variable<S> y = normalize(x, NormGroups::batch_norm(rows, channels), pass(affine_.weight), pass(affine_.bias),
                                    {.epsilon = epsilon_}, &batch);
    mean_.value = batch.mean.reshaped(Shape{channels});
    variance_.value = batch.variance.reshaped(Shape{channels});
    size_.value = Tensor<S>::full(Shape{1}, static_cast<S>(x.extent(0)));
    return y;
  }

  void visit(auto&& field) {
    affine_.visit(field);
    field("reference_mean", mean_);
    field("reference_var", variance_);
    field("reference_size", size_);
  }

 private:
  Variable<S> normalised(const Variable<S>& x, const Pass<S>& pass) const {
    const Index samples = x.extent(0), channels = mean_.value.size();
    const Variable<S> positions = reshape(x, Shape{samples, samples > 0 ? x.size() / samples / channels : 1, channels});
    const double own_share = 1 / (static_cast<double>(*size_.value.data()) + 1);
    const auto mixed = [&](const Variable<S>& own, const Variable<S>& reference) {
      return affine(own, own_share, 0) + affine(reference, 1 - own_share, 0);
    };
    const Variable<S> own_mean = eigan::mean(positions, 1), reference_mean(mean_.value), reference_var(variance_.value);
    const Variable<S> mean = mixed(own_mean, reference_mean);
    // The mean square less the mean's square, as moments about the common mean: no digits cancel.
    const Variable<S> variance =
        mixed(eigan::variance(positions, 1) + square(own_mean - mean), reference_var + square(reference_mean - mean));
    const Variable<S> y = (positions - mean) / sqrt(variance + epsilon_) * pass(affine_.weight) + pass(affine_.bias);
    return reshape(y, x.shape());
  }

  double epsilon_;
  detail::NormParameters<S> affine_;
  mutable Buffer<S> mean_, variance_, size_;  // written by the first training pass alone
};

}  // namespace eigan::inline EIGAN_ABI::nn
