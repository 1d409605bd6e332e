#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../ops/arithmetic.hpp"
#include "activation.hpp"
#include "pass.hpp"
#include "pool.hpp"
#include "residual_block.hpp"
#include "sequential.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Where in a discriminator a ResidualDown stands. The first block sees an image, which has no activation to undergo.
enum class BlockPosition { first, inner };

/// A residual block of a discriminator that halves its image (Gulrajani et al. 2017, Miyato et al. 2018): norm, ReLU,
/// 3x3 convolution to `hidden` (in by default), norm, ReLU, 3x3 convolution, average pooling; added to the input,
/// pooled and put through a 1x1 convolution where its channels or size change. (The pooling runs first there, which
/// gives the same and costs a quarter.) The first block leaves out the first norm and ReLU, and has `hidden` = out by
/// default. x: [N, H, W, in] -> [N, H / 2, W / 2, out].
template <std::floating_point S = float>
class ResidualDown {
 public:
  using Scalar = S;
  static constexpr const char* name = "ResidualDown";
  static constexpr bool is_per_sample = true;

  explicit ResidualDown(const ResidualBlockOptions<S>& options, BlockPosition position = BlockPosition::inner) {
    const bool is_first = position == BlockPosition::first;
    const Index in = options.in, out = options.out;
    const Index hidden = options.hidden > 0 ? options.hidden : is_first ? out : in;
    const auto convolution = [&](Index from, Index to, Index kernel) {
      return detail::block_convolution<S>(from, to, kernel, options.spectral_norm);
    };
    if (!is_first) {
      detail::add_norm(main_, options, in);
      main_.add(ReLU());
    }
    main_.add(convolution(in, hidden, 3));
    detail::add_norm(main_, options, hidden);
    main_.add(ReLU()).add(convolution(hidden, out, 3));
    if (options.resample) {
      main_.add(AveragePool(2));
      shortcut_.add(AveragePool(2));
    }
    if (in != out || options.resample) shortcut_.add(convolution(in, out, 1));
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
