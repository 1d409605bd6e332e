// Shapes and options of each layer; their numbers are held against PyTorch's elsewhere.
#include <string>
#include <vector>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"

using namespace eigan;

namespace {

Variable<> image(const Shape& shape) {
  RandomStream stream(1, "test");
  return Variable<>(stream.normal<float>(shape));
}

template <class L>
Shape shape_after(L layer, const Shape& input) {
  nn::Sequential model{std::move(layer)};
  nn::initialize(model, 1);
  return model(image(input)).shape();
}

std::vector<Shape> parameter_shapes(const auto& layer) {
  std::vector<Shape> shapes;
  nn::for_each_parameter(layer, [&](const std::string&, const auto& p) { shapes.push_back(p.shape()); });
  return shapes;
}

}  // namespace

TEST_CASE("linear maps the last axis", "[nn]") {
  CHECK(shape_after(nn::Linear(3, 5), {4, 3}) == Shape{4, 5});
  CHECK(shape_after(nn::Linear(3, 5), {4, 2, 3}) == Shape{4, 2, 5});
  CHECK(parameter_shapes(nn::Linear(3, 5)) == std::vector{Shape{5, 3}, Shape{5}});
  CHECK(parameter_shapes(nn::Linear(3, 5, nn::Bias::no)) == std::vector{Shape{5, 3}});
}

TEST_CASE("convolutions over 1, 2 and 3 axes", "[nn]") {
  CHECK(shape_after(nn::Conv1d({.in = 2, .out = 3, .kernel = 3}), {4, 9, 2}) == Shape{4, 7, 3});
  CHECK(shape_after(nn::Conv2d({.in = 2, .out = 3, .kernel = 4, .stride = 2, .padding = 1}), {4, 8, 6, 2}) ==
        Shape{4, 4, 3, 3});
  CHECK(shape_after(nn::Conv2d({.in = 2, .out = 3, .kernel = {3, 5}, .stride = {1, 2}, .padding = {1, 2}}),
                    {4, 8, 6, 2}) == Shape{4, 8, 3, 3});
  CHECK(shape_after(nn::Conv2d({.in = 2, .out = 3, .kernel = 2, .padding = {{1, 0}, {0, 1}}}), {4, 8, 6, 2}) ==
        Shape{4, 8, 6, 3});
  CHECK(shape_after(nn::Conv1d({.in = 2, .out = 3, .kernel = 2, .padding = {{1, 0}}}), {4, 8, 2}) == Shape{4, 8, 3});
  CHECK(shape_after(nn::Conv3d({.in = 2, .out = 4, .kernel = 3, .padding = 1, .dilation = 2, .groups = 2}),
                    {1, 5, 6, 7, 2}) == Shape{1, 3, 4, 5, 4});
  CHECK(parameter_shapes(nn::Conv2d({.in = 4, .out = 6, .kernel = {3, 5}, .groups = 2})) ==
        std::vector{Shape{3, 5, 2, 6}, Shape{6}});
  CHECK(parameter_shapes(nn::Conv1d({.in = 4, .out = 6, .kernel = 3, .bias = nn::Bias::no})) ==
        std::vector{Shape{3, 4, 6}});
}

TEST_CASE("transposed convolutions over 1, 2 and 3 axes", "[nn]") {
  CHECK(shape_after(nn::ConvTranspose1d({.in = 2, .out = 3, .kernel = 3}), {4, 9, 2}) == Shape{4, 11, 3});
  CHECK(shape_after(nn::ConvTranspose2d({.in = 2, .out = 3, .kernel = 4, .stride = 2, .padding = 1}), {4, 7, 5, 2}) ==
        Shape{4, 14, 10, 3});
  CHECK(shape_after(
            nn::ConvTranspose2d({.in = 2, .out = 4, .kernel = 3, .stride = 2, .output_padding = {0, 1}, .groups = 2}),
            {1, 4, 4, 2}) == Shape{1, 9, 10, 4});
  CHECK(shape_after(nn::ConvTranspose3d({.in = 2, .out = 1, .kernel = 2, .stride = 2}), {1, 2, 3, 4, 2}) ==
        Shape{1, 4, 6, 8, 1});
  CHECK(parameter_shapes(nn::ConvTranspose2d({.in = 4, .out = 6, .kernel = {3, 5}, .groups = 2})) ==
        std::vector{Shape{3, 5, 3, 4}, Shape{6}});
}

