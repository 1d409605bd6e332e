#pragma once

#include <concepts>

#include "../core/config.hpp"
#include "activation.hpp"
#include "pool.hpp"
#include "residual_block.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Where in a discriminator a ResidualDown stands. The first block sees an image, which has no activation to undergo.
enum class BlockPosition { first, inner };

/// A residual block of a discriminator that halves its image (Gulrajani et al. 2017, Miyato et al. 2018): norm, ReLU,
/// 3x3 convolution to `hidden` (in by default), norm, ReLU, 3x3 convolution, average pooling; added to the input,
/// pooled and put through a 1x1 convolution where its channels or size change. (The pooling runs first there, which
/// gives the same and costs a quarter.) The first block leaves out the first norm and ReLU, and has `hidden` = out by
/// default. x: [N, H, W, in] -> [N, H / 2, W / 2, out].
template <std::floating_point S = float>
class ResidualDown : public detail::ResidualPaths<S> {
  using Base = detail::ResidualPaths<S>;
  using Base::main_, Base::shortcut_, Base::convolution, Base::add_norm;

 public:
  static constexpr const char* name = "ResidualDown";

  explicit ResidualDown(const ResidualBlockOptions<S>& options, BlockPosition position = BlockPosition::inner)
      : Base(options) {
    const bool is_first = position == BlockPosition::first;
    const Index in = options.in, out = options.out;
    const Index hidden = options.hidden > 0 ? options.hidden : is_first ? out : in;
    if (!is_first) {
      add_norm(in);
      main_.add(ReLU());
    }
    main_.add(convolution(in, hidden, 3));
    add_norm(hidden);
    main_.add(ReLU()).add(convolution(hidden, out, 3));
    if (options.resample) {
      main_.add(AveragePool(2));
      shortcut_.add(AveragePool(2));
    }
    if (in != out || options.resample) shortcut_.add(convolution(in, out, 1));
  }
};

}  // namespace eigan::inline EIGAN_ABI::nn
