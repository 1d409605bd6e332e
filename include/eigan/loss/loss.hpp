#pragma once

/// Adversarial losses on logits, and penalties that take a critic callable.
#include "adversarial_loss.hpp"
#include "any_loss.hpp"
#include "any_penalty.hpp"
#include "critic_function.hpp"
#include "custom.hpp"
#include "gradient_penalty.hpp"
#include "lazily.hpp"
#include "minimax.hpp"
#include "non_saturating.hpp"
#include "penalty.hpp"
#include "penalty_context.hpp"
#include "wasserstein.hpp"
