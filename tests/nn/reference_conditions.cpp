// Layers that are told what is asked for, against PyTorch's: value, first and second order.
#include <string>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"
#include "nn/reference_support.hpp"

using namespace eigan;
using reference::Reference;

namespace {

/// Holds the layer against the case, told the case's labels and values.
template <std::floating_point S>
void check_told(const Reference& file, const std::string& name, nn::AnyLayer<S> layer, nn::Pass<S> pass = {}) {
  const nn::Condition<S> condition(file.tensor<std::int32_t>(name + ".labels"), file.tensor<S>(name + ".values"));
  reference::check_layer<S>(file, name, std::move(layer), pass.with_condition(condition));
}

}  // namespace

TEMPLATE_TEST_CASE("conditional layers equal PyTorch's", "[nn][condition][reference]", float, double) {
  using S = TestType;
  const Reference file("conditions.safetensors");
  CHECK(file.cases("op", "layer").size() == 7);
  const nn::ConditionOptions both{.classes = 3, .embedding = 4, .values = 2};
  check_told<S>(file, "concat_condition", nn::ConcatCondition<S>(both));
  const nn::ConditionalBatchNorm<S> batch_norm(3, {.classes = 3});
  check_told<S>(file, "conditional_batch_norm", batch_norm, nn::Pass<S>::training());
  check_told<S>(file, "conditional_batch_norm_rank2", batch_norm, nn::Pass<S>::training());
  check_told<S>(file, "conditional_batch_norm_evaluating", batch_norm);
  check_told<S>(file, "adaptive_instance_norm", nn::AdaptiveInstanceNorm<S>(3, {.values = 2}));
  using Projection = nn::Projection<nn::Linear<S>, nn::Linear<S>>;
  check_told<S>(file, "projection", Projection(5, {.classes = 3}));
  check_told<S>(file, "projection_of_both", Projection(5, both));
}
