#pragma once

#include "any_augmentation.hpp"
#include "instance_noise.hpp"
