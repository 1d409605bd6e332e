#pragma once

/// All of eigan: generative adversarial networks, trained on the CPU.

#include "augment/augment.hpp"
#include "autograd/check.hpp"
#include "autograd/grad.hpp"
#include "autograd/parameter.hpp"
#include "autograd/recording.hpp"
#include "autograd/variable.hpp"
#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/pool.hpp"
#include "core/random.hpp"
#include "core/tensor.hpp"
#include "core/version.hpp"
#include "data/data.hpp"
#include "io/io.hpp"
#include "kernels/simd/instruction_set.hpp"
#include "loss/loss.hpp"
#include "metrics/metrics.hpp"
#include "models/models.hpp"
#include "nn/nn.hpp"
#include "ops/ops.hpp"
#include "optim/optim.hpp"
#include "recipes/recipes.hpp"
#include "train/train.hpp"

// Last, since it names what stands above.
#include "compiled/compiled.hpp"
