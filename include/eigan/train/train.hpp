#pragma once

/// Training: the trainer, and what can be called after each step.

#include "checkpoints.hpp"
#include "loss_log.hpp"
#include "options.hpp"
#include "progress_bar.hpp"
#include "sample_grid.hpp"
#include "session.hpp"
#include "step_report.hpp"
#include "stop_on_signal.hpp"
#include "trainer.hpp"
