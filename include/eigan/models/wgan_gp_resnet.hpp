#pragma once

#include <concepts>

#include "../core/config.hpp"
#include "../nn/linear.hpp"
#include "../nn/pool.hpp"
#include "conditional.hpp"
#include "networks.hpp"
#include "resnet.hpp"

namespace eigan::inline EIGAN_ABI::models {

struct WganGpResnetOptions {
  Index size = 32;  ///< height and width of the image: 4 to 7, 9, 11, 13 or 15, doubled
  Index channels = 3;
  Index latent = 128;
  Index width = 128;  ///< channels throughout
  Index classes = 0;  ///< of a conditional pair; 0: nothing is asked of a sample
};

/// The residual networks of WGAN-GP for CIFAR-10 (Gulrajani et al. 2017, appendix F): batch norm in the generator, no
/// norm in the critic, which a gradient penalty judges sample by sample; the critic halves the image down to 8 pixels,
/// has two blocks that keep its size, and takes the mean over all positions. With classes, the generator's batch norms
/// are conditional and the critic ends in a projection.
template <std::floating_point S = float>
Networks<S> wgan_gp_resnet(const WganGpResnetOptions& options = {}) {
  Networks<S> networks{.latent = options.latent};
  networks.generator = detail::resnet_generator<S>("wgan_gp_resnet", options.size, options.channels, options.latent,
                                                   options.width, options.width, options.classes);
  detail::add_resnet_blocks(networks.discriminator, options.size, options.channels, options.width, options.width, 8, 2,
                            false);
  networks.discriminator.add(nn::GlobalAveragePool());
  detail::add_verdict(networks.discriminator, options.width, options.classes);
  return networks;
}

}  // namespace eigan::inline EIGAN_ABI::models
