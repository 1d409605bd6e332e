#pragma once

/// What the discriminator sees samples through.

#include "adaptive_augment.hpp"
#include "any_augmentation.hpp"
#include "diff_augment.hpp"
#include "instance_noise.hpp"
