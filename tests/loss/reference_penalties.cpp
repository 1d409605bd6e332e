// Penalties on whole critics and generators against PyTorch's (create_graph included): their value, and their gradient
// in every parameter. What they draw is what streams.py draws.
#include <string>
#include <vector>

#include <eigan/loss/loss.hpp>
#include <eigan/nn/nn.hpp>

#include "catch.hpp"
#include "reference/reference.hpp"

using namespace eigan;
using reference::Reference;

namespace {

/// A network with the file's parameters.
template <class S>
struct Network {
  Network(const Reference& reference, nn::Sequential<S> layers, const std::string& prefix)
      : file(reference), model(std::move(layers)) {
    load(prefix);
  }

  void load(const std::string& prefix) {
    names.clear();
    nn::for_each_parameter(model, [&](const std::string& name, Parameter<S>& value) {
      names.push_back(name);
      value.assign(file.tensor<S>(prefix + "." + name));
    });
    parameters = nn::parameters(model);
  }

  /// Holds a penalty of these parameters against the file's.
  void check(const std::string& name, const Variable<S>& penalty) const {
    INFO(name);
    REQUIRE(penalty.defined());
    reference::check_close(name + ".y", penalty.value(), file.tensor<double>(name + ".y"));
    const auto gradients = grad(penalty, parameters, {.unreached = Unreached::zeros});
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string gradient = name + ".d_" + names[i];
      const auto zeros = Tensor<double>::zeros(gradients[i].shape());
      reference::check_close(gradient, gradients[i].value(),
                             file.contains(gradient) ? file.tensor<double>(gradient) : zeros);
    }
  }

  const Reference& file;
  nn::Sequential<S> model;
  std::vector<std::string> names;
  std::vector<Variable<S>> parameters;
};

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

template <class S>
nn::Sequential<S> generator_of(const std::string& name) {
  if (name == "mlp") return nn::Sequential<S>(nn::Linear<S>(3, 6), nn::Tanh());
  return nn::Sequential<S>(nn::Linear<S>(3, 8 * 8 * 2), nn::Tanh(), nn::Reshape({8, 8, 2}));
}

/// Both networks of a case and its batches.
template <class S>
struct Setup {
  Setup(const Reference& reference, const std::string& which)
      : file(reference),
        name(which),
        critic(reference, critic_of<S>(which), which),
        generator(reference, generator_of<S>(which), which + ".generator") {}

  Variable<S> batch(const std::string& tensor) const { return Variable<S>(file.tensor<S>(name + "." + tensor)); }

  /// The penalty in an update of the discriminator, or of the generator.
  Variable<S> operator()(loss::AnyPenalty<S> penalty, loss::Side side = loss::Side::discriminator) const {
    RandomStream stream(3, "penalty");
    const Variable<S> latent = batch("latent");
    const bool updates_generator = side == loss::Side::generator;
    return penalty(loss::PenaltyContext<S>{.critic = critic.model,
                                           .real = batch("real"),
                                           .fake = updates_generator ? generator.model(latent) : batch("fake"),
                                           .stream = stream,
                                           .side = side,
                                           .latent = latent,
                                           .generator = loss::GeneratorFunction<S>(generator.model),
                                           .parameters = updates_generator ? generator.parameters : critic.parameters});
  }
  void check(const std::string& penalty, const loss::AnyPenalty<S>& of) const {
    critic.check(name + "." + penalty, (*this)(of));
  }

  const Reference& file;
  std::string name;
  Network<S> critic, generator;
};

const auto scale = []<class S>(const Variable<S>& x, RandomStream& stream) {
  Shape one_per_sample = Shape::filled(x.rank(), 1);
  one_per_sample[0] = x.extent(0);
  return x * Variable<S>(stream.uniform<S>(one_per_sample, 1, 2));
};

}  // namespace

TEMPLATE_TEST_CASE("penalties on a critic's slope equal PyTorch's", "[loss][penalty][reference]", float, double) {
  const Reference file("penalties.safetensors");
  for (const char* critic : {"mlp", "convolution"}) {
    const Setup<TestType> setup(file, critic);
    setup.check("dragan", loss::Dragan(7));
    setup.check("dragan.far", loss::Dragan(7, {.target = 0.3, .noise = 2}));
    setup.check("r1", loss::R1(5));
    setup.check("r2", loss::R2(5));
    setup.check("r1r2", loss::R1R2(5));
  }
}

