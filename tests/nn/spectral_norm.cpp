// Spectral normalisation: against PyTorch, against a singular value decomposition, and who advances it.
// What g++ 12 takes for an uninitialised value are AVX-512 intrinsics' own placeholders, inside of Eigen's
// decomposition.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <Eigen/SVD>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"
#include "nn/counted_new.hpp"
#include "nn/reference_support.hpp"
#include "ops/gradients.hpp"

using namespace eigan;
using reference::Reference;

namespace {

template <class M>
Tensor<nn::ScalarOf<M>> buffer_of(const M& model, const std::string& name) {
  Tensor<nn::ScalarOf<M>> found;
  nn::for_each_buffer(model, [&](const std::string& buffer, const auto& field) {
    if (buffer == name) found = field.value;
  });
  REQUIRE(found.defined());
  return found;
}

template <class S>
nn::AnyLayer<S> layer_of(const std::string& kind, const nn::SpectralNormOptions& options, Index in, Index out) {
  if (kind == "linear") return nn::SpectralNorm(nn::Linear<S>(in, out), options);
  if (kind == "one_output") return nn::SpectralNorm(nn::Conv2d<S>({.in = 3, .out = 1, .kernel = 2}), options);
  if (kind == "conv")
    return nn::SpectralNorm(
        nn::Conv2d<S>({.in = 4, .out = 6, .kernel = {3, 2}, .stride = 2, .padding = 1, .groups = 2}), options);
  REQUIRE(kind == "conv_transpose");
  return nn::SpectralNorm(
      nn::ConvTranspose2d<S>({.in = 4, .out = 6, .kernel = {3, 2}, .stride = 2, .padding = 1, .groups = 2}), options);
}

/// The largest singular value of a weight [before, outputs, after] as the matrix [outputs, rest]. In long double, for
/// which Eigen has no packets: g++ 12 warns of its own AVX-512 headers in those of double.
double largest_singular_value(const Tensor<double>& weight, Index before, Index outputs, Index after) {
  using Matrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
  Matrix matrix(outputs, before * after);
  for (Index b = 0; b < before; ++b)
    for (Index o = 0; o < outputs; ++o)
      for (Index a = 0; a < after; ++a) matrix(o, b * after + a) = weight.data()[(b * outputs + o) * after + a];
  return static_cast<double>(Eigen::JacobiSVD<Matrix>(matrix).singularValues()(0));
}

/// Runs the layer's power method for long, then finds by how much its output on x differs from `plain`'s, the same
/// layer without bias.
template <class Layer>
double sigma_of(const Layer& plain, const Variable<double>& x) {
  nn::SpectralNorm normalised(plain, {.iterations = 400});
  (void)normalised.forward(x, nn::Pass<double>::training());
  const Variable<double> y = plain.forward(x), z = normalised.forward(x);
  const double ratio = y.data()[0] / z.data()[0];
  for (Index i = 0; i < y.size(); ++i) CHECK(y.data()[i] == Approx(ratio * z.data()[i]).epsilon(1e-9));
  return ratio;
}

}  // namespace

TEMPLATE_TEST_CASE("spectral norm equals PyTorch's, and so do its vectors afterwards", "[nn][reference]", float,
                   double) {
  using S = TestType;
  const Reference file("weights.safetensors");
  const auto cases = file.cases("op", "spectral_norm");
  REQUIRE(cases.size() == 5);
  for (const std::string& name : cases) {
    const auto config = file.config(name);
    const Shape weight = file.tensor<S>(name + ".weight").shape();
    const auto layer =
        layer_of<S>(config["layer"], {.iterations = config["iterations"].template get<Index>()}, weight[1], weight[0]);
    const auto after = reference::check_layer<S>(file, name, layer, nn::Pass<S>::training());
    for (const char* vector : {"weight_u", "weight_v"}) {
      const std::string expected = name + "." + vector + "_after";
      reference::check_close(expected, buffer_of(after, vector), file.tensor<double>(expected));
    }
  }
}

TEST_CASE("spectral norm divides by the largest singular value", "[nn]") {
  const auto singular_value_of = [](auto layer, const Variable<double>& x, Index before, Index outputs, Index after) {
    nn::initialize(layer, 3);
    const double expected = largest_singular_value(parameters(layer)[0].value(), before, outputs, after);
    CHECK(sigma_of(layer, x) == Approx(expected).epsilon(1e-9));
  };
  singular_value_of(nn::Linear<double>(6, 4, nn::Bias::no), test::random({3, 6}), 1, 4, 6);
  singular_value_of(nn::Conv2d<double>({.in = 2, .out = 5, .kernel = 3, .padding = 1, .bias = nn::Bias::no}),
                    test::random({2, 4, 4, 2}), 18, 5, 1);
  singular_value_of(nn::ConvTranspose2d<double>({.in = 3, .out = 4, .kernel = 2, .stride = 2, .bias = nn::Bias::no}),
                    test::random({2, 3, 3, 3}), 4, 4, 3);
  singular_value_of(nn::Conv3d<double>({.in = 2, .out = 2, .kernel = 2, .bias = nn::Bias::no}),
                    test::random({1, 3, 3, 3, 2}), 16, 2, 1);
}

