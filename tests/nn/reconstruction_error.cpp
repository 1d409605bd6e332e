#include <vector>

#include <eigan/eigan.hpp>

#include "catch.hpp"

using namespace eigan;

TEST_CASE("the reconstruction error is the mean distance of each sample's values", "[nn]") {
  struct Doubled {
    Variable<double> forward(const Variable<double>& x) const { return 2.0 * x; }
  };
  const nn::ReconstructionError<double> error{nn::AnyLayer<double>(Doubled())};
  const Variable<double> x(Tensor<double>::from(std::vector<double>{1, -2, 3, -4, 5, 6, 0, 0}, Shape{2, 2, 2, 1}));
  const Variable<double> y = error.forward(x);
  REQUIRE(y.shape() == Shape{2, 1});
  CHECK(y.data()[0] == 2.5);
  CHECK(y.data()[1] == 2.75);
  const auto [gradient] = grad(sum(y), {x});
  CHECK(gradient.data()[0] == 0.25);
  CHECK(gradient.data()[1] == -0.25);
  CHECK(error.forward(Variable<double>(Tensor<double>(Shape{0, 3}))).shape() == Shape{0, 1});
}

TEST_CASE("an autoencoder of another shape is refused, by its name", "[nn]") {
  const nn::Sequential model{nn::ReconstructionError(nn::Sequential{nn::Linear(4, 3)})};
  nn::Sequential<> filled = model;
  nn::initialize(filled, 1);
  CHECK_THROWS_WITH(filled(Tensor<float>::zeros({5, 4})),
                    Catch::Contains("ReconstructionError") && Catch::Contains("[5, 3]"));
}
