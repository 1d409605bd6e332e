// The parts of networks: what they promise besides their formulas.
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"
#include "nn/counted_new.hpp"
#include "ops/gradients.hpp"

using namespace eigan;
using Var = Variable<double>;

namespace {

bool same(const Var& a, const Var& b) {
  if (!(a.shape() == b.shape())) return false;
  for (Index i = 0; i < a.size(); ++i)
    if (a.data()[i] != b.data()[i]) return false;
  return true;
}

/// A layer, an input of it, and whether it promises to keep samples apart.
struct Part {
  std::string name;
  nn::AnyLayer<double> layer;
  Shape x;
  bool is_per_sample;
};

std::vector<Part> all_parts() {
  const auto norm = [](Index channels) { return nn::BatchNorm<double>(channels); };
  return {
      {"SpectralNorm", nn::SpectralNorm(nn::Linear<double>(4, 3)), {3, 4}, true},
      {"WeightNorm", nn::WeightNorm(nn::Conv2d<double>({.in = 2, .out = 3, .kernel = 2})), {2, 3, 3, 2}, true},
      {"EqualizedLearningRate", nn::EqualizedLearningRate(nn::Linear<double>(4, 3)), {3, 4}, true},
      {"PixelNorm", nn::PixelNorm(), {2, 2, 2, 3}, true},
      {"NoiseInjection", nn::NoiseInjection<double>(3), {2, 2, 2, 3}, true},
      {"VirtualBatchNorm", nn::VirtualBatchNorm<double>(3), {4, 2, 2, 3}, false},
      {"MinibatchDiscrimination", nn::MinibatchDiscrimination<double>(3, {.kernels = 2, .width = 2}), {4, 3}, false},
      {"MinibatchStandardDeviation", nn::MinibatchStandardDeviation(), {4, 2, 2, 3}, false},
      {"Packing", nn::Packing(2), {4, 2, 2, 3}, false},
      {"SelfAttention", nn::SelfAttention<double>(8, {.spectral_norm = true}), {2, 2, 2, 8}, true},
      {"SqueezeExcitation", nn::SqueezeExcitation<double>(4, 2), {2, 2, 2, 4}, true},
      {"Maxout", nn::Maxout(2), {2, 2, 4}, true},
      {"ResidualUp", nn::ResidualUp<double>({.in = 2, .out = 3, .norm = norm}), {2, 2, 2, 2}, false},
      {"ResidualDown", nn::ResidualDown<double>({.in = 2, .out = 3, .spectral_norm = true}), {2, 2, 2, 2}, true},
  };
}

}  // namespace

TEST_CASE("every part works in a Sequential, copies deeply, and comes back from what it saved", "[nn]") {
  for (const Part& part : all_parts()) {
    INFO(part.name);
    CHECK(part.layer.name() == part.name);
    nn::Sequential<double> model{part.layer}, other{part.layer};
    CHECK(nn::is_per_sample(model) == part.is_per_sample);
    nn::initialize(model, 1);
    nn::initialize(other, 2);
    RandomStream stream(1, "noise"), again(1, "noise");
    const Var x = test::random(part.x);
    const auto start = nn::to_bytes(model);
    const nn::Sequential<double> copy = model;

    (void)model(x, nn::Pass<double>::training(stream));
    const auto trained = nn::to_bytes(model);
    (void)model(x, nn::Pass<double>::training(stream).with_frozen_statistics());
    (void)model(x);
    CHECK((nn::to_bytes(model) == trained));  // neither writes anything
    nn::for_each_parameter(model, [](const std::string&, Parameter<double>& p) { p.mutable_data()[0] += 1; });
    CHECK((nn::to_bytes(copy) == start));

    const auto saved = nn::to_bytes(model);
    nn::load(other, std::span(saved));
    CHECK((nn::to_bytes(other) == saved));
    const RandomStream::State here = stream.state();
    again.restore(here);
    CHECK(same(model(x, nn::Pass<double>::training(stream)), other(x, nn::Pass<double>::training(again))));
    CHECK((nn::to_bytes(other) == nn::to_bytes(model)));
  }
}

