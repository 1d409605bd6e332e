// The moving average of weights against 50 steps of its formula.
#include <string>

#include <eigan/nn/average.hpp>

#include "catch.hpp"
#include "reference/reference.hpp"

using namespace eigan;
using reference::Reference;

namespace {

template <class S>
struct OneParameter {
  using Scalar = S;
  Parameter<S> weight;
  void visit(auto&& field) { field("weight", weight); }
};

}  // namespace

TEMPLATE_TEST_CASE("a moving average of weights takes 50 steps of its formula", "[nn][reference]", float, double) {
  using S = TestType;
  const Reference file("optimizers.safetensors");
  const Tensor<S> initial = file.tensor<S>("problem.initial"), values = file.tensor<S>("problem.gradients");
  const Tensor<double> expected = file.tensor<double>("moving_average.parameters");
  const auto row = [](const auto& matrix, Index index) {
    return matrix.rows(index, 1).reshaped(Shape{matrix.extent(1)});
  };
  OneParameter<S> model{Parameter<S>(initial)}, average{Parameter<S>(initial)};
  for (Index step = 0; step < 50; ++step) {
    model.weight.assign(row(values, step));
    nn::update_average(average, model, file.config("moving_average")["decay"]);
    if ((step + 1) % 10 == 0)
      reference::check_close("moving_average after step " + std::to_string(step + 1), average.weight.value(),
                             row(expected, (step + 1) / 10));
  }
}
