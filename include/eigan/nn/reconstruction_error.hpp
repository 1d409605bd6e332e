#pragma once

#include <concepts>
#include <string>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"
#include "../ops/reshape.hpp"
#include "any_layer.hpp"
#include "layer.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// How far an autoencoder's output lies from its input: mean |x - f(x)| over each sample's values, as an energy-based
/// discriminator returns it (Berthelot et al. 2017, section 3.1; Zhao et al. 2017). x: [N, ...] -> [N, 1].
/// Throws ShapeError if the autoencoder returns another shape than x's.
template <std::floating_point S = float>
class ReconstructionError {
 public:
  using Scalar = S;
  static constexpr const char* name = "ReconstructionError";
  static constexpr bool is_per_sample = true;

  explicit ReconstructionError(AnyLayer<S> autoencoder) : autoencoder_(std::move(autoencoder)) {}

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    const Variable<S> y = autoencoder_.forward(x, pass);
    if (!(y.shape() == x.shape()) || x.rank() < 1)
      throw ShapeError("ReconstructionError: expected " + std::string(autoencoder_.name()) + " to return the shape " +
                       to_string(x.shape()) + " of its input, got " + to_string(y.shape()));
    const Variable<S> distances = flatten(abs(x - y));
    return 1 / static_cast<double>(distances.extent(1)) * sum(distances, {1});
  }

  void visit(auto&& field) { field("autoencoder", autoencoder_); }

 private:
  AnyLayer<S> autoencoder_;
};

template <class Autoencoder>
requires(sizeof(Autoencoder) > 0) ReconstructionError(Autoencoder)
->ReconstructionError<detail::DeducedScalar<Autoencoder>>;

}  // namespace eigan::inline EIGAN_ABI::nn