TEMPLATE_TEST_CASE("consistency under augmentation equals PyTorch's", "[loss][penalty][reference]", float, double) {
  const Reference file("penalties.safetensors");
  for (const char* critic : {"mlp", "convolution"}) {
    const Setup<TestType> setup(file, critic);
    setup.check("consistency.scale", loss::ConsistencyRegularisation(6, scale));
    setup.check("balanced_consistency.scale", loss::BalancedConsistency(4, 3, scale));
  }
  const Setup<TestType> images(file, "convolution");
  images.check("consistency", loss::ConsistencyRegularisation(6, loss::FlipAndShift{.shift = 2}));
  images.check("balanced_consistency", loss::BalancedConsistency(4, 3, loss::FlipAndShift{.shift = 2}));
}

TEMPLATE_TEST_CASE("consistency in the latents equals PyTorch's, on both sides", "[loss][penalty][reference]", float,
                   double) {
  const Reference file("penalties.safetensors");
  for (const std::string critic : {"mlp", "convolution"}) {
    const Setup<TestType> setup(file, critic);
    setup.check("latent_consistency", loss::LatentConsistency(5, 0.5));
    setup.generator.check(critic + ".latent_consistency.generator",
                          setup(loss::LatentConsistency(0.5, 0.5), loss::Side::generator));
  }
}

TEMPLATE_TEST_CASE("LeCam's penalty equals PyTorch's step after step", "[loss][penalty][reference]", float, double) {
  using S = TestType;
  const Reference file("penalties.safetensors");
  for (const std::string critic : {"mlp", "convolution"}) {
    const Setup<S> setup(file, critic);
    const Tensor<S> reals = file.tensor<S>(critic + ".reals"), fakes = file.tensor<S>(critic + ".fakes");
    const auto check = [&](const std::string& variant, const loss::LeCamOptions& options) {
      loss::AnyPenalty<S> penalty = loss::LeCam(0.3, options);
      RandomStream stream(3, "penalty");
      for (Index step = 0; step < reals.extent(0); ++step) {
        const auto at = [&](const Tensor<S>& all) {
          return Variable<S>(all.rows(step, 1).reshaped(setup.batch("real").shape()));
        };
        const Variable<S> real = at(reals), fake = at(fakes);
        const Variable<S> added = penalty(loss::PenaltyContext<S>{.critic = setup.critic.model,
                                                                  .real = real,
                                                                  .fake = fake,
                                                                  .stream = stream,
                                                                  .step = step,
                                                                  .real_outputs = setup.critic.model(real),
                                                                  .fake_outputs = setup.critic.model(fake)});
        if (step < options.start)
          CHECK_FALSE(added.defined());
        else
          setup.critic.check(critic + "." + variant + "." + std::to_string(step), added);
      }
    };
    check("lecam", {.decay = 0.9});
    check("lecam.late", {.decay = 0.5, .start = 2});
    check("lecam.one_sided", {.decay = 0.6, .one_sided = true});
  }
}

TEMPLATE_TEST_CASE("orthogonality of either form equals PyTorch's, on both networks", "[loss][penalty][reference]",
                   float, double) {
  const Reference file("penalties.safetensors");
  using loss::OrthogonalForm;
  for (const std::string critic : {"mlp", "convolution"}) {
    const Setup<TestType> setup(file, critic);
    for (const auto& [form, name] : {std::pair{OrthogonalForm::off_diagonal, critic + ".orthogonal"},
                                     std::pair{OrthogonalForm::identity, critic + ".orthonormal"}}) {
      setup.critic.check(name, setup(loss::Orthogonal(0.2, form)));
      setup.generator.check(name + ".generator", setup(loss::Orthogonal(0.2, form), loss::Side::generator));
    }
  }
}

TEMPLATE_TEST_CASE("historical averaging equals PyTorch's step after step", "[loss][penalty][reference]", float,
                   double) {
  using S = TestType;
  const Reference file("penalties.safetensors");
  for (const std::string critic : {"mlp", "convolution"}) {
    Network<S> network(file, critic_of<S>(critic), critic);
    loss::AnyPenalty<S> penalty = loss::HistoricalAveraging<S>(0.7);
    RandomStream stream(3, "penalty");
    for (Index step = 0; step < 4; ++step) {
      const std::string name = critic + ".historical_averaging." + std::to_string(step);
      network.load(name);
      network.check(name, penalty(loss::PenaltyContext<S>{.critic = network.model,
                                                          .real = {},
                                                          .fake = {},
                                                          .stream = stream,
                                                          .step = step,
                                                          .parameters = network.parameters,
                                                          .parameter_names = network.names}));
    }
  }
}
