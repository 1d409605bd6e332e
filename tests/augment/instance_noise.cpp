#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <eigan/eigan.hpp>

#include "catch.hpp"

using namespace eigan;

namespace {

/// Remembers what it is shown.
struct Recorder {
  static constexpr bool is_per_sample = true;
  std::vector<Tensor<float>>* seen;
  Variable<float> forward(const Variable<float>& x) const {
    seen->push_back(x.value());
    return x;
  }
};

}  // namespace

TEST_CASE("instance noise has the deviation that its step says, and the gradient passes", "[augment]") {
  const augment::InstanceNoise noise{.deviation = 0.5, .steps = 100};
  RandomStream stream(1, "noise");
  const Variable<double> x(Tensor<double>::zeros(Shape{100, 100}));
  const auto deviation = [&](Index step) { return std::sqrt(mean(square(noise(x, {stream, step}))).item()); };
  CHECK(deviation(0) == Approx(0.5).epsilon(0.03));
  CHECK(deviation(50) == Approx(0.25).epsilon(0.03));
  CHECK(deviation(100) == 0);
  CHECK(deviation(1000) == 0);
  CHECK(augment::InstanceNoise{.deviation = 0.5}.deviation_at(1'000'000) == 0.5);
  const auto [gradient] = grad(sum(noise(x, {stream, 0})), {x});
  CHECK(gradient.data()[7] == 1);
  CHECK_THROWS_AS(augment::AnyAugmentation<float>(augment::InstanceNoise{.deviation = -1}), ConfigError);
  CHECK(augment::AnyAugmentation<float>(noise).settings()[1] == std::pair<std::string, double>("steps", 100));
}

TEST_CASE("the discriminator sees real and generated samples through the augmentation, each anew", "[augment]") {
  std::vector<Tensor<float>> seen;
  nn::Sequential generator{nn::Linear(1, 2)};
  nn::Sequential discriminator{Recorder{&seen}, nn::Linear(2, 1)};
  train::AdversarialTrainer trainer{generator,
                                    discriminator,
                                    {.latent = {1},
                                     .loss = loss::NonSaturating(),
                                     .augmentations = {augment::InstanceNoise{.deviation = 3}},
                                     .batch = 4}};
  trainer.step(Tensor<float>::zeros(Shape{200, 2}));
  REQUIRE(seen.size() == 2);
  REQUIRE(seen[0].extent(0) == 400);
  const auto deviation = [](const Tensor<float>& x) { return std::sqrt(mean(square(Variable<float>(x))).item()); };
  CHECK(deviation(seen[0].rows(0, 200)) == Approx(3).epsilon(0.1));
  CHECK(deviation(seen[0].rows(200, 200)) > 2.5);
  CHECK(deviation(seen[1]) > 2.5);
  CHECK(seen[0].rows(200, 200).data()[0] != seen[1].data()[0]);
}
