// Runs a layer on a case of reference numbers.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <eigan/nn/any_layer.hpp>
#include <eigan/nn/leaves.hpp>

#include "reference/reference.hpp"

namespace reference {

/// Gives the layer the case's parameters and buffers and holds it, at the case's x, against value, first and second
/// order. Returns the layer as it is afterwards.
template <std::floating_point S>
eigan::nn::AnyLayer<S> check_layer(const Reference& file, const std::string& test_case, eigan::nn::AnyLayer<S> layer,
                                   const eigan::nn::Pass<S>& pass = {}) {
  std::vector<Leaf<S>> leaves{input<S>(file, test_case)};
  eigan::nn::for_each_parameter(layer, [&](const std::string& name, eigan::Parameter<S>& parameter) {
    parameter.assign(file.tensor<S>(test_case + "." + name));
    leaves.push_back({name, parameter});
  });
  eigan::nn::for_each_buffer(layer, [&](const std::string& name, eigan::Buffer<S>& buffer) {
    buffer.value = file.tensor<S>(test_case + "." + name);
  });
  for (const char* name : {"weight", "bias"})
    CHECK(file.contains(test_case + "." + name) == (std::find_if(leaves.begin(), leaves.end(), [&](const auto& leaf) {
                                                      return leaf.name == name;
                                                    }) != leaves.end()));
  check_case<S>(file, test_case, leaves, layer.forward(leaves[0].variable, pass));
  return layer;
}

}  // namespace reference
