// One const model, several threads.
#include <algorithm>
#include <thread>
#include <vector>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"

using namespace eigan;

TEST_CASE("several threads sample one const generator, each to the bit as if alone", "[nn]") {
  nn::Sequential generator{nn::Linear(16, 4 * 4 * 8),
                           nn::Reshape({4, 4, 8}),
                           nn::BatchNorm(8),
                           nn::ReLU(),
                           nn::ConvTranspose2d({.in = 8, .out = 4, .kernel = 4, .stride = 2, .padding = 1}),
                           nn::LeakyReLU(0.2),
                           nn::Conv2d({.in = 4, .out = 1, .kernel = 3, .padding = 1}),
                           nn::Tanh()};
  nn::initialize(generator, 1);
  const auto noise = [](int thread) {
    RandomStream stream(static_cast<std::uint64_t>(thread), "noise");
    return stream.normal<float>({8, 16});
  };
  const auto& frozen = generator;
  constexpr int threads = 4, rounds = 5;
  std::vector<Tensor<float>> alone, together(threads * rounds);
  for (int i = 0; i < threads * rounds; ++i) alone.push_back(frozen(noise(i)));
  std::vector<std::thread> pool;
  for (int t = 0; t < threads; ++t)
    pool.emplace_back([&, t] {
      for (int i = t * rounds; i < (t + 1) * rounds; ++i) together[static_cast<std::size_t>(i)] = frozen(noise(i));
    });
  for (std::thread& thread : pool) thread.join();
  for (std::size_t i = 0; i < alone.size(); ++i)
    CHECK(std::equal(alone[i].data(), alone[i].data() + alone[i].size(), together[i].data()));
}
