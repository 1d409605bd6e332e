#pragma once

/// Data sets, read or made, and batches from them.

#include "digits.hpp"
#include "idx.hpp"
#include "image_set.hpp"
#include "loader.hpp"
#include "mixtures.hpp"
