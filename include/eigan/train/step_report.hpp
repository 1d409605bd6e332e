#pragma once

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// What a callback is told after a step.
struct StepReport {
  Index step = 0;                 ///< steps taken in all, this one included
  Index last_step = 0;            ///< where this call of train() goes to; 0 in a loop of one's own
  double discriminator_loss = 0;  ///< of the step's last discriminator update, without penalties
  double generator_loss = 0;      ///< of the step's last generator update
  double penalty = 0;             ///< all penalties of the last discriminator update added up
  double generator_penalty = 0;   ///< the same of the last generator update
  double augmentation = 0;        ///< strength of the last augmentation: 1 where it always is the same, 0 without one
  Index images = 0;               ///< real samples seen in this step
};

}  // namespace eigan::inline EIGAN_ABI::train
