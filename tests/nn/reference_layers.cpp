// The layers against PyTorch's: value, first and second order.
#include <cstdint>
#include <string>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"
#include "nn/reference_support.hpp"

using namespace eigan;
using reference::check_layer;
using reference::Reference;

namespace {

nn::Bias bias_of(bool has_bias) { return has_bias ? nn::Bias::yes : nn::Bias::no; }

Shape shape_of(const nlohmann::json& extents) {
  Shape shape;
  for (const Index extent : extents) shape.push_back(extent);
  return shape;
}

}  // namespace

TEMPLATE_TEST_CASE("linear layers equal PyTorch's", "[nn][reference]", float, double) {
  using S = TestType;
  const Reference file("layers.safetensors");
  for (const std::string& name : file.cases("op", "linear")) {
    const Shape weight = file.tensor<S>(name + ".weight").shape();
    check_layer<S>(file, name, nn::Linear<S>(weight[1], weight[0], bias_of(file.config(name)["bias"])));
  }
}

TEMPLATE_TEST_CASE("an embedding equals PyTorch's", "[nn][reference]", float, double) {
  using S = TestType;
  const Reference file("layers.safetensors");
  nn::Embedding<S> embedding(5, 3);
  std::vector<reference::Leaf<S>> leaves;
  nn::for_each_parameter(embedding, [&](const std::string& name, Parameter<S>& weight) {
    weight.assign(file.tensor<S>("embedding." + name));
    leaves.push_back({name, weight});
  });
  reference::check_case<S>(file, "embedding", leaves,
                           embedding.forward(file.tensor<std::int32_t>("embedding.indices")));
}

TEMPLATE_TEST_CASE("activations equal PyTorch's", "[nn][reference]", float, double) {
  using S = TestType;
  const Reference file("layers.safetensors");
  check_layer<S>(file, "relu", nn::ReLU());
  check_layer<S>(file, "leaky_relu", nn::LeakyReLU(file.config("leaky_relu")["slope"]));
  check_layer<S>(file, "prelu", nn::PReLU<S>(3));
  check_layer<S>(file, "elu", nn::ELU(file.config("elu")["alpha"]));
  check_layer<S>(file, "gelu", nn::GELU());
  check_layer<S>(file, "silu", nn::SiLU());
  check_layer<S>(file, "softplus", nn::Softplus());
  check_layer<S>(file, "tanh", nn::Tanh());
  check_layer<S>(file, "sigmoid", nn::Sigmoid());
  check_layer<S>(file, "softmax", nn::Softmax());
}

TEMPLATE_TEST_CASE("batch norm and its running statistics equal PyTorch's", "[nn][reference]", float, double) {
  using S = TestType;
  const Reference file("layers.safetensors");
  const auto cases = file.cases("op", "batch_norm");
  REQUIRE(cases.size() == 3);
  for (const std::string& name : cases) {
    const nlohmann::json config = file.config(name);
    const nn::BatchNorm<S> before(3, {.epsilon = config["epsilon"], .momentum = config["momentum"]});
    const bool training = config["training"];
    auto after = check_layer<S>(file, name, before, training ? nn::Pass<S>::training() : nn::Pass<S>());
    nn::for_each_buffer(after, [&](const std::string& buffer, const Buffer<S>& statistics) {
      const std::string expected = name + "." + buffer + (training ? "_after" : "");
      reference::check_close(expected, statistics.value, file.tensor<double>(expected));
    });
  }
}

TEMPLATE_TEST_CASE("a training pass with frozen statistics leaves batch norm's alone", "[nn][reference]", float,
                   double) {
  using S = TestType;
  const Reference file("layers.safetensors");
  auto after =
      check_layer<S>(file, "batch_norm_rank4", nn::BatchNorm<S>(3), nn::Pass<S>::training().with_frozen_statistics());
  nn::for_each_buffer(after, [&](const std::string& buffer, const Buffer<S>& statistics) {
    const std::string expected = "batch_norm_rank4." + buffer;
    reference::check_close(expected, statistics.value, file.tensor<double>(expected));
  });
}

TEMPLATE_TEST_CASE("layer, instance, group and RMS norm equal PyTorch's", "[nn][reference]", float, double) {
  using S = TestType;
  const Reference file("layers.safetensors");
  const auto layer_norms = file.cases("op", "layer_norm");
  REQUIRE(layer_norms.size() == 2);
  for (const std::string& name : layer_norms)
    check_layer<S>(
        file, name,
        nn::LayerNorm<S>(shape_of(file.config(name)["normalized"]), {.epsilon = file.config(name)["epsilon"]}));
  check_layer<S>(file, "instance_norm",
                 nn::InstanceNorm<S>(3, {.epsilon = file.config("instance_norm")["epsilon"], .affine = true}));
  check_layer<S>(file, "group_norm", nn::GroupNorm<S>(file.config("group_norm")["groups"].template get<Index>(), 6));
  check_layer<S>(file, "rms_norm",
                 nn::RMSNorm<S>(5, {.epsilon = file.config("rms_norm")["epsilon"].template get<double>()}));
}

TEMPLATE_TEST_CASE("pooling equals PyTorch's", "[nn][reference]", float, double) {
  using S = TestType;
  const Reference file("layers.safetensors");
  const auto options_of = [&](const std::string& name) {
    const nlohmann::json config = file.config(name);
    nn::PoolOptions options{.kernel = config["kernel"].template get<Index>()};
    options.stride = config["stride"].template get<Index>();
    options.padding = config["padding"].template get<Index>();
    options.count_padding = config.value("count_include_padding", true);
    return options;
  };
  const auto averages = file.cases("op", "average_pool"), maxima = file.cases("op", "max_pool");
  REQUIRE(averages.size() == 3);
  REQUIRE(maxima.size() == 2);
  for (const std::string& name : averages) check_layer<S>(file, name, nn::AveragePool(options_of(name)));
  for (const std::string& name : maxima) check_layer<S>(file, name, nn::MaxPool(options_of(name)));
  check_layer<S>(file, "global_average_pool", nn::GlobalAveragePool());
}

TEMPLATE_TEST_CASE("resampling and padding equal PyTorch's", "[nn][reference]", float, double) {
  using S = TestType;
  const Reference file("layers.safetensors");
  check_layer<S>(file, "pixel_shuffle", nn::PixelShuffle(file.config("pixel_shuffle")["factor"].template get<Index>()));
  for (const auto mode : {nn::Interpolation::nearest, nn::Interpolation::bilinear}) {
    const std::string name = mode == nn::Interpolation::nearest ? "upsample_nearest" : "upsample_bilinear";
    check_layer<S>(file, name, nn::Upsample({.scale = 2, .mode = mode}));
    check_layer<S>(file, name + "_to_size", nn::Upsample({.size = {{5, 7}}, .mode = mode}));
  }
  const nn::PerDimension<nn::Sides> padding{{2, 0}, {1, 2}};
  check_layer<S>(file, "pad_reflect", nn::ReflectPad(padding));
  check_layer<S>(file, "pad_replicate", nn::ReplicatePad(padding));
}
