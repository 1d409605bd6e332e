// Ready networks: they run, fit together, and have as many weights as others count.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <eigan/models/models.hpp>
#include <eigan/nn/nn.hpp>
#include <eigan/ops/ops.hpp>

#include "catch.hpp"

using namespace eigan;

namespace {

/// Trains nothing, but goes both ways: samples, judges them, and differentiates in every weight.
void check_runs(const std::string& what, models::Networks<> networks, const Shape& image,
                const nn::Condition<>& asked = {}) {
  INFO(what);
  nn::initialize(networks.generator, 1);
  nn::initialize(networks.discriminator, 2);
  RandomStream stream(1, "noise");
  const Variable<> z(stream.normal<float>({4, networks.latent}));
  const auto pass = nn::Pass<>::training(stream).with_condition(asked);
  const Variable<> fake = networks.generator(z, pass), judged = networks.discriminator(fake, pass);
  Shape expected{4};
  for (const Index extent : image) expected.push_back(extent);
  CHECK(fake.shape() == expected);
  CHECK(judged.shape() == Shape{4, 1});
  std::vector<Variable<>> weights = parameters(networks.generator);
  for (const Variable<>& weight : parameters(networks.discriminator)) weights.push_back(weight);
  for (const Variable<>& gradient : grad(sum(judged), weights))  // throws if one is not reached
    for (Index i = 0; i < gradient.size(); ++i) REQUIRE(std::isfinite(gradient.data()[i]));
}

Index generator_weights(const models::Networks<>& networks) { return nn::parameter_count(networks.generator); }
Index discriminator_weights(const models::Networks<>& networks) { return nn::parameter_count(networks.discriminator); }

}  // namespace

TEST_CASE("ready networks have as many weights as the same ones in PyTorch", "[models]") {
  const auto mlp = models::mlp();
  CHECK(generator_weights(mlp) == 1489424);
  CHECK(discriminator_weights(mlp) == 533505);
  const auto mnist = models::dcgan({.size = 28, .channels = 1});
  CHECK(generator_weights(mnist) == 759681);
  CHECK(discriminator_weights(mnist) == 138689);
  const auto cifar = models::dcgan({.size = 32});
  CHECK(generator_weights(cifar) == 1068931);
  CHECK(discriminator_weights(cifar) == 663361);
  CHECK(discriminator_weights(models::dcgan({.size = 32, .discriminator_norm = false})) == 662977);
  // PyTorch's own DCGAN example, plus the biases that it leaves out of first and last layers.
  const auto dcgan = models::dcgan();
  CHECK(generator_weights(dcgan) == 3576704 + 3);
  CHECK(discriminator_weights(dcgan) == 2765568 + 64 + 1);
  const auto sngan = models::sngan();
  CHECK(generator_weights(sngan) == 3804739);
  CHECK(discriminator_weights(sngan) == 2935873);
  const auto wgan = models::wgan_gp_resnet();
  CHECK(generator_weights(wgan) == 1204483);
  CHECK(discriminator_weights(wgan) == 1053825);
}

TEST_CASE("SNGAN's residual networks have as many weights as their tables say", "[models]") {
  const auto small = models::sngan_resnet();
  const Index block = 2 * (256 * 256 * 9 + 256) + (256 * 256 + 256) + 2 * 512;  // two convolutions, shortcut, two norms
  CHECK(generator_weights(small) == 129 * 4096 + 3 * block + 512 + 3 * 256 * 9 + 3);
  CHECK(discriminator_weights(small) == 1053825);
  // For 128 pixels: channels 1024, 512, 256, 128, 64 up, and 64 to 1024 down with one more block of 1024.
  const auto large = models::sngan_resnet({.size = 128,
                                           .generator_width = 64,
                                           .generator_widest = 1024,
                                           .discriminator_width = 64,
                                           .discriminator_widest = 1024});
  const auto down = [](Index in, Index out) { return in * in * 9 + in + in * out * 9 + out + in * out + out; };
  CHECK(discriminator_weights(large) == (3 * 64 * 9 + 64) + (64 * 64 * 9 + 64) + (3 * 64 + 64) + down(64, 128) +
                                            down(128, 256) + down(256, 512) + down(512, 1024) +
                                            2 * (1024 * 1024 * 9 + 1024) + 1025);
}

