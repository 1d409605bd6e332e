// The real and the fake batch pass through a discriminator together, where no sample may see another.
#include <string>
#include <vector>

#include "setup.hpp"

using namespace test;

namespace {

/// Remembers the batch sizes that it is shown.
template <bool PerSample>
struct Recorder {
  static constexpr bool is_per_sample = PerSample;
  std::vector<Index>* sizes;
  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    sizes->push_back(x.extent(0));
    return x;
  }
};

/// A layer of somebody's who never heard of is_per_sample.
struct BatchMean {
  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    return x - mean(x, {0});
  }
};

template <class... Layers>
nn::Sequential<double> critic_with(Layers... layers) {
  return nn::Sequential<double>(nn::Linear<double>(2, 16), nn::LeakyReLU(0.2), std::move(layers)...,
                                nn::Linear<double>(16, 1));
}

nn::Sequential<double> generator() {
  return nn::Sequential<double>(nn::Linear<double>(4, 16), nn::ReLU(), nn::Linear<double>(16, 2));
}

train::AdversarialOptions<double> options() {
  return {.latent = {4},
          .loss = loss::NonSaturating(),
          .generator_optimizer = optim::SGD{.learning_rate = 0.1},
          .discriminator_optimizer = optim::SGD{.learning_rate = 0.1},
          .seed = 3};
}

std::vector<double> weights_after(nn::Sequential<double> critic, int steps) {
  nn::Sequential<double> made = generator();
  train::AdversarialTrainer trainer{made, critic, options()};
  const Tensor<double> real = RandomStream(1, "real").normal<double>(Shape{8, 2});
  for (int i = 0; i < steps; ++i) trainer.step(real);
  std::vector<double> weights;
  nn::for_each_parameter(critic, [&](const std::string&, const Parameter<double>& parameter) {
    weights.insert(weights.end(), parameter.data(), parameter.data() + parameter.size());
  });
  return weights;
}

}  // namespace

TEST_CASE("a critic of per-sample layers sees real and fake samples as one batch, with the same result", "[train]") {
  std::vector<Index> together, apart;
  const auto joined = weights_after(critic_with(Recorder<true>{&together}), 5);
  const auto separate = weights_after(critic_with(Recorder<false>{&apart}), 5);
  CHECK(std::vector<Index>(together.begin(), together.begin() + 2) == std::vector<Index>{16, 8});
  CHECK(std::vector<Index>(apart.begin(), apart.begin() + 3) == std::vector<Index>{8, 8, 8});
  REQUIRE(joined.size() == separate.size());
  for (std::size_t i = 0; i < joined.size(); ++i) CHECK(joined[i] == Approx(separate[i]).epsilon(1e-10).margin(1e-12));
}

TEST_CASE("which models treat each sample by itself", "[nn]") {
  CHECK(nn::is_per_sample(critic_with()));
  CHECK(nn::is_per_sample(critic_with(nn::Dropout(0.5), nn::LayerNorm<double>(16))));
  CHECK(nn::is_per_sample(critic_with(nn::Residual<double>(nn::Linear<double>(16, 16)))));
  CHECK_FALSE(nn::is_per_sample(critic_with(nn::BatchNorm<double>(16))));
  CHECK_FALSE(nn::is_per_sample(critic_with(nn::Residual<double>(nn::BatchNorm<double>(16)))));
  CHECK_FALSE(nn::is_per_sample(critic_with(BatchMean())));
}
