#pragma once

/// Data sets, and batches from them.

#include "idx.hpp"
#include "image_set.hpp"
#include "loader.hpp"
