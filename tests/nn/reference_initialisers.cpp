// First values against the distributions that PyTorch draws the same layers' from.
#include <algorithm>
#include <cmath>
#include <string>

#include <eigan/nn/init.hpp>

#include "catch.hpp"
#include "reference/reference.hpp"

using namespace eigan;
using reference::Reference;
namespace init = eigan::nn::init;

namespace {

const char* const layers[] = {"linear", "conv2d", "conv2d_groups", "conv_transpose2d"};

Shape shape_of(const nlohmann::json& config) {
  Shape shape;
  for (const Index extent : config["shape"]) shape.push_back(extent);
  return shape;
}

struct Statistics {
  double mean = 0, deviation = 0, largest = 0;
};

// Of at least 100,000 values, so that the deviation is known to about 0.25 %.
Statistics statistics(const init::Distribution& distribution, const Shape& shape) {
  RandomStream stream(1, "test");
  double count = 0, sum = 0, squares = 0, largest = 0;
  while (count < 1e5) {
    const Tensor<double> values = distribution.draw(shape, stream);
    for (Index i = 0; i < values.size(); ++i) {
      const double value = values.data()[i];
      sum += value;
      squares += value * value;
      largest = std::max(largest, std::abs(value));
    }
    count += static_cast<double>(values.size());
  }
  return {sum / count, std::sqrt(squares / count - sum * sum / count / count), largest};
}

void check_uniform(const Statistics& drawn, double bound) {
  CHECK(drawn.largest <= bound);
  CHECK(drawn.largest > 0.99 * bound);
  CHECK(drawn.deviation == Approx(bound / std::sqrt(3.0)).epsilon(0.01));
  CHECK(std::abs(drawn.mean) < 0.01 * bound);
}

void check_normal(const Statistics& drawn, double deviation) {
  CHECK(drawn.largest > 3.5 * deviation);
  CHECK(drawn.largest < 6 * deviation);
  CHECK(drawn.deviation == Approx(deviation).epsilon(0.01));
  CHECK(std::abs(drawn.mean) < 0.015 * deviation);
}

}  // namespace

TEST_CASE("initialisers draw from PyTorch's distributions", "[nn][reference]") {
  const Reference file("initialisers.safetensors");
  for (const std::string layer : layers) {
    INFO(layer);
    const nlohmann::json expected = file.config(layer);
    const Shape shape = shape_of(expected);
    const init::Fans fans = init::fans_of(shape);
    CHECK(fans.in == expected["fan_in"].get<double>());
    CHECK(fans.out == expected["fan_out"].get<double>());

    const auto bound = [&](const char* name) { return expected[name]["bound"].get<double>(); };
    const auto deviation = [&](const char* name) { return expected[name]["deviation"].get<double>(); };
    check_uniform(statistics(init::within_fan_in(fans.in), shape), expected["default"]["weight_bound"]);
    check_uniform(statistics(init::xavier_uniform(), shape), bound("xavier_uniform"));
    check_uniform(statistics(init::kaiming_uniform(), shape), bound("kaiming_uniform_relu"));
    check_uniform(statistics(init::kaiming_uniform(0.2), shape), bound("kaiming_uniform_leaky"));
    check_normal(statistics(init::xavier_normal(), shape), deviation("xavier_normal"));
    check_normal(statistics(init::kaiming_normal(), shape), deviation("kaiming_normal_relu"));
    check_normal(statistics(init::kaiming_normal(0.2), shape), deviation("kaiming_normal_leaky"));
    check_normal(statistics(init::kaiming_normal(0, init::Fan::out), shape), deviation("kaiming_normal_relu_fan_out"));
    check_normal(statistics(init::dcgan().weight, shape), deviation("dcgan"));
  }
}

TEST_CASE("orthogonal weights are orthonormal along PyTorch's axes", "[nn][reference]") {
  const Reference file("initialisers.safetensors");
  for (const std::string layer : layers) {
    INFO(layer);
    const nlohmann::json config = file.config(layer), expected = config["orthogonal"];
    const Shape shape = shape_of(config);
    const Index rows = expected["rows"], columns = expected["columns"];
    RandomStream stream(1, "test");
    const Tensor<double> weight = init::orthogonal().draw(shape, stream);

    // PyTorch's matrix has one row per first axis: of a linear weight the first here too, of a convolution's the last.
    const auto at = [&](Index row, Index column) {
      return weight.data()[shape.rank() == 2 ? row * columns + column : column * rows + row];
    };
    const bool by_rows = expected["orthonormal"] == "rows";
    const Index count = by_rows ? rows : columns, length = by_rows ? columns : rows;
    double worst = 0;
    for (Index a = 0; a < count; ++a)
      for (Index b = 0; b < count; ++b) {
        double product = 0;
        for (Index i = 0; i < length; ++i) product += by_rows ? at(a, i) * at(b, i) : at(i, a) * at(i, b);
        worst = std::max(worst, std::abs(product - (a == b ? 1 : 0)));
      }
    CHECK(worst < 1e-12);
  }
}
