#pragma once

/// Ready architectures: a generator and a discriminator each.

#include "dcgan.hpp"
#include "mlp.hpp"
#include "networks.hpp"
#include "r3gan.hpp"
#include "sngan.hpp"
#include "wgan_gp_resnet.hpp"