TEST_CASE("a part that promises to keep samples apart does so", "[nn]") {
  for (const Part& part : all_parts()) {
    if (!part.is_per_sample || part.name == "NoiseInjection") continue;  // whose noise is drawn for the batch
    INFO(part.name);
    nn::Sequential<double> model{part.layer};
    nn::initialize(model, 1);
    nn::for_each_parameter(model, [](const std::string& name, Parameter<double>& p) {
      if (name.ends_with("gamma")) p.mutable_data()[0] = 1;
    });
    const auto pass = nn::Pass<double>::training().with_frozen_statistics();
    const Var x = test::random(part.x), all = model(x, pass), first = model(narrow(x, 0, 0, 1), pass);
    const Index per_sample = all.size() / x.extent(0);
    REQUIRE(first.size() == per_sample);
    for (Index i = 0; i < per_sample; ++i) CHECK(first.data()[i] == Approx(all.data()[i]).epsilon(1e-12));
  }
}

TEST_CASE("the gradients of every part equal finite differences, twice over", "[nn][second-order]") {
  for (const Part& part : all_parts()) {
    nn::Sequential<double> model{part.layer};
    nn::initialize(model, 1);
    const auto own = parameters(model);
    std::vector<Var> inputs{test::random(part.x, 5)};
    // Off their first values too: a gamma or a noise weight of 0 would hide what stands behind it.
    for (std::size_t i = 0; i < own.size(); ++i)
      inputs.push_back(own[i] + test::random(own[i].shape(), 11 + i, 0, 0.2));
    const auto pass = nn::Pass<double>::training().with_frozen_statistics();
    test::check_derivatives(
        part.name,
        [&](const std::vector<Var>& in) {
          RandomStream stream(1, "noise");
          const nn::Bindings<double> bindings(own, {in.begin() + 1, in.end()});
          return model(in[0], pass.with_stream(stream).with_bindings(bindings));
        },
        inputs, 1e-4);
  }
}

TEST_CASE("weight norm starts as its layer alone would, by whatever scheme", "[nn]") {
  const Var x = test::random({3, 4});
  nn::Sequential<double> plain{nn::Linear<double>(4, 3)}, normalised{nn::WeightNorm(nn::Linear<double>(4, 3))};
  const auto check = [&](const nn::Sequential<double>& model) {
    const Var expected = plain(x), y = model(x);
    for (Index i = 0; i < y.size(); ++i) CHECK(y.data()[i] == Approx(expected.data()[i]).epsilon(1e-12));
  };
  nn::Sequential<double> unfilled = normalised;  // its gain must start from its own weight
  nn::initialize(plain, 1);
  nn::initialize(normalised, 1);
  check(normalised);
  nn::initialize(unfilled, 1);
  check(unfilled);
  nn::Sequential<double> again = normalised;
  nn::initialize(plain, 3, nn::init::orthogonal());
  nn::initialize(again, 3, nn::init::orthogonal());
  check(again);
}

TEST_CASE("an equalized learning rate keeps the variance, whatever the multiplier", "[nn]") {
  for (const double multiplier : {1.0, 0.01}) {
    nn::EqualizedLearningRate layer(nn::Linear<double>(400, 300), {.gain = 1, .learning_rate_multiplier = multiplier});
    nn::initialize(layer, 1);
    const Var y = layer.forward(test::random({20, 400}));
    CHECK(mean(square(y)).item() == Approx(1).epsilon(0.05));
    const auto own = parameters(layer);
    CHECK(mean(square(own[0])).item() == Approx(1 / (multiplier * multiplier)).epsilon(0.05));
    CHECK(sum(square(own[1])).item() == 0);
  }
}

