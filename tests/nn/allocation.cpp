// A warm forward pass takes its memory from the pool alone.
#include <eigan/nn/nn.hpp>

#include "catch.hpp"
#include "nn/counted_new.hpp"

using namespace eigan;

#if !defined(EIGAN_POOL_BYPASSED)

namespace {

template <class Run>
int allocations_of(const Run& run) {
  for (int warm_up = 0; warm_up < 3; ++warm_up) run();
  counted_new::start();
  run();
  return counted_new::stop();
}

}  // namespace

TEST_CASE("a warm forward pass allocates nothing", "[nn]") {
  nn::Sequential model{nn::Linear(16, 4 * 4 * 8),
                       nn::Reshape({4, 4, 8}),
                       nn::BatchNorm(8),
                       nn::ReLU(),
                       nn::Upsample({.scale = 2, .mode = nn::Interpolation::bilinear}),
                       nn::ReflectPad(1),
                       nn::Residual{nn::Sequential{nn::Conv2d({.in = 8, .out = 8, .kernel = 3, .padding = 1}),
                                                   nn::GELU(), nn::GroupNorm(2, 8)}},
                       nn::ConvTranspose2d({.in = 8, .out = 16, .kernel = 4, .stride = 2, .padding = 1}),
                       nn::LayerNorm(16),
                       nn::PReLU(16),
                       nn::PixelShuffle(2),
                       nn::MaxPool(2),
                       nn::AveragePool({.kernel = 3, .padding = 1}),
                       nn::Dropout(0.3),
                       nn::Flatten(),
                       nn::Softmax()};
  nn::initialize(model, 1);
  RandomStream stream(1, "dropout");
  const Variable<> z(stream.normal<float>({8, 16}));
  CHECK(allocations_of([&] { (void)model(z); }) == 0);
  CHECK(allocations_of([&] { (void)model(z.value()); }) == 0);
  CHECK(allocations_of([&] { (void)model(z, nn::Pass<>::training(stream)); }) == 0);
  const auto own = parameters(model);
  const nn::Bindings<> bindings(own, own);
  CHECK(allocations_of([&] { (void)model(z, nn::Pass<>().with_bindings(bindings)); }) == 0);
}

TEST_CASE("a step of an average allocates nothing", "[nn]") {
  nn::Sequential model{nn::Linear(16, 4), nn::BatchNorm(4), nn::Sequential{nn::Sequential{nn::Linear(4, 4)}}};
  nn::initialize(model, 1);
  nn::Sequential average = model;
  CHECK(allocations_of([&] { nn::update_average(average, model, 0.9); }) == 0);
}

#endif
