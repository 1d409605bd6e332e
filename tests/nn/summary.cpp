// The printed summary.
#include <string>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"

using namespace eigan;

namespace {

struct Block {
  nn::Linear<> first{8, 8}, second{8, 8};
  Parameter<> gain{1};
  Variable<> forward(const Variable<>& x, const nn::Pass<>& pass = {}) const {
    return x + pass(gain) * second.forward(relu(first.forward(x, pass)), pass);
  }
  void visit(auto&& field) {
    field("first", first);
    field("second", second);
    field("gain", gain);
  }
};

}  // namespace

TEST_CASE("a summary shows layers, output shapes and parameters", "[nn]") {
  const nn::Sequential generator{
      nn::Linear(100, 7 * 7 * 128), nn::Reshape({7, 7, 128}), nn::BatchNorm(128), nn::ReLU(),
      nn::Sequential{nn::ConvTranspose2d({.in = 128, .out = 1, .kernel = 4, .stride = 2, .padding = 1}), nn::Tanh()}};
  CHECK("\n" + nn::summary(generator, {100}) == R"(
Layer                  Output          Parameters
-------------------------------------------------
Sequential             [N, 14, 14, 1]
  0 Linear             [N, 6272]          633,472
  1 Reshape            [N, 7, 7, 128]
  2 BatchNorm          [N, 7, 7, 128]         256
  3 ReLU               [N, 7, 7, 128]
  4 Sequential         [N, 14, 14, 1]
    0 ConvTranspose2d  [N, 14, 14, 1]       2,049
    1 Tanh             [N, 14, 14, 1]
-------------------------------------------------
Total                                     635,777
Buffers                                       256
Memory                                  2,485 KiB
)");
}

TEST_CASE("a summary shows layers of one's own", "[nn]") {
  const nn::Sequential model{Block{}, nn::Residual{nn::Linear(8, 8)}};
  CHECK("\n" + nn::summary(model, {8}) == R"(
Layer              Output  Parameters
-------------------------------------
Sequential         [N, 8]
  0 Block          [N, 8]           1
    first Linear                   72
    second Linear                  72
  1 Residual       [N, 8]
    inner Linear   [N, 8]          72
-------------------------------------
Total                             217
Memory                          1 KiB
)");
}

TEST_CASE("a summary leaves the model as it is, and says what does not fit", "[nn]") {
  const nn::Sequential model{nn::Linear(3, 4)};
  CHECK_THROWS_WITH(nn::summary(model, {5}), "layer 0 (Linear): expected input [N, 3], got [1, 5]");
  (void)nn::summary(model, {3});
  nn::for_each_parameter(model, [](const std::string&, const Parameter<>& p) { CHECK_FALSE(p.is_filled()); });
}
