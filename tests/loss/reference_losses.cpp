// Losses on logits and gradient penalties on whole critics, against PyTorch's (create_graph included).
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <eigan/loss/loss.hpp>
#include <eigan/nn/nn.hpp>

#include "catch.hpp"
#include "reference/reference.hpp"

using namespace eigan;
using reference::Reference;

namespace {

template <class S, class Loss>
void check_loss(const Reference& file, const Loss& loss, const std::string& variant = "") {
  const std::string name = std::string(Loss::name) + variant, generator = name + ".generator",
                    discriminator = name + ".discriminator";
  INFO(name);
  const auto real = reference::input<S>(file, discriminator), fake = reference::input<S>(file, discriminator, "x2");
  reference::check_case<S>(file, discriminator, {real, fake}, loss.discriminator(real.variable, fake.variable));

  const auto judged = reference::input<S>(file, generator);
  if (loss::generator_needs_real(loss)) {
    const auto generated = reference::input<S>(file, generator, "x2");
    reference::check_case<S>(file, generator, {judged, generated}, loss.generator(judged.variable, generated.variable));
  } else {
    reference::check_case<S>(file, generator, {judged}, loss.generator(Variable<S>(), judged.variable));
  }
}

template <class S>
nn::Sequential<S> critic_of(const std::string& name) {
  if (name == "mlp")
    return nn::Sequential<S>(nn::Linear<S>(6, 8), nn::LeakyReLU(0.2), nn::Linear<S>(8, 7), nn::Tanh(),
                             nn::Linear<S>(7, 1));
  return nn::Sequential<S>(nn::Conv2d<S>({.in = 2, .out = 4, .kernel = 4, .stride = 2, .padding = 1}),
                           nn::LeakyReLU(0.2),
                           nn::Conv2d<S>({.in = 4, .out = 5, .kernel = 4, .stride = 2, .padding = 1}), nn::SiLU(),
                           nn::Flatten(), nn::Linear<S>(2 * 2 * 5, 1));
}

// epsilon * real + (1 - epsilon) * fake, one epsilon per sample.
template <class S>
Variable<S> between(const Reference& file, const std::string& name) {
  const Variable<S> real(file.tensor<S>(name + ".real")), fake(file.tensor<S>(name + ".fake"));
  Shape one_per_sample = Shape::filled(real.rank(), 1);
  one_per_sample[0] = real.extent(0);
  const Variable<S> epsilon(file.tensor<S>(name + ".epsilon").reshaped(one_per_sample));
  return epsilon * real + (1 - epsilon) * fake;
}

}  // namespace

TEMPLATE_TEST_CASE("losses equal PyTorch's: value, first and second order", "[loss][reference]", float, double) {
  const Reference file("losses.safetensors");
  check_loss<TestType>(file, loss::Minimax());
  check_loss<TestType>(file, loss::Minimax{.real_target = 0.9}, ".smoothed");
  check_loss<TestType>(file, loss::NonSaturating());
  check_loss<TestType>(file, loss::NonSaturating{.real_target = 0.9}, ".smoothed");
  check_loss<TestType>(file, loss::Wasserstein());
  check_loss<TestType>(file, loss::LeastSquares());
  check_loss<TestType>(file, loss::LeastSquares{.fake_target = -1, .real_target = 1, .generator_target = 0},
                       ".pearson");
  check_loss<TestType>(file, loss::Hinge());
  check_loss<TestType>(file, loss::EnergyBased{.margin = 1.5});
  check_loss<TestType>(file, loss::BoundarySeeking());
}

TEMPLATE_TEST_CASE("relativistic losses equal PyTorch's, with each base", "[loss][reference]", float, double) {
  const Reference file("losses.safetensors");
  const std::pair<loss::RelativisticBase, const char*> bases[] = {
      {loss::RelativisticBase::logistic, ".logistic"},
      {loss::RelativisticBase::hinge, ".hinge"},
      {loss::RelativisticBase::least_squares, ".least_squares"}};
  for (const auto& [base, variant] : bases) {
    check_loss<TestType>(file, loss::RelativisticAverage{.base = base}, variant);
    check_loss<TestType>(file, loss::RelativisticPaired{.base = base}, variant);
  }
}