TEST_CASE("convolutions say what does not fit", "[nn]") {
  nn::Sequential model{nn::Conv2d({.in = 3, .out = 4, .kernel = 3}),
                       nn::ConvTranspose1d({.in = 1, .out = 1, .kernel = 1})};
  nn::initialize(model, 1);
  CHECK_THROWS_WITH(model(image({2, 3, 8, 8})), "layer 0 (Conv2d): expected input [N, H, W, 3], got [2, 3, 8, 8]");
  CHECK_THROWS_WITH(model(image({2, 8, 8, 3})),
                    "layer 1 (ConvTranspose1d): expected input [N, L, 1], got [2, 6, 6, 4]");
  CHECK_THROWS_AS(model(image({2, 2, 8, 3})), ShapeError);
  CHECK_THROWS_WITH(nn::Conv2d({.in = 3, .out = 4, .kernel = 3, .groups = 2}),
                    "Conv2d: expected groups that divide in = 3 and out = 4, got 2");
  CHECK_THROWS_WITH(nn::Conv2d({.in = 3, .out = 4, .kernel = 3, .stride = {1, 0}}),
                    Catch::Contains("stride and dilation of 1 or more"));
  CHECK_THROWS_WITH(nn::Conv2d({.in = 3, .out = 4, .kernel = 3, .padding = {{0, 0}, {-1, 0}}}),
                    Catch::Contains("padding of 0 or more"));
  CHECK_THROWS_WITH(nn::ConvTranspose2d({.in = 3, .out = 4, .kernel = 3, .stride = 2, .output_padding = 2}),
                    Catch::Contains("an output padding below the stride or the dilation, got 2"));
}

TEST_CASE("norms keep the shape", "[nn]") {
  CHECK(shape_after(nn::BatchNorm(4), {2, 3, 3, 4}) == Shape{2, 3, 3, 4});
  CHECK(shape_after(nn::LayerNorm(4), {2, 3, 4}) == Shape{2, 3, 4});
  CHECK(shape_after(nn::LayerNorm({3, 4}), {2, 3, 4}) == Shape{2, 3, 4});
  CHECK(shape_after(nn::InstanceNorm(4), {2, 3, 3, 4}) == Shape{2, 3, 3, 4});
  CHECK(shape_after(nn::GroupNorm(2, 4), {2, 3, 3, 4}) == Shape{2, 3, 3, 4});
  CHECK(shape_after(nn::RMSNorm(4), {2, 4}) == Shape{2, 4});
  CHECK(parameter_shapes(nn::LayerNorm({3, 4})) == std::vector{Shape{3, 4}, Shape{3, 4}});
  CHECK(parameter_shapes(nn::InstanceNorm(4)).empty());
  CHECK(parameter_shapes(nn::InstanceNorm(4, {.affine = true})).size() == 2);
  CHECK(parameter_shapes(nn::BatchNorm(4, {.affine = false})).empty());
  CHECK(parameter_shapes(nn::RMSNorm(4)) == std::vector{Shape{4}});
}

