// What a step holds on to.
#include "setup.hpp"

using namespace test;

#if !defined(EIGAN_POOL_BYPASSED)

namespace {

struct Seen {
  std::size_t forward = 0, backward = 0;
};

/// Hands on what it is given, and remembers the memory in use when it was last passed each way.
struct Watch {
  Seen* seen;
  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    const auto in_use = [] { return Pool::instance().statistics().in_use; };
    seen->forward = in_use();
    return record("watch", x.value(), {x}, [in_use, seen = seen](const Backward<S>& b) -> Gradients<S> {
      seen->backward = in_use();
      return {b.dy};
    });
  }
};

}  // namespace

TEST_CASE("a step gives activations back while their gradients are computed", "[train]") {
  constexpr Index batch = 4096, width = 64, layers = 8;
  constexpr std::size_t activation = batch * width * sizeof(float);
  Seen bottom, top;
  nn::Sequential<> critic{nn::Linear(2, width), Watch{&bottom}};
  for (Index layer = 0; layer < layers; ++layer) critic.add(nn::Linear(width, width)).add(nn::Tanh());
  critic.add(Watch{&top}).add(nn::Linear(width, 1));
  nn::Sequential<> generator{nn::Linear(4, 2)};
  train::AdversarialTrainer trainer{generator, critic, {.latent = {4}, .loss = loss::NonSaturating()}};
  const Tensor<float> real = RandomStream(1, "real").normal<float>(Shape{batch, 2});
  for (int step = 0; step < 2; ++step) trainer.step(real);
  // The generator's update was the last: two activations for each layer lie between the two ends.
  CHECK(top.forward >= bottom.forward + 2 * layers * activation);
  CHECK(bottom.backward < bottom.forward + 6 * activation);
}

#endif