TEST_CASE("R3GAN for faces of 256 pixels is as large as published", "[models]") {
  const auto networks = models::r3gan({.size = 256, .width = 96});
  CHECK(std::round(static_cast<double>(generator_weights(networks)) / 1000) == 23058);      // 23.058 M
  CHECK(std::round(static_cast<double>(discriminator_weights(networks)) / 1000) == 23010);  // 23.010 M
}

TEST_CASE("ready networks run, judge what they make, and are reached by gradients in every weight", "[models]") {
  check_runs("mlp", models::mlp({.size = 8, .width = 16}), {8, 8, 1});
  check_runs("mlp on vectors", models::mlp({.size = 0, .channels = 2, .latent = 3, .width = 8}), {2});
  check_runs("dcgan", models::dcgan({.size = 28, .channels = 1, .latent = 10, .width = 8}), {28, 28, 1});
  check_runs("sngan", models::sngan({.size = 24, .latent = 10, .width = 4}), {24, 24, 3});
  check_runs("sngan resnet",
             models::sngan_resnet({.size = 32,
                                   .latent = 8,
                                   .generator_width = 4,
                                   .generator_widest = 8,
                                   .discriminator_width = 4,
                                   .discriminator_widest = 16}),
             {32, 32, 3});
  check_runs("sngan resnet for larger images",
             models::sngan_resnet({.size = 48,
                                   .latent = 8,
                                   .generator_width = 4,
                                   .generator_widest = 16,
                                   .discriminator_width = 4,
                                   .discriminator_widest = 16}),
             {48, 48, 3});
  check_runs("wgan-gp resnet", models::wgan_gp_resnet({.size = 16, .latent = 8, .width = 8}), {16, 16, 3});
  check_runs("r3gan", models::r3gan({.size = 16, .latent = 8, .width = 8, .widest = 16, .group = 8}), {16, 16, 3});
}

TEST_CASE("ready networks come in every multiple of 8 up to 128", "[models]") {
  for (const Index size : {8, 24, 40, 72, 88}) {
    const Shape image{size, size, 1};
    const auto named = [&](const char* name) { return std::string(name) + " of " + std::to_string(size); };
    check_runs(named("dcgan"), models::dcgan({.size = size, .channels = 1, .latent = 4, .width = 2}), image);
    check_runs(named("sngan"), models::sngan({.size = size, .channels = 1, .latent = 4, .width = 2}), image);
    check_runs(named("wgan-gp resnet"), models::wgan_gp_resnet({.size = size, .channels = 1, .latent = 4, .width = 2}),
               image);
    check_runs(
        named("r3gan"),
        models::r3gan({.size = size, .channels = 1, .latent = 4, .width = 4, .widest = 8, .blocks = 1, .group = 4}),
        image);
  }
  for (Index size = 8; size <= 128; size += 8) CHECK_NOTHROW(models::dcgan({.size = size, .width = 1}));
}

