// Losses on logits and gradient penalties on whole critics, against PyTorch's (create_graph included).
#include <cstddef>
#include <string>
#include <vector>

#include <eigan/loss/loss.hpp>
#include <eigan/nn/nn.hpp>

#include "catch.hpp"
#include "reference/reference.hpp"

using namespace eigan;
using reference::Reference;

namespace {

template <class S, class Loss>
void check_loss(const Reference& file, const Loss& loss) {
  const std::string discriminator = std::string(Loss::name) + ".discriminator";
  const auto real = reference::input<S>(file, discriminator), fake = reference::input<S>(file, discriminator, "x2");
  reference::check_case<S>(file, discriminator, {real, fake}, loss.discriminator(real.variable, fake.variable));

  const std::string generator = std::string(Loss::name) + ".generator";
  const auto judged = reference::input<S>(file, generator);
  reference::check_case<S>(file, generator, {judged}, loss.generator(Variable<S>(), judged.variable));
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
  check_loss<TestType>(file, loss::NonSaturating());
  check_loss<TestType>(file, loss::Wasserstein());
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
