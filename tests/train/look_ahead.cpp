// Unrolled steps against a derivation of their own: the discriminator's updates done one by one by its optimizer, and
// the generator's gradient by finite differences through all of that.
#include <functional>
#include <utility>
#include <vector>

#include <eigan/train/look_ahead.hpp>

#include "setup.hpp"

using namespace test;

namespace {

nn::Sequential<double> small_generator() {
  nn::Sequential<double> generator{nn::Linear<double>(2, 3), nn::Tanh(), nn::Linear<double>(3, 2)};
  nn::initialize(generator, 1);
  return generator;
}
nn::Sequential<double> small_discriminator() {
  nn::Sequential<double> discriminator{nn::Linear<double>(2, 4), nn::Tanh(), nn::Linear<double>(4, 1)};
  nn::initialize(discriminator, 2);
  return discriminator;
}

const Tensor<double> real = RandomStream(3, "real").normal<double>(Shape{5, 2});
const Tensor<double> latent = RandomStream(3, "latent").normal<double>(Shape{5, 2});

/// The generator's loss after `updates` updates of a copy of the discriminator, nothing of it differentiated.
double loss_after(const nn::Sequential<double>& generator, const nn::Sequential<double>& discriminator,
                  optim::Optimizer<double> optimizer, Index updates) {
  const loss::NonSaturating loss;
  nn::Sequential<double> copy = discriminator;
  std::vector<Parameter<double>*> parameters;
  nn::for_each_parameter(copy, [&](const std::string&, auto& parameter) { parameters.push_back(&parameter); });
  const Tensor<double> fake = generator(latent);
  for (Index update = 0; update < updates; ++update) {
    const auto targets = nn::parameters(copy);
    const std::vector<Variable<double>> gradients =
        grad(loss.discriminator(copy.forward(Variable<double>(real)), copy.forward(Variable<double>(fake))), targets);
    optimizer.step(parameters, gradients);
  }
  return loss.generator({}, copy.forward(Variable<double>(fake))).item();
}

void check_against_differences(const optim::AnyOptimizer<double>& rule, Index updates) {
  nn::Sequential<double> generator = small_generator(), discriminator = small_discriminator();
  train::detail::Player<nn::Sequential<double>> player("discriminator", discriminator, rule, {}, {}, 0);
  // A step taken before, so that the optimizer's slots hold something.
  player.backward(mean(square(discriminator.forward(Variable<double>(real)))), 0);
  player.step(0, 0);

  const Variable<double> fake = generator.forward(Variable<double>(latent));
  const auto ahead = train::detail::look_ahead(player, loss::AnyLoss<double>(loss::NonSaturating()),
                                               Variable<double>(real), fake, nn::Pass<double>::training(), updates, 1);
  const Variable<double> loss = loss::NonSaturating().generator(
      {}, discriminator.forward(fake, nn::Pass<double>::training().with_bindings(ahead)));
  CHECK(loss.item() == Approx(loss_after(generator, discriminator, player.optimizer(), updates)).epsilon(1e-12));

  const auto targets = nn::parameters(generator);
  const std::vector<Variable<double>> gradients = grad(loss, targets);
  std::size_t k = 0;
  nn::for_each_parameter(generator, [&](const std::string& name, Parameter<double>& parameter) {
    INFO(name);
    for (Index i = 0; i < parameter.size(); ++i) {
      const double there = parameter.data()[i], h = 1e-5;
      parameter.mutable_data()[i] = there + h;
      const double above = loss_after(generator, discriminator, player.optimizer(), updates);
      parameter.mutable_data()[i] = there - h;
      const double below = loss_after(generator, discriminator, player.optimizer(), updates);
      parameter.mutable_data()[i] = there;
      CHECK(gradients[k].data()[i] == Approx((above - below) / (2 * h)).epsilon(1e-6).margin(1e-9));
    }
    ++k;
  });
}

}  // namespace

TEST_CASE("the generator learns through the discriminator's unrolled updates, whatever its optimizer",
          "[train][unrolled]") {
  check_against_differences(optim::SGD{.learning_rate = 0.5, .momentum = 0.5}, 3);
  check_against_differences(optim::Adam{.learning_rate = 0.05, .beta1 = 0.5}, 3);
  check_against_differences(optim::RMSProp{.learning_rate = 0.02}, 2);
}

TEST_CASE("a trainer that looks ahead leaves the discriminator as an ordinary one would", "[train][unrolled]") {
  const auto options = [](Index unrolled) {
    return train::AdversarialOptions<>{
        .latent = {4}, .loss = loss::NonSaturating(), .unrolled_steps = unrolled, .batch = 16, .seed = 4};
  };
  const auto critic = [] { return nn::Sequential{nn::Linear(2, 16), nn::Tanh(), nn::Linear(16, 1)}; };
  nn::Sequential<> one_generator = make_generator(), other_generator = make_generator();
  nn::Sequential<> one = critic(), other = critic();
  train::AdversarialTrainer plain{one_generator, one, options(0)};
  train::AdversarialTrainer unrolled{other_generator, other, options(3)};
  plain.train(circle(), 1);
  unrolled.train(circle(), 1);
  const auto a = nn::parameters(one), b = nn::parameters(other);
  for (std::size_t k = 0; k < a.size(); ++k)
    for (Index i = 0; i < a[k].size(); ++i) REQUIRE(a[k].data()[i] == b[k].data()[i]);
  const auto c = nn::parameters(one_generator), d = nn::parameters(other_generator);
  CHECK_FALSE(std::equal(c[0].data(), c[0].data() + c[0].size(), d[0].data()));
}