TEST_CASE("injected noise is one number per position, times each channel's weight", "[nn]") {
  nn::NoiseInjection<double> layer(3);
  nn::initialize(layer, 1);
  RandomStream stream(4, "noise"), again(4, "noise");
  const Var x = test::random({2, 2, 3, 3});
  CHECK(same(layer.forward(x, nn::Pass<double>::training(stream)), x));  // its weight starts at 0
  nn::for_each_parameter(layer, [](const std::string&, Parameter<double>& weight) {
    weight.assign(Tensor<double>::from({0.5, 0, -2}));
  });
  stream = RandomStream(4, "noise");
  const Var y = layer.forward(x, nn::Pass<double>::training(stream));
  const Tensor<double> noise = again.normal<double>(Shape{2, 2, 3, 1});
  const double weight[] = {0.5, 0, -2};
  for (Index i = 0; i < x.size(); ++i)
    CHECK(y.data()[i] == Approx(x.data()[i] + weight[i % 3] * noise.data()[i / 3]).epsilon(1e-12));

  CHECK(same(layer.forward(x), x));
  stream = RandomStream(4, "noise");
  CHECK(same(layer.forward(x, nn::Pass<double>().with_stream(stream)), y));
  CHECK_THROWS_AS(layer.forward(x, nn::Pass<double>::training()), ConfigError);
}

TEST_CASE("a virtual batch norm does not depend on batch mates once it has its reference", "[nn]") {
  nn::VirtualBatchNorm<double> layer(2);
  nn::initialize(layer, 1);
  const auto training = nn::Pass<double>::training();
  const Var reference = test::random({5, 3, 2}), x = test::random({4, 3, 2}, 9);
  const Var first = layer.forward(reference, training);
  for (Index channel = 0; channel < 2; ++channel) {  // by its own statistics alone
    double total = 0, squares = 0;
    for (Index i = channel; i < first.size(); i += 2) {
      total += first.data()[i];
      squares += first.data()[i] * first.data()[i];
    }
    CHECK(total == Approx(0).margin(1e-12));
    CHECK(squares / 15 == Approx(1).epsilon(1e-4));
  }
  const Var together = layer.forward(x, training), alone = layer.forward(narrow(x, 0, 2, 1), training);
  for (Index i = 0; i < alone.size(); ++i) CHECK(alone.data()[i] == together.data()[12 + i]);
  CHECK(same(layer.forward(x), together));
}

TEST_CASE("minibatch discrimination adds what a plain loop adds", "[nn]") {
  const Index samples = 5, in = 4, kernels = 3, width = 2;
  nn::MinibatchDiscrimination<double> layer(in, {.kernels = kernels, .width = width});
  nn::initialize(layer, 1);
  nn::for_each_parameter(layer, [](const std::string&, Parameter<double>& weight) {
    for (Index i = 0; i < weight.size(); ++i) weight.mutable_data()[i] *= 10;
  });
  const Var x = test::random({samples, in});
  const double* const t = parameters(layer)[0].data();
  const Var y = layer.forward(x);
  for (Index i = 0; i < samples; ++i)
    for (Index b = 0; b < kernels; ++b) {
      double closeness = 0;
      for (Index j = 0; j < samples; ++j) {
        double distance = 0;
        for (Index c = 0; c < width; ++c) {
          double difference = 0;
          for (Index a = 0; a < in; ++a)
            difference += t[(b * width + c) * in + a] * (x.data()[i * in + a] - x.data()[j * in + a]);
          distance += std::abs(difference);
        }
        closeness += std::exp(-distance);
      }
      CHECK(y.data()[i * (in + kernels) + in + b] == Approx(closeness).epsilon(1e-12));
    }
}

TEST_CASE("self-attention starts as the identity", "[nn]") {
  nn::SelfAttention<double> layer(16);
  nn::initialize(layer, 1);
  const Var x = test::random({2, 4, 4, 16});
  CHECK(same(layer.forward(x), x));
}

