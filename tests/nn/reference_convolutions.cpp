// Every convolution and transposed convolution layer against PyTorch's.
#include <cstddef>
#include <string>
#include <utility>

#include <eigan/nn/conv.hpp>
#include <eigan/nn/conv_transpose.hpp>

#include "catch.hpp"
#include "reference_support.hpp"

using namespace eigan;
using reference::Reference;

namespace {

/// An entry for each dimension, or `otherwise` for all.
template <class T, class Entry, int Dims>
T each(const nlohmann::json& config, const char* key, Index otherwise) {
  const auto entry = [&](std::size_t axis) {
    return config.contains(key) ? config[key][axis].get<Index>() : otherwise;
  };
  return [&]<std::size_t... Axis>(std::index_sequence<Axis...>) { return T(Entry(entry(Axis))...); }
  (std::make_index_sequence<static_cast<std::size_t>(Dims)>());
}

template <int Dims, class Options>
Options options_of(const nlohmann::json& config) {
  using Extent = nn::Extent<Dims>;
  Options options{.in = config["in"].get<Index>(),
                  .out = config["out"].get<Index>(),
                  .kernel = each<Extent, Index, Dims>(config, "kernel", 1)};
  options.stride = each<Extent, Index, Dims>(config, "stride", 1);
  options.padding = each<nn::Padding<Dims>, nn::Sides, Dims>(config, "padding", 0);
  options.dilation = each<Extent, Index, Dims>(config, "dilation", 1);
  options.groups = config["groups"];
  options.bias = config["bias"] ? nn::Bias::yes : nn::Bias::no;
  if constexpr (requires { options.output_padding; })
    options.output_padding = each<Extent, Index, Dims>(config, "output_padding", 0);
  return options;
}

template <class S>
nn::AnyLayer<S> convolution_of(const nlohmann::json& config) {
  switch (config["kernel"].size()) {
    case 1:
      return nn::Conv1d<S>(options_of<1, nn::ConvOptions<1>>(config));
    case 2:
      return nn::Conv2d<S>(options_of<2, nn::ConvOptions<2>>(config));
    default:
      return nn::Conv3d<S>(options_of<3, nn::ConvOptions<3>>(config));
  }
}

template <class S>
nn::AnyLayer<S> transposed_convolution_of(const nlohmann::json& config) {
  switch (config["kernel"].size()) {
    case 1:
      return nn::ConvTranspose1d<S>(options_of<1, nn::ConvTransposeOptions<1>>(config));
    case 2:
      return nn::ConvTranspose2d<S>(options_of<2, nn::ConvTransposeOptions<2>>(config));
    default:
      return nn::ConvTranspose3d<S>(options_of<3, nn::ConvTransposeOptions<3>>(config));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("convolutions equal PyTorch's: value, first and second order", "[nn][reference]", float, double) {
  const Reference file("convolutions.safetensors");
  const auto cases = file.cases("op", "convolution");
  REQUIRE(cases.size() == 13);
  for (const std::string& name : cases) reference::check_layer(file, name, convolution_of<TestType>(file.config(name)));
}

TEMPLATE_TEST_CASE("transposed convolutions equal PyTorch's: value, first and second order", "[nn][reference]", float,
                   double) {
  const Reference file("convolutions.safetensors");
  const auto cases = file.cases("op", "transposed_convolution");
  REQUIRE(cases.size() == 10);
  for (const std::string& name : cases)
    reference::check_layer(file, name, transposed_convolution_of<TestType>(file.config(name)));
}
