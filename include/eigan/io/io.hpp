#pragma once

/// Files in and out: safetensors, images, .npy, CSV, gzip; whole or not at all.

#include "byte_order.hpp"
#include "csv.hpp"
#include "decimal.hpp"
#include "durable_write.hpp"
#include "gzip.hpp"
#include "image.hpp"
#include "image_grid.hpp"
#include "input_file.hpp"
#include "npy.hpp"
#include "safetensors.hpp"
#include "safetensors_file.hpp"
