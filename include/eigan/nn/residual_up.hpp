#pragma once

#include <concepts>

#include "../core/config.hpp"
#include "activation.hpp"
#include "residual_block.hpp"
#include "upsample.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// A residual block of a generator that doubles its image (Gulrajani et al. 2017, Miyato et al. 2018): norm, ReLU,
/// nearest upsampling, 3x3 convolution to `hidden` (out by default), norm, ReLU, 3x3 convolution; added to the input,
/// upsampled and put through a 1x1 convolution where its channels or size change. (That convolution runs before the
/// upsampling, which gives the same and costs a quarter.)
/// x: [N, H, W, in] -> [N, 2 H, 2 W, out].
template <std::floating_point S = float>
class ResidualUp : public detail::ResidualPaths<S> {
  using Base = detail::ResidualPaths<S>;
  using Base::main_, Base::shortcut_, Base::convolution, Base::add_norm;

 public:
  static constexpr const char* name = "ResidualUp";

  explicit ResidualUp(const ResidualBlockOptions<S>& options) : Base(options) {
    const Index in = options.in, out = options.out, hidden = options.hidden > 0 ? options.hidden : out;
    add_norm(in);
    main_.add(ReLU());
    if (options.resample) main_.add(Upsample(2));
    main_.add(convolution(in, hidden, 3));
    add_norm(hidden);
    main_.add(ReLU()).add(convolution(hidden, out, 3));
    if (in != out || options.resample) shortcut_.add(convolution(in, out, 1));
    if (options.resample) shortcut_.add(Upsample(2));
  }
};

}  // namespace eigan::inline EIGAN_ABI::nn
