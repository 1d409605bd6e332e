// Whole training steps, put together from models, losses and optimizers, against the same ones in PyTorch.
#include <string>
#include <vector>

#include <eigan/loss/loss.hpp>
#include <eigan/nn/nn.hpp>
#include <eigan/optim/optim.hpp>

#include "catch.hpp"
#include "reference/reference.hpp"

using namespace eigan;
using reference::Reference;

namespace {

template <class S>
nn::Sequential<S> make_generator() {
  return nn::Sequential<S>(
      nn::Linear<S>(6, 72, nn::Bias::no), nn::Reshape({3, 3, 8}), nn::BatchNorm<S>(8), nn::ReLU(),
      nn::ConvTranspose2d<S>({.in = 8, .out = 4, .kernel = 4, .stride = 2, .padding = 1, .bias = nn::Bias::no}),
      nn::BatchNorm<S>(4), nn::LeakyReLU(0.2),
      nn::ConvTranspose2d<S>({.in = 4, .out = 2, .kernel = 4, .stride = 2, .padding = 1}), nn::Tanh());
}

template <class S>
nn::Sequential<S> make_critic(bool has_norm) {
  nn::Sequential<S> critic(nn::Conv2d<S>({.in = 2, .out = 4, .kernel = 4, .stride = 2, .padding = 1}),
                           nn::LeakyReLU(0.2));
  critic.add(nn::Conv2d<S>(
      {.in = 4, .out = 6, .kernel = 4, .stride = 2, .padding = 1, .bias = has_norm ? nn::Bias::no : nn::Bias::yes}));
  if (has_norm) critic.add(nn::BatchNorm<S>(6));
  critic.add(nn::LeakyReLU(0.2)).add(nn::Flatten()).add(nn::Linear<S>(54, 1));
  return critic;
}

/// Entry `index` along the first axis, without that axis.
template <class S>
Tensor<S> entry(const Tensor<S>& all, Index index) {
  return all.rows(index, 1).reshaped(Shape(all.shape().begin() + 1, all.shape().end()));
}

/// A model filled from the file, with its optimizer.
template <class S>
class Player {
 public:
  Player(const Reference& file, const std::string& test_case, const std::string& name, nn::Sequential<S> model)
      : model_(std::move(model)), case_(test_case), name_(name), optimizer_(prepare(file)) {}

  Variable<S> operator()(const Variable<S>& x) const { return model_(x, nn::Pass<S>::training()); }
  Tensor<S> evaluate(const Tensor<S>& x) const { return model_(x); }

  void update(const Variable<S>& loss) { optimizer_.step(parameters_, grad(loss, parameters(model_))); }

  void check(const Reference& file, double tolerance) {
    nn::for_each_leaf(
        model_,
        [&](const std::string& name, const auto& leaf) {
          Tensor<S> value;
          if constexpr (requires { leaf.value(); })
            value = leaf.value();
          else
            value = leaf.value;
          reference::check_close(name, value, file.tensor<double>(name), tolerance);
        },
        case_ + ".after." + name_);
  }

 private:
  optim::Optimizer<S> prepare(const Reference& file) {
    std::vector<std::string> names;
    nn::for_each_parameter(
        model_,
        [&](const std::string& name, Parameter<S>& parameter) {
          parameter.assign(file.tensor<S>(name));
          names.push_back(name);
          parameters_.push_back(&parameter);
        },
        case_ + ".before." + name_);
    const nlohmann::json config = file.config(case_);
    return {optim::Adam{.learning_rate = config["learning_rate"], .beta1 = config["beta1"], .beta2 = config["beta2"]},
            names, parameters_};
  }

  nn::Sequential<S> model_;
  std::string case_, name_;
  std::vector<Parameter<S>*> parameters_;
  optim::Optimizer<S> optimizer_;
};

template <class S>
void check_training(const std::string& name, bool has_norm, auto&& discriminator_loss, auto&& generator_loss) {
  const Reference file("training.safetensors");
  const double tolerance = sizeof(S) == sizeof(double) ? 1e-10 : 1e-4;
  Player<S> generator(file, name, "generator", make_generator<S>()),
      critic(file, name, "critic", make_critic<S>(has_norm));
  const Tensor<S> noise = file.tensor<S>("noise"), images = file.tensor<S>("images"),
                  epsilon = file.tensor<S>("epsilon");
  const Tensor<double> losses = file.tensor<double>(name + ".losses");

  for (Index step = 0; step < 3; ++step) {
    const Variable<S> fake = generator(Variable<S>(entry(noise, step))), real(entry(images, step));
    const Variable<S> first = discriminator_loss(critic, real, detach(fake), Variable<S>(entry(epsilon, step)));
    critic.update(first);
    const Variable<S> second = generator_loss(critic(fake));
    generator.update(second);
    reference::check_close(name + ".losses of step " + std::to_string(step),
                           Tensor<S>::from({first.item(), second.item()}), entry(losses, step), tolerance);
  }
  generator.check(file, tolerance);
  critic.check(file, tolerance);
  reference::check_close(name + ".sample", generator.evaluate(entry(noise, 0)), file.tensor<double>(name + ".sample"),
                         tolerance);
}

}  // namespace

TEMPLATE_TEST_CASE("three non-saturating steps of a convolutional GAN equal PyTorch's", "[train][reference]", float,
                   double) {
  using V = Variable<TestType>;
  const loss::NonSaturating loss;
  check_training<TestType>(
      "nonsaturating", true,
      [&](const auto& critic, const V& real, const V& fake, const V&) {
        const V on_real = critic(real);  // first, as running statistics remember the order
        return loss.discriminator(on_real, critic(fake));
      },
      [&](const V& on_fake) { return loss.generator(V(), on_fake); });
}

TEMPLATE_TEST_CASE("three WGAN-GP steps of a convolutional GAN equal PyTorch's", "[train][reference]", float, double) {
  using V = Variable<TestType>;
  const loss::Wasserstein loss;
  check_training<TestType>(
      "wgan_gp", false,
      [&](const auto& critic, const V& real, const V& fake, const V& epsilon) {
        const V share = reshape(epsilon, Shape{epsilon.size(), 1, 1, 1});
        const V between = share * real + (1 - share) * fake;
        return loss.discriminator(critic(real), critic(fake)) + loss::gradient_penalty<TestType>(critic, between, 10);
      },
      [&](const V& on_fake) { return loss.generator(V(), on_fake); });
}