TEST_CASE("norms say what does not fit", "[nn]") {
  const auto message_of = [](auto layer, const Shape& input) {
    try {
      (void)shape_after(std::move(layer), input);
    } catch (const ShapeError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(message_of(nn::LayerNorm({3, 4}), {2, 4}) ==
        "layer 0 (LayerNorm): expected an input that ends in [3, 4], got [2, 4]");
  CHECK(message_of(nn::RMSNorm(4), {2, 3}) == "layer 0 (RMSNorm): expected an input that ends in [4], got [2, 3]");
  CHECK(message_of(nn::GroupNorm(2, 4), {2, 3}) == "layer 0 (GroupNorm): expected input [N, ..., 4], got [2, 3]");
  CHECK(message_of(nn::InstanceNorm(4), {2, 4}) ==
        "layer 0 (InstanceNorm): expected more than one position per channel, got input [2, 4]");
  CHECK_THROWS_WITH(nn::GroupNorm(3, 4), "GroupNorm: expected groups that divide 4 channels, got 3");
}

TEST_CASE("activations keep the shape and serve both Scalars", "[nn]") {
  const auto check = [](const auto& layer) {
    const Variable<double> x(Tensor<double>::full({2, 3}, -0.5));
    CHECK(layer.forward(x).shape() == x.shape());
    CHECK(layer.forward(image({2, 3})).shape() == x.shape());
  };
  check(nn::ReLU());
  check(nn::LeakyReLU());
  check(nn::LeakyReLU(0.2));
  check(nn::ELU());
  check(nn::GELU());
  check(nn::SiLU());
  check(nn::Softplus());
  check(nn::Tanh());
  check(nn::Sigmoid());
  check(nn::Softmax());
  CHECK(nn::LeakyReLU().forward(Variable<>(Tensor<float>::full({1}, -1.f))).item() == -0.01f);
}

TEST_CASE("a PReLU has one slope, or one per channel", "[nn]") {
  nn::PReLU<double> layer(2);
  layer.visit([](std::string_view, Parameter<double>& p) { p.assign(Tensor<double>::from({0.5, -1.0})); });
  const Variable<double> x(Tensor<double>::from(std::vector{-2.0, -2.0, 3.0, 0.0}, Shape{2, 2}));
  const Variable<double> y = layer.forward(x);
  CHECK(y.data()[0] == -1);
  CHECK(y.data()[1] == 2);
  CHECK(y.data()[2] == 3);
  CHECK(y.data()[3] == 0);
  CHECK(shape_after(nn::PReLU(), {2, 3}) == Shape{2, 3});
  CHECK_THROWS_WITH(layer.forward(Variable<double>(Tensor<double>::zeros({2, 3}))),
                    "PReLU: expected input [..., 2], got [2, 3]");
}

TEST_CASE("flatten and reshape keep the batch", "[nn]") {
  CHECK(shape_after(nn::Flatten(), {2, 3, 4, 5}) == Shape{2, 60});
  CHECK(shape_after(nn::Reshape({3, 4}), {2, 12}) == Shape{2, 3, 4});
  CHECK(shape_after(nn::Reshape({-1, 4}), {2, 12}) == Shape{2, 3, 4});
  CHECK(shape_after(nn::Reshape({12}), {2, 3, 4}) == Shape{2, 12});
  CHECK_THROWS_WITH(nn::Reshape({7, 7}).forward(image({2, 48})),
                    "Reshape: expected samples of 49 elements for [N, ...] to [7, 7], got [2, 48]");
  CHECK_THROWS_AS(nn::Reshape({-1, 5}).forward(image({2, 12})), ShapeError);
  CHECK_THROWS_AS(nn::Reshape({-1, -1}), ShapeError);
}

TEST_CASE("an embedding looks its rows up, and gives them their gradient", "[nn]") {
  nn::Embedding<double> table(3, 2);
  nn::initialize(table, 1);
  const auto labels = Labels::from({2, 0, 2});
  const Variable<double> y = table.forward(labels);
  CHECK(y.shape() == Shape{3, 2});
  CHECK(y.data()[0] == parameters(table)[0].data()[4]);
  CHECK(table.forward(labels.reshaped({3, 1})).shape() == Shape{3, 1, 2});
  const auto dw = grad(sum(y), parameters(table)[0]);
  CHECK(dw.data()[0] == 1);
  CHECK(dw.data()[2] == 0);
  CHECK(dw.data()[5] == 2);
  CHECK_THROWS_WITH(table.forward(Labels::from({1, 3})), "Embedding: expected labels of 0 to 2, got 3");
  CHECK_THROWS_WITH(table.forward(Labels::from({-1})), "Embedding: expected labels of 0 to 2, got -1");
}

TEST_CASE("pixel shuffle lays channels out as squares", "[nn]") {
  Tensor<double> x(Shape{1, 1, 2, 8});
  for (Index i = 0; i < 16; ++i) x.mutable_data()[i] = static_cast<double>(i);
  const Variable<double> y = nn::PixelShuffle(2).forward(Variable<double>(x));
  CHECK(y.shape() == Shape{1, 2, 4, 2});
  // Channel (c, i, j) of pixel (0, w) is x[8 w + 4 c + 2 i + j].
  CHECK(y.value().view<4>()(0, 1, 0, 1) == 6);
  CHECK(y.value().view<4>()(0, 0, 3, 0) == 9);
  CHECK_THROWS_WITH(nn::PixelShuffle(2).forward(Variable<double>(Tensor<double>::zeros({1, 1, 1, 6}))),
                    "PixelShuffle: expected input [N, H, W, a multiple of 4], got [1, 1, 1, 6]");
}

TEST_CASE("images are padded by their own content", "[nn]") {
  CHECK(shape_after(nn::ReflectPad(1), {2, 4, 5, 3}) == Shape{2, 6, 7, 3});
  CHECK(shape_after(nn::ReflectPad({1, 2}), {2, 4, 5, 3}) == Shape{2, 6, 9, 3});
  CHECK(shape_after(nn::ReplicatePad({{2, 0}, {1, 2}}), {2, 4, 5, 3}) == Shape{2, 6, 8, 3});
  const Variable<double> row(Tensor<double>::from(std::vector{1.0, 2.0, 3.0}, Shape{1, 3, 1}));
  CHECK(nn::ReflectPad(2).forward(row).data()[0] == 3);
  CHECK(nn::ReplicatePad(2).forward(row).data()[0] == 1);
  CHECK_THROWS_AS(nn::ReflectPad(3).forward(row), ShapeError);
  CHECK_THROWS_WITH(nn::ReflectPad({1, 2}).forward(row), Catch::Contains("an entry for each of 1 dimensions, got 2"));
  CHECK_THROWS_AS(nn::ReflectPad(-1), ConfigError);
}

TEST_CASE("images are enlarged by a scale or to a size", "[nn]") {
  using nn::Interpolation;
  CHECK(shape_after(nn::Upsample(2), {2, 4, 5, 3}) == Shape{2, 8, 10, 3});
  CHECK(shape_after(nn::Upsample({.scale = {{2, 3}}}), {2, 4, 5, 3}) == Shape{2, 8, 15, 3});
  CHECK(shape_after(nn::Upsample({.size = {{5, 7}}, .mode = Interpolation::bilinear}), {2, 4, 5, 3}) ==
        Shape{2, 5, 7, 3});
  CHECK(shape_after(nn::Upsample(3), {2, 4, 3}) == Shape{2, 12, 3});
  CHECK_THROWS_WITH(nn::Upsample(nn::UpsampleOptions{}), "Upsample: expected a scale or a size, got neither");
  CHECK_THROWS_AS(nn::Upsample(0), ConfigError);
}

TEST_CASE("images are reduced by windows", "[nn]") {
  CHECK(shape_after(nn::AveragePool(2), {2, 4, 6, 3}) == Shape{2, 2, 3, 3});
  CHECK(shape_after(nn::MaxPool({.kernel = 3, .stride = 2, .padding = 1}), {2, 5, 6, 3}) == Shape{2, 3, 3, 3});
  CHECK(shape_after(nn::AveragePool({.kernel = {2, 3}}), {2, 4, 6, 3}) == Shape{2, 2, 2, 3});
  CHECK(shape_after(nn::GlobalAveragePool(), {2, 4, 6, 3}) == Shape{2, 3});
  CHECK(nn::GlobalAveragePool().forward(Variable<>(Tensor<float>::full({2, 3, 3, 1}, 5.f))).data()[1] == Approx(5));
  CHECK_THROWS_WITH(nn::MaxPool({.kernel = 2, .padding = 2}), Catch::Contains("at most half the kernel"));
}
