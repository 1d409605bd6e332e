// The parts of networks against PyTorch's: value, first and second order.
#include <string>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"
#include "nn/reference_support.hpp"

using namespace eigan;
using reference::check_layer;
using reference::Reference;

TEMPLATE_TEST_CASE("weight norm equals PyTorch's", "[nn][reference]", float, double) {
  using S = TestType;
  const Reference file("weights.safetensors");
  CHECK(file.cases("op", "weight_norm").size() == 3);
  check_layer<S>(file, "weight_norm_linear", nn::WeightNorm(nn::Linear<S>(5, 4)));
  check_layer<S>(
      file, "weight_norm_conv",
      nn::WeightNorm(nn::Conv2d<S>({.in = 4, .out = 6, .kernel = {3, 2}, .stride = 2, .padding = 1, .groups = 2})));
  check_layer<S>(file, "weight_norm_conv_transpose",
                 nn::WeightNorm(nn::ConvTranspose2d<S>(
                     {.in = 4, .out = 6, .kernel = {3, 2}, .stride = 2, .padding = 1, .groups = 2})));
}

TEMPLATE_TEST_CASE("an equalized learning rate scales weight and bias as its formula says", "[nn][reference]", float,
                   double) {
  using S = TestType;
  const Reference file("weights.safetensors");
  CHECK(file.cases("op", "equalized_learning_rate").size() == 3);
  const auto options = [&](const std::string& name) {
    const auto config = file.config(name);
    return nn::EqualizedLearningRateOptions{.gain = config["gain"], .learning_rate_multiplier = config["multiplier"]};
  };
  check_layer<S>(file, "equalized_linear", nn::EqualizedLearningRate(nn::Linear<S>(4, 6), options("equalized_linear")));
  check_layer<S>(file, "equalized_conv",
                 nn::EqualizedLearningRate(
                     nn::Conv2d<S>({.in = 4, .out = 6, .kernel = {3, 2}, .stride = 2, .padding = 1, .groups = 2}),
                     options("equalized_conv")));
  check_layer<S>(
      file, "equalized_conv_transpose",
      nn::EqualizedLearningRate(
          nn::ConvTranspose2d<S>({.in = 4, .out = 6, .kernel = {3, 2}, .stride = 2, .padding = 1, .groups = 2}),
          options("equalized_conv_transpose")));
}

TEMPLATE_TEST_CASE("pixel norm and virtual batch norm equal PyTorch's", "[nn][reference]", float, double) {
  using S = TestType;
  const Reference file("parts.safetensors");
  check_layer<S>(file, "pixel_norm", nn::PixelNorm());
  for (const std::string name : {"virtual_batch_norm", "virtual_batch_norm_rank2"})
    for (const auto& pass : {nn::Pass<S>(), nn::Pass<S>::training()})
      check_layer<S>(file, name, nn::VirtualBatchNorm<S>(3), pass);
}

TEMPLATE_TEST_CASE("a virtual batch norm's reference batch is the first that it trains on", "[nn][reference]", float,
                   double) {
  using S = TestType;
  const Reference file("parts.safetensors");
  nn::VirtualBatchNorm<S> layer(3), batch_norm(3);
  nn::initialize(layer, 1);
  const Variable<S> reference(file.tensor<S>("virtual_batch_norm.reference"));
  const Variable<S> x(file.tensor<S>("virtual_batch_norm.x"));
  const auto training = nn::Pass<S>::training();
  (void)layer.forward(x, training.with_frozen_statistics());
  (void)layer.forward(x);
  (void)layer.forward(reference, training);
  (void)layer.forward(x, training);
  nn::for_each_buffer(layer, [&](const std::string& name, const Buffer<S>& buffer) {
    reference::check_close(name, buffer.value, file.tensor<double>("virtual_batch_norm." + name));
  });
}

TEMPLATE_TEST_CASE("minibatch statistics and packing equal PyTorch's", "[nn][reference]", float, double) {
  using S = TestType;
  const Reference file("parts.safetensors");
  check_layer<S>(file, "minibatch_discrimination", nn::MinibatchDiscrimination<S>(5, {.kernels = 3, .width = 2}));
  const auto deviations = file.cases("op", "minibatch_deviation");
  REQUIRE(deviations.size() == 2);
  for (const std::string& name : deviations)
    check_layer<S>(file, name,
                   nn::MinibatchStandardDeviation({.group = file.config(name)["group"].template get<Index>(),
                                                   .features = file.config(name)["features"].template get<Index>()}));
  check_layer<S>(file, "packing", nn::Packing(file.config("packing")["count"].template get<Index>()));
}

TEMPLATE_TEST_CASE("attention, squeeze and excitation, and maxout equal PyTorch's", "[nn][reference]", float, double) {
  using S = TestType;
  const Reference file("parts.safetensors");
  check_layer<S>(file, "self_attention", nn::SelfAttention<S>(16, {.pool = false}));
  check_layer<S>(file, "self_attention_pooled", nn::SelfAttention<S>(16));
  check_layer<S>(file, "squeeze_excitation", nn::SqueezeExcitation<S>(6, 2));
  check_layer<S>(file, "maxout", nn::Maxout(file.config("maxout")["pieces"].template get<Index>()));
}

TEMPLATE_TEST_CASE("residual blocks equal PyTorch's", "[nn][reference]", float, double) {
  using S = TestType;
  const Reference file("parts.safetensors");
  CHECK(file.cases("op", "residual_block").size() == 5);
  check_layer<S>(file, "residual_up", nn::ResidualUp<S>({.in = 3, .out = 2}));
  check_layer<S>(file, "residual_up_layer_norm",
                 nn::ResidualUp<S>({.in = 3, .out = 4, .norm = [](Index c) { return nn::LayerNorm<S>(c); }}));
  check_layer<S>(file, "residual_down", nn::ResidualDown<S>({.in = 3, .out = 4}));
  check_layer<S>(file, "residual_first", nn::ResidualDown<S>({.in = 3, .out = 4}, nn::BlockPosition::first));
  check_layer<S>(file, "residual_same_size", nn::ResidualDown<S>({.in = 3, .out = 3, .resample = false}));
  check_layer<S>(file, "residual_same_size", nn::ResidualUp<S>({.in = 3, .out = 3, .resample = false}));
}