TEMPLATE_TEST_CASE("feature matching equals PyTorch's, alone and beside another loss", "[loss][reference]", float,
                   double) {
  using S = TestType;
  const Reference file("losses.safetensors");
  for (const std::string name : {"feature_matching", "feature_matching.hinge"}) {
    const auto real = reference::input<S>(file, name), fake = reference::input<S>(file, name, "x2");
    if (name == "feature_matching") {
      loss::AnyLoss<S, loss::LogitsAndFeatures<S>> alone = loss::FeatureMatching();
      reference::check_case<S>(file, name, {real, fake}, alone.generator({{}, real.variable}, {{}, fake.variable}));
    } else {
      const auto logits = reference::input<S>(file, name, "x3");
      loss::AnyLoss<S, loss::LogitsAndFeatures<S>> both =
          loss::FeatureMatching(loss::Hinge(), file.config(name)["base_weight"]);
      reference::check_case<S>(file, name, {real, fake, logits},
                               both.generator({{}, real.variable}, {logits.variable, fake.variable}));
    }
  }
}

TEMPLATE_TEST_CASE("boundary equilibrium equals PyTorch's step after step, while k moves between its bounds",
                   "[loss][reference]", float, double) {
  using S = TestType;
  const Reference file("losses.safetensors");
  const std::string name = "boundary_equilibrium.";
  const auto config = file.config("boundary_equilibrium");
  loss::BoundaryEquilibrium loss({.gamma = config["gamma"], .lambda = config["lambda"]});
  const Tensor<S> real = file.tensor<S>(name + "real"), judged = file.tensor<S>(name + "judged"),
                  generated = file.tensor<S>(name + "generated");
  const auto expect = [&](const char* what, Index step, double got, double expected) {
    INFO(what << " in step " << step);
    CHECK(std::abs(got - expected) <= reference::tolerance<S> * std::max(1.0, std::abs(expected)));
  };
  const auto expected = [&](const char* what, Index step) { return file.tensor<double>(name + what).data()[step]; };
  for (Index step = 0; step < real.extent(0); ++step) {
    const auto at = [&](const Tensor<S>& all) { return Variable<S>(all.rows(step, 1).reshaped(Shape{5, 1})); };
    const auto check_gradient = [&](const char* what, const Variable<S>& got) {
      reference::check_close(what, got.value(), file.tensor<double>(name + what).rows(step, 1).reshaped(Shape{5, 1}));
    };
    const Variable<S> x = at(real), y = at(judged), z = at(generated);
    const Variable<S> d = loss.discriminator(x, y), g = loss.generator({}, z);
    expect("discriminator", step, static_cast<double>(d.item()), expected("discriminator", step));
    expect("generator", step, static_cast<double>(g.item()), expected("generator", step));
    expect("k", step, loss.k(), expected("k", step));
    expect("convergence", step, loss.convergence(), expected("convergence", step));
    check_gradient("d_real", grad(d, x));
    check_gradient("d_judged", grad(d, y));
    check_gradient("d_generated", grad(g, z));
  }
}

TEMPLATE_TEST_CASE("a gradient penalty and its gradient in every critic parameter equal PyTorch's", "[loss][reference]",
                   float, double) {
  using S = TestType;
  const Reference file("losses.safetensors");
  for (const char* critic_name : {"mlp", "convolution"})
    for (const char* sides : {"two_sided", "one_sided"}) {
      const std::string name = std::string("gradient_penalty.") + critic_name + "." + sides;
      nn::Sequential<S> critic = critic_of<S>(critic_name);
      std::vector<std::string> names;
      nn::for_each_parameter(critic, [&](const std::string& parameter, Parameter<S>& value) {
        names.push_back(parameter);
        value.assign(file.tensor<S>(name + "." + parameter));
      });

      const Variable<S> x = between<S>(file, name);
      const auto slope = grad(sum(critic(x)), x);
      reference::check_close(name + ".norms", norm_per_sample(slope).value(), file.tensor<double>(name + ".norms"));

      const bool one_sided = file.config(name)["sides"] == "one_sided";
      const Variable<S> penalty = loss::gradient_penalty<S>(critic, x, file.config(name)["weight"], 1, one_sided);
      reference::check_close(name, penalty.value(), file.tensor<double>(name + ".y"));
      const auto gradients = grad(penalty, parameters(critic), {.unreached = Unreached::zeros});
      REQUIRE(gradients.size() == names.size());
      for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string gradient = name + ".d_" + names[i];
        const auto expected =
            file.contains(gradient) ? file.tensor<double>(gradient) : Tensor<double>::zeros(gradients[i].shape());
        reference::check_close(gradient, gradients[i].value(), expected);
      }
    }
}
