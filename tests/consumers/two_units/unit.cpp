// Compiled twice, with different flags, into functions called train_plain and train_other.
#include <limits>

#include "training.hpp"

#define JOIN(first, second) first##second
#define NAME(first, second) JOIN(first, second)

double NAME(train_, UNIT)() { return train_a_little(); }

/// Does a run notice data that are not numbers, whatever this unit's flags say about such?
bool NAME(notices_divergence_, UNIT)() {
  using namespace eigan;
  nn::Sequential generator{nn::Linear(2, 2)};
  nn::Sequential critic{nn::Linear(2, 1)};
  train::AdversarialTrainer trainer{
      generator, critic, {.latent = {2}, .loss = loss::NonSaturating(), .batch = 4, .seed = 1}};
  volatile float zero = 0;
  try {
    trainer.step(Tensor<float>::full(Shape{4, 2}, std::numeric_limits<float>::quiet_NaN() + zero));
  } catch (const DivergenceError&) {
    return true;
  }
  return false;
}
