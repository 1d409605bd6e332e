#pragma once

/// Data sets, read or made, and batches from them.

#include "augmented.hpp"
#include "cifar.hpp"
#include "digits.hpp"
#include "fit_image.hpp"
#include "idx.hpp"
#include "image_files.hpp"
#include "image_folder.hpp"
#include "image_set.hpp"
#include "loader.hpp"
#include "mixtures.hpp"
#include "textures.hpp"
