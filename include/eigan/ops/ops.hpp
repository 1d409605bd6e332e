#pragma once

/// Everything that can be differentiated.

#include "activation.hpp"
#include "arithmetic.hpp"
#include "convolution.hpp"
#include "criterion.hpp"
#include "elementwise.hpp"
#include "gather.hpp"
#include "matmul.hpp"
#include "max_along.hpp"
#include "max_pool.hpp"
#include "normalize.hpp"
#include "reduce.hpp"
#include "resample.hpp"
#include "reshape.hpp"
#include "rows.hpp"
#include "slice.hpp"
#include "softmax.hpp"
#include "sum_to.hpp"
#include "warp.hpp"
