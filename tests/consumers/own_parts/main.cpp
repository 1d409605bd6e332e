// A loss and a layer that eigan has never heard of, in a training that stops, is saved and goes on in another process's
// place: the same bits.
#include <cstdio>
#include <iterator>
#include <memory>
#include <string>

#include <eigan/eigan.hpp>

#include "gated_linear.hpp"
#include "softplus_margin.hpp"

using namespace eigan;

// As a member's initialiser, the options say their type: g++ 12 breaks down without.
struct Run {
  nn::Sequential<> generator{GatedLinear(8, 16), nn::Linear(16, 2)};
  nn::Sequential<> critic{GatedLinear(2, 16), nn::Linear(16, 1)};
  train::AdversarialTrainer<nn::Sequential<>, nn::Sequential<>> trainer{
      generator, critic,
      train::AdversarialOptions<>{.latent = {8}, .loss = SoftplusMargin{.growth = 0.02}, .batch = 16, .seed = 1}};
};

int main() {
  const data::PointSet points = data::ring(256, 1);
  Run through, first, second;
  through.trainer.train(points, 20);
  first.trainer.train(points, 9);
  first.trainer.save("own_parts.safetensors");
  second.trainer.resume("own_parts.safetensors");
  second.trainer.train(points, 20);
  const bool same = nn::to_bytes(through.generator) == nn::to_bytes(second.generator) &&
                    nn::to_bytes(through.critic) == nn::to_bytes(second.critic);
  const bool moved = nn::to_bytes(first.generator) != nn::to_bytes(through.generator);
  std::printf("%s\n%s\n", nn::summary(through.critic, Shape{2}).c_str(), same ? "the same bits" : "other bits");
  return same && moved ? 0 : 1;
}