TEST_CASE("an embedding's table has spectral norm 1", "[nn]") {
  nn::SpectralNorm<nn::Embedding<double>> table(nn::Embedding<double>(5, 3), {.iterations = 400});
  nn::initialize(table, 1);
  const auto all = Tensor<std::int64_t>::from({0, 1, 2, 3, 4});
  const Variable<double> rows = table.forward(all, nn::Pass<double>::training());
  CHECK(largest_singular_value(rows.value(), 1, 5, 3) == Approx(1).epsilon(1e-9));
}

TEST_CASE("only a training pass with nothing frozen advances the power method", "[nn]") {
  nn::Sequential<double> model{nn::SpectralNorm(nn::Linear<double>(4, 3)), nn::LeakyReLU(0.2)};
  nn::initialize(model, 1);
  const Variable<double> x = test::random({2, 4});
  const auto start = nn::to_bytes(model);
  const auto training = nn::Pass<double>::training();
  CHECK(training.advances_power_iteration());
  CHECK(training.with_frozen_power_iteration().updates_statistics());
  (void)model(x);
  (void)model(x, training.with_frozen_statistics());
  (void)model(x, training.with_frozen_power_iteration());
  CHECK((nn::to_bytes(model) == start));
  const Tensor<double> u = buffer_of(model, "0.weight_u");
  (void)model(x, training);
  CHECK((nn::to_bytes(model) != start));
  CHECK_FALSE(u.shares_memory_with(buffer_of(model, "0.weight_u")));

  // What is frozen divides by the same singular value as the pass that advanced.
  nn::Sequential<double> other = model;
  const Variable<double> advanced = other(x, training), frozen = other(x, training.with_frozen_statistics());
  for (Index i = 0; i < frozen.size(); ++i) CHECK(frozen.data()[i] == advanced.data()[i]);
}

TEST_CASE("what is bound to the weight is what spectral norm normalises", "[nn]") {
  nn::SpectralNorm<nn::Linear<double>> layer(nn::Linear<double>(4, 3));
  nn::initialize(layer, 1);
  const Variable<double> x = test::random({2, 4}), weight = test::random({3, 4}, 7), bias = test::random({3}, 8);
  const nn::Bindings<double> bindings(parameters(layer), {weight, bias});
  const auto pass = nn::Pass<double>::training().with_frozen_statistics();
  const Variable<double> bound = layer.forward(x, pass.with_bindings(bindings));

  auto assigned = layer;
  std::size_t next = 0;
  nn::for_each_parameter(assigned, [&](const std::string&, Parameter<double>& parameter) {
    parameter.assign((next++ == 0 ? weight : bias).value());
  });
  const Variable<double> expected = assigned.forward(x, pass);
  for (Index i = 0; i < bound.size(); ++i) CHECK(bound.data()[i] == expected.data()[i]);
  const auto through = grad(sum(square(bound)), weight), direct = grad(sum(square(expected)), parameters(assigned)[0]);
  for (Index i = 0; i < through.size(); ++i) CHECK(through.data()[i] == direct.data()[i]);
}

TEST_CASE("spectral norm's gradients equal finite differences, twice over", "[nn][second-order]") {
  const auto check = [](const std::string& what, auto layer, const Variable<double>& x) {
    nn::initialize(layer, 2);
    std::vector<Variable<double>> inputs = parameters(layer);
    inputs.push_back(x);
    const auto own = parameters(layer);
    test::check_derivatives(
        what,
        [&](const std::vector<Variable<double>>& in) {
          const nn::Bindings<double> bindings(own, {in.begin(), in.end() - 1});
          return layer.forward(in.back(), nn::Pass<double>().with_bindings(bindings));
        },
        inputs);
  };
  check("linear", nn::SpectralNorm<nn::Linear<double>>(nn::Linear<double>(3, 2)), test::random({2, 3}));
  check("conv transpose",
        nn::SpectralNorm<nn::ConvTranspose2d<double>>(
            nn::ConvTranspose2d<double>({.in = 2, .out = 2, .kernel = 2, .stride = 2})),
        test::random({1, 2, 1, 2}));
}

