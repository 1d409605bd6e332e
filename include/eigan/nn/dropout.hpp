#pragma once

#include <concepts>
#include <string>

#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// In training, zeroes each element with probability `rate` and scales the others by 1 / (1 - rate); in evaluation,
/// changes nothing (Srivastava et al. 2014). Draws from the pass's stream; throws ConfigError if it has none.
class Dropout {
 public:
  static constexpr const char* name = "Dropout";
  static constexpr bool is_per_sample = true;
  static constexpr bool depends_on_mode = true;

  /// Throws ConfigError for a rate outside of [0, 1].
  explicit Dropout(double rate = 0.5) : rate_(rate) {
    if (!(rate >= 0 && rate <= 1))
      throw ConfigError("Dropout: expected a rate within [0, 1], got " + std::to_string(rate));
  }

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    if (!pass.is_training() || rate_ == 0) return x;
    return x * mask<S>(x.shape(), pass.stream());
  }

 private:
  template <std::floating_point S>
  Variable<S> mask(const Shape& shape, RandomStream& stream) const {
    const NoGrad values_only;
    const Variable<S> drawn(stream.uniform<S>(shape));
    const Variable<S> threshold(Tensor<S>::scalar(static_cast<S>(rate_)));
    return affine(greater(drawn, threshold), rate_ < 1 ? 1 / (1 - rate_) : 0, 0);
  }

  double rate_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
