#pragma once

/// Optimizers, schedules, clipping, and the search for what is not finite.
#include "adam.hpp"
#include "adam_w.hpp"
#include "any_optimizer.hpp"
#include "any_schedule.hpp"
#include "clipping.hpp"
#include "non_finite.hpp"
#include "optimizer.hpp"
#include "rms_prop.hpp"
#include "schedule.hpp"
#include "sgd.hpp"
