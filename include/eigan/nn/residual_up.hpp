#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../ops/arithmetic.hpp"
#include "activation.hpp"
#include "pass.hpp"
#include "residual_block.hpp"
#include "sequential.hpp"
#include "upsample.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// A residual block of a generator that doubles its image (Gulrajani et al. 2017, Miyato et al. 2018): norm, ReLU,
/// nearest upsampling, 3x3 convolution to `hidden` (out by default), norm, ReLU, 3x3 convolution; added to the input,
/// upsampled and put through a 1x1 convolution where its channels or size change. (That convolution runs before the
/// upsampling, which gives the same and costs a quarter.)
/// x: [N, H, W, in] -> [N, 2 H, 2 W, out].
template <std::floating_point S = float>
class ResidualUp {
 public:
  using Scalar = S;
  static constexpr const char* name = "ResidualUp";
  static constexpr bool is_per_sample = true;

  explicit ResidualUp(const ResidualBlockOptions<S>& options) {
    const Index in = options.in, out = options.out, hidden = options.hidden > 0 ? options.hidden : out;
    const auto convolution = [&](Index from, Index to, Index kernel) {
      return detail::block_convolution<S>(from, to, kernel, options.spectral_norm);
    };
    detail::add_norm(main_, options, in);
    main_.add(ReLU());
    if (options.resample) main_.add(Upsample(2));
    main_.add(convolution(in, hidden, 3));
    detail::add_norm(main_, options, hidden);
    main_.add(ReLU()).add(convolution(hidden, out, 3));
    if (in != out || options.resample) shortcut_.add(convolution(in, out, 1));
    if (options.resample) shortcut_.add(Upsample(2));
  }

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    return main_.forward(x, pass) + shortcut_.forward(x, pass);
  }

  void visit(auto&& field) {
    field("main", main_);
    field("shortcut", shortcut_);
  }

 private:
  Sequential<S> main_, shortcut_;  // an empty one hands x on
};

}  // namespace eigan::inline EIGAN_ABI::nn
