#pragma once

#include <concepts>
#include <string>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "init.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// x + weight * noise, noise from N(0, 1) anew for each sample and position and the same for all its channels (Karras
/// et al. 2019, section 2). weight: [channels] (StyleGAN), or [1] for `NoiseInjection()` (StyleGAN2); it starts at 0.
/// Draws from the pass's stream: a training pass without one throws ConfigError, an evaluation without one adds no
/// noise. x: [N, ..., C], the same out. Throws ShapeError for another number of channels.
template <std::floating_point S = float>
class NoiseInjection {
 public:
  using Scalar = S;
  static constexpr const char* name = "NoiseInjection";
  static constexpr bool is_per_sample = true;
  static constexpr bool depends_on_mode = true;

  explicit NoiseInjection(Index channels = 1) : weight_(Shape{channels}, init::zeros()) {}

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    const Index channels = weight_.shape()[0];
    if (x.rank() < 2 || (channels != 1 && x.extent(-1) != channels))
      throw ShapeError("NoiseInjection: expected input [N, ..., " +
                       (channels == 1 ? std::string("C") : std::to_string(channels)) + "], got " +
                       to_string(x.shape()));
    if (!pass.is_training() && !pass.has_stream()) return x;
    Shape positions = x.shape();
    positions[x.rank() - 1] = 1;
    return x + Variable<S>(pass.stream().template normal<S>(positions)) * pass(weight_);
  }

  void visit(auto&& field) { field("weight", weight_); }

 private:
  Parameter<S> weight_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