TEST_CASE("spectral norm keeps its layer's fused activation, names and independence of samples", "[nn]") {
  nn::Sequential<double> model{nn::SpectralNorm(nn::Linear<double>(4, 3)), nn::LeakyReLU(0.2)};
  STATIC_REQUIRE(nn::FusesLeakyReLU<nn::SpectralNorm<nn::Linear<double>>, double>);
  STATIC_REQUIRE_FALSE(nn::FusesLeakyReLU<nn::SpectralNorm<nn::Embedding<double>>, double>);
  CHECK(nn::is_per_sample(model));
  std::vector<std::string> names;
  nn::for_each_leaf(model, [&](const std::string& name, const auto&) { names.push_back(name); });
  CHECK((names == std::vector<std::string>{"0.weight", "0.bias", "0.weight_u", "0.weight_v"}));

  nn::initialize(model, 1);
  const Variable<double> x = test::random({5, 4}), fused = model(x);
  const Variable<double> apart = nn::LeakyReLU(0.2).forward(model[0].forward(x));
  bool has_negative = false;
  for (Index i = 0; i < fused.size(); ++i) {
    CHECK(fused.data()[i] == Approx(apart.data()[i]).epsilon(1e-14));
    has_negative = has_negative || fused.data()[i] < 0;
  }
  CHECK(has_negative);
}

TEST_CASE("spectral norm's vectors are drawn by name, copied, saved and loaded", "[nn]") {
  const auto build = [] {
    return nn::Sequential<double>{nn::SpectralNorm(nn::Linear<double>(4, 3)), nn::ReLU(),
                                  nn::SpectralNorm(nn::Linear<double>(3, 4))};
  };
  auto model = build(), same = build(), other = build();
  nn::initialize(model, 1);
  nn::initialize(same, 1);
  nn::initialize(other, 2);
  CHECK((nn::to_bytes(model) == nn::to_bytes(same)));
  CHECK(buffer_of(model, "0.weight_u").data()[0] != buffer_of(other, "0.weight_u").data()[0]);
  CHECK(buffer_of(model, "0.weight_u").data()[0] != buffer_of(model, "2.weight_v").data()[0]);
  double length = 0;
  const Tensor<double> v = buffer_of(model, "0.weight_v");
  for (Index i = 0; i < v.size(); ++i) length += v.data()[i] * v.data()[i];
  CHECK(length == Approx(1).epsilon(1e-12));

  const Variable<double> x = test::random({2, 4});
  const auto copy = model;
  const auto start = nn::to_bytes(model);
  (void)model(x, nn::Pass<double>::training());
  CHECK((nn::to_bytes(copy) == start));

  auto loaded = build();  // never initialised: what was loaded must survive that
  nn::load(loaded, std::span(start));
  nn::initialize(loaded, 3);
  CHECK((nn::to_bytes(loaded) == start));
  (void)loaded(x, nn::Pass<double>::training());
  CHECK((nn::to_bytes(loaded) == nn::to_bytes(model)));

  auto schemed = build();
  nn::initialize(schemed, 1, nn::init::orthogonal());
  CHECK(buffer_of(schemed, "0.weight_u").data()[0] == buffer_of(same, "0.weight_u").data()[0]);
}

TEST_CASE("spectral norm needs a weight that is a matrix", "[nn]") {
  CHECK_THROWS_WITH(nn::SpectralNorm(nn::BatchNorm<>(3)),
                    Catch::StartsWith("SpectralNorm: expected a layer with a parameter \"weight\" of rank 2 or more") &&
                        Catch::EndsWith("got BatchNorm, whose weight is [3]"));
  CHECK_THROWS_WITH(nn::SpectralNorm(nn::Sequential<>{nn::Linear(2, 2)}), Catch::EndsWith("got Sequential"));
  CHECK_THROWS_WITH(nn::SpectralNorm(nn::Linear(2, 2), {.epsilon = 0}), Catch::Contains("an epsilon above 0"));
}

#if !defined(EIGAN_POOL_BYPASSED)

TEST_CASE("a warm spectral norm allocates nothing, gradients included", "[nn]") {
  nn::Sequential model{nn::SpectralNorm(nn::Conv2d({.in = 3, .out = 8, .kernel = 3})), nn::LeakyReLU(0.1),
                       nn::Flatten(), nn::SpectralNorm(nn::Linear(32, 1))};
  nn::initialize(model, 1);
  RandomStream stream(1, "x");
  const Variable<> x(stream.normal<float>({4, 4, 4, 3}));
  const auto own = parameters(model);
  std::vector<Variable<>> gradients(own.size());
  const nn::Bindings<> bindings(own, own);
  const auto run = [&](const nn::Pass<>& pass) {
    const auto once = [&] {
      grad(sum(model(x, pass)), std::span<const Variable<>>(own), std::span<Variable<>>(gradients));
    };
    for (int warm_up = 0; warm_up < 3; ++warm_up) once();
    counted_new::start();
    once();
    return counted_new::stop();
  };
  CHECK(run(nn::Pass<>::training()) == 0);
  CHECK(run(nn::Pass<>()) == 0);
  CHECK(run(nn::Pass<>::training().with_bindings(bindings)) == 0);
}

#endif