TEST_CASE("parts say what they expected", "[nn]") {
  const auto x = [](const Shape& shape) { return Var(Tensor<double>::zeros(shape)); };
  CHECK_THROWS_WITH(
      nn::Packing(3).forward(x({4, 2})),
      "Packing: expected input [N, ..., C] whose N falls into packs of 3, got [4, 2]; choose a batch that "
      "3 divides");
  CHECK_THROWS_WITH(nn::MinibatchStandardDeviation().forward(x({6, 2})),
                    Catch::Contains("with N in groups of 4 and C in 1 equal parts, got [6, 2]"));
  CHECK_THROWS_WITH(nn::Maxout(3).forward(x({2, 4})), Catch::Contains("groups of 3, got [2, 4]"));
  CHECK_THROWS_WITH(nn::MinibatchDiscrimination<double>(3).forward(x({2, 4})), Catch::Contains("[N, 3], got [2, 4]"));
  CHECK_THROWS_WITH(nn::SelfAttention<double>(8).forward(x({2, 1, 4, 8})), Catch::Contains("of 2x2 pixels or more"));
  CHECK_THROWS_WITH(nn::SqueezeExcitation<double>(8).forward(x({2, 8})), Catch::Contains("[N, spatial..., 8]"));
  CHECK_THROWS_WITH(nn::NoiseInjection<double>(3).forward(x({2, 4})), Catch::Contains("[N, ..., 3], got [2, 4]"));
  CHECK_THROWS_WITH(nn::VirtualBatchNorm<double>(3).forward(x({2, 4})), Catch::Contains("[N, ..., 3], got [2, 4]"));
  CHECK_THROWS_WITH(nn::PixelNorm().forward(x({2})), Catch::Contains("[N, ..., C], got [2]"));
  CHECK_THROWS_WITH(nn::EqualizedLearningRate(nn::Linear<double>(2, 2), {.learning_rate_multiplier = 0}),
                    Catch::Contains("multiplier above 0"));
  CHECK_THROWS_AS(nn::WeightNorm(nn::BatchNorm<double>(2)), ConfigError);
  CHECK_THROWS_AS(nn::Packing(0), ConfigError);
}

TEST_CASE("what wraps a weight can be wrapped again", "[nn]") {
  nn::SpectralNorm layer(nn::EqualizedLearningRate(nn::ConvTranspose2d<double>({.in = 2, .out = 3, .kernel = 2})),
                         {.iterations = 300});
  nn::initialize(layer, 1);
  const Var x = test::random({1, 2, 2, 2});
  (void)layer.forward(x, nn::Pass<double>::training());
  // The scale of an equalised layer then has the last word: sqrt(2) / sqrt(2 inputs * 4 taps) of a norm of 1.
  nn::SpectralNorm plain(nn::ConvTranspose2d<double>({.in = 2, .out = 3, .kernel = 2}), {.iterations = 300});
  const auto own = parameters(layer);
  std::size_t next = 0;
  nn::for_each_parameter(plain, [&](const std::string&, Parameter<double>& p) { p.assign(own[next++].value()); });
  (void)plain.forward(x, nn::Pass<double>::training());
  const Var y = layer.forward(x), expected = plain.forward(x);
  for (Index i = 0; i < y.size(); ++i) CHECK(y.data()[i] == Approx(0.5 * expected.data()[i]).epsilon(1e-9));
}

TEST_CASE("pooling by sums is pooling by means, times the positions", "[nn]") {
  const Var x = test::random({2, 3, 4, 2});
  const Var total = nn::GlobalSumPool().forward(x), average = nn::GlobalAveragePool().forward(x);
  REQUIRE(total.shape() == Shape{2, 2});
  for (Index i = 0; i < total.size(); ++i) CHECK(total.data()[i] == Approx(12 * average.data()[i]).epsilon(1e-12));
}

#if !defined(EIGAN_POOL_BYPASSED)

TEST_CASE("a warm part allocates nothing, gradients included", "[nn]") {
  for (const Part& part : all_parts()) {
    INFO(part.name);
    nn::Sequential<double> model{part.layer};
    nn::initialize(model, 1);
    std::vector<Var> targets = parameters(model);
    targets.push_back(test::random(part.x));
    std::vector<Var> gradients(targets.size());
    RandomStream stream(1, "noise");
    const auto run = [&] {
      const Var y = model(targets.back(), nn::Pass<double>::training(stream));
      grad(sum(y), std::span<const Var>(targets), std::span<Var>(gradients));
    };
    for (int warm_up = 0; warm_up < 3; ++warm_up) run();
    counted_new::start();
    run();
    CHECK(counted_new::stop() == 0);
  }
}

#endif
