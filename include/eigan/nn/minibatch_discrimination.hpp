#pragma once

#include <concepts>
#include <string>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/matmul.hpp"
#include "../ops/reduce.hpp"
#include "../ops/reshape.hpp"
#include "../ops/slice.hpp"
#include "init.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

struct MinibatchDiscriminationOptions {
  Index kernels = 100;  ///< numbers added to each sample
  Index width = 5;      ///< values that each of them compares
};

/// Lets a discriminator see how close the samples of a batch are to each other (Salimans et al. 2016, section 3.2):
/// M_i = T x_i as [kernels, width]; each sample gains o(x_i)_b = sum over j of exp(-||M_i,b - M_j,b||_1), itself among
/// the j. weight: T as [kernels * width, in], from N(0, 0.05) as in the authors' program.
/// x: [N, in] -> [N, in + kernels]. Throws ShapeError for another shape.
template <std::floating_point S = float>
class MinibatchDiscrimination {
 public:
  using Scalar = S;
  static constexpr const char* name = "MinibatchDiscrimination";
  static constexpr bool is_per_sample = false;

  explicit MinibatchDiscrimination(Index in, const MinibatchDiscriminationOptions& options = {})
      : options_(options), weight_(Shape{options.kernels * options.width, in}, init::normal(0, 0.05)) {
    if (options.kernels < 1 || options.width < 1)
      throw ConfigError("MinibatchDiscrimination: expected 1 or more kernels of width 1 or more, got " +
                        std::to_string(options.kernels) + " of " + std::to_string(options.width));
  }

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    if (x.rank() != 2 || x.extent(1) != weight_.shape()[1])
      throw ShapeError("MinibatchDiscrimination: expected input [N, " + std::to_string(weight_.shape()[1]) + "], got " +
                       to_string(x.shape()));
    const Index samples = x.extent(0), kernels = options_.kernels, width = options_.width;
    const Variable<S> m = linear(x, pass(weight_));
    const Variable<S> differences =
        reshape(m, Shape{samples, 1, kernels, width}) - reshape(m, Shape{1, samples, kernels, width});
    const Variable<S> closeness = exp(-sum(abs(differences), -1));  // [N, N, kernels, 1]
    return concat<S>({x, reshape(sum(closeness, 1), Shape{samples, kernels})}, 1);
  }

  void visit(auto&& field) { field("weight", weight_); }

 private:
  MinibatchDiscriminationOptions options_;
  Parameter<S> weight_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