TEST_CASE("conditional ones do too, and both networks listen to what is asked", "[models][condition]") {
  const auto with_label = [](std::int32_t label) { return nn::Condition<>::of_class(label, 4); };
  const auto check = [&](const std::string& what, models::Networks<> networks, const Shape& image) {
    check_runs(what, networks, image, with_label(2));
    INFO(what);
    CHECK(nn::is_conditional(networks.generator));
    CHECK(nn::is_conditional(networks.discriminator));
    // Where a class changes nothing yet, as a conditional batch norm begins, all weights are moved first.
    nn::initialize(networks.generator, 1);
    nn::initialize(networks.discriminator, 2);
    RandomStream stream(3, "weights");
    nn::for_each_parameter(networks.generator, [&](const std::string&, Parameter<>& parameter) {
      parameter.assign(stream.normal<float>(parameter.shape(), 0, 0.1));
    });
    const auto differ = [](const Variable<>& a, const Variable<>& b) {
      return !std::equal(a.data(), a.data() + a.size(), b.data());
    };
    const Variable<> z(stream.normal<float>({4, networks.latent}));
    CHECK_THROWS_AS(networks.generator(z), ConfigError);
    const nn::Condition<> of_two = with_label(2), of_one = with_label(1);
    const auto asked_two = nn::Pass<>().with_condition(of_two), asked_one = nn::Pass<>().with_condition(of_one);
    const Variable<> two = networks.generator(z, asked_two), one = networks.generator(z, asked_one);
    CHECK(differ(two, one));
    CHECK(differ(networks.discriminator(two, asked_two), networks.discriminator(two, asked_one)));
  };
  check("mlp", models::mlp({.size = 8, .width = 16, .classes = 3}), {8, 8, 1});
  check("dcgan", models::dcgan({.size = 28, .channels = 1, .latent = 10, .width = 8, .classes = 3}), {28, 28, 1});
  check("sngan", models::sngan({.size = 24, .latent = 10, .width = 4, .classes = 3}), {24, 24, 3});
  check("sngan resnet",
        models::sngan_resnet({.latent = 8,
                              .generator_width = 4,
                              .generator_widest = 8,
                              .discriminator_width = 4,
                              .discriminator_widest = 16,
                              .classes = 3}),
        {32, 32, 3});
  check("wgan-gp resnet", models::wgan_gp_resnet({.size = 16, .latent = 8, .width = 8, .classes = 3}), {16, 16, 3});
  check("r3gan", models::r3gan({.size = 16, .latent = 8, .width = 8, .widest = 16, .group = 8, .classes = 3}),
        {16, 16, 3});
}

TEST_CASE("R3GAN's residual blocks start as the identity", "[models]") {
  const auto build = [](Index blocks) {
    auto networks = models::r3gan({.size = 8, .latent = 8, .width = 8, .widest = 8, .blocks = blocks, .group = 8});
    nn::initialize(networks.generator, 1);
    return networks.generator;
  };
  RandomStream stream(1, "noise");
  const Variable<> z(stream.normal<float>({2, 8}));
  nn::Sequential<> generator = build(1);
  const Variable<> before = generator(z);
  nn::for_each_parameter(generator, [](const std::string& name, Parameter<>& parameter) {
    if (name.ends_with("inner.0.weight")) parameter.assign(Tensor<float>::full(parameter.shape(), 3.0f));
  });
  const Variable<> after = generator(z);
  float largest = 0;
  for (Index i = 0; i < before.size(); ++i) {
    CHECK(before.data()[i] == after.data()[i]);
    largest = std::max(largest, std::abs(before.data()[i]));
  }
  CHECK(largest > 0.1f);
}

TEST_CASE("a critic for a gradient penalty keeps samples apart", "[models]") {
  CHECK(nn::is_per_sample(models::wgan_gp_resnet({.width = 8}).discriminator));
  CHECK(nn::is_per_sample(models::dcgan({.width = 8, .discriminator_norm = false}).discriminator));
  CHECK_FALSE(nn::is_per_sample(models::dcgan({.width = 8}).discriminator));
  CHECK(nn::is_per_sample(models::sngan({.width = 8}).discriminator));
  CHECK(nn::is_per_sample(models::r3gan({.size = 8, .width = 8, .widest = 8}).discriminator));
}

TEST_CASE("a size that no doubling leads to is refused", "[models]") {
  CHECK_THROWS_WITH(models::dcgan({.size = 34}),
                    "dcgan: expected an image size of 4 to 7, 9, 11, 13 or 15 doubled at least once, got 34");
  CHECK_THROWS_WITH(models::sngan({.size = 4}), Catch::Contains("doubled at least once, got 4"));
  CHECK_THROWS_WITH(models::r3gan({.size = 9}), Catch::Contains("doubled at least once, got 9"));
  CHECK_THROWS_WITH(models::r3gan({.size = 8, .width = 4, .widest = 4}), Catch::Contains("groups that divide 8"));
  CHECK_THROWS_WITH(models::mlp({.width = 0}), Catch::Contains("sizes of 1 or more, got 0"));
}
