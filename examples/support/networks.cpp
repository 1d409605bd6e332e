#include "networks.hpp"

#include <charconv>

#include <eigan/core/error.hpp>
#include <eigan/models/models.hpp>
#include <eigan/nn/nn.hpp>

#include "recipe_list.hpp"

namespace examples {

using namespace eigan;

namespace {

constexpr Index code_latent = 62, code_features = 256, narrow = 64;

/// A layer with weights, spectrally normalised where the recipe wants that.
template <class Layer>
nn::AnyLayer<> weighted(Layer layer, const recipes::Networks& wanted) {
  if (wanted.spectral_norm) return nn::SpectralNorm(std::move(layer));
  return layer;
}

/// The image sizes that a chain of 4x4 convolutions goes through, from the whole one to one of 4 to 7 pixels, or
/// that cannot be halved.
std::vector<Index> halvings(Index size) {
  std::vector<Index> sizes{size};
  while (sizes.back() > 7 && sizes.back() % 2 == 0) sizes.push_back(sizes.back() / 2);
  return sizes;
}

/// Judges an image by how well it can be coded in a few numbers: so few that what is no image of the data cannot. A
/// deeper coder takes any blot as well as a digit, and its generator stays at the first that it finds.
nn::Sequential<> make_autoencoder(const NetworkSettings& settings) {
  const Index pixels = settings.size * settings.size * settings.channels;
  if (settings.model == "mlp")
    return nn::Sequential{nn::ReconstructionError(nn::Sequential{
        nn::Flatten(), nn::Linear(pixels, 512), nn::ELU(), nn::Linear(512, 64), nn::Linear(64, 512), nn::ELU(),
        nn::Linear(512, pixels), nn::Reshape({settings.size, settings.size, settings.channels})})};
  const Index half = settings.size / 2, features = half * half * narrow, code = 32;
  return nn::Sequential{nn::ReconstructionError(nn::Sequential{
      nn::Conv2d({.in = settings.channels, .out = narrow, .kernel = 4, .stride = 2, .padding = 1}), nn::ReLU(),
      nn::Flatten(), nn::Linear(features, code), nn::BatchNorm(code), nn::ReLU(), nn::Linear(code, features),
      nn::BatchNorm(features), nn::ReLU(), nn::Reshape({half, half, narrow}),
      nn::ConvTranspose2d({.in = narrow, .out = settings.channels, .kernel = 4, .stride = 2, .padding = 1}),
      nn::Tanh()})};
}

/// The last layer: one number, and with classes a projection beside it.
nn::AnyLayer<> make_verdict(Index features, Index classes, const recipes::Networks& wanted) {
  if (classes == 0) return weighted(nn::Linear(features, 1), wanted);
  if (!wanted.spectral_norm) return nn::Projection(features, {.classes = classes});
  return nn::Projection(nn::SpectralNorm(nn::Linear(features, 1)),
                        nn::SpectralNorm(nn::Linear(classes, features, nn::Bias::no)), {.classes = classes});
}

nn::Sequential<> make_special_discriminator(const NetworkSettings& settings, const recipes::Networks& wanted) {
  if (wanted.autoencoder) return make_autoencoder(settings);
  nn::Sequential<> discriminator;
  if (wanted.packing > 1) discriminator.add(nn::Packing(wanted.packing));
  const Index channels = settings.channels * wanted.packing;
  if (settings.model == "mlp") {
    discriminator.add(nn::Flatten());
    discriminator.add(weighted(nn::Linear(settings.size * settings.size * channels, 512), wanted));
    discriminator.add(nn::LeakyReLU(0.2)).add(weighted(nn::Linear(512, 256), wanted)).add(nn::LeakyReLU(0.2));
    return discriminator.add(make_verdict(256, settings.classes, wanted));
  }
  const std::vector<Index> sizes = halvings(settings.size);
  Index width = channels;
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    const Index out = narrow << (i - 1);
    const bool has_norm = wanted.batch_norm && i > 1;
    discriminator.add(weighted(nn::Conv2d({.in = width,
                                           .out = out,
                                           .kernel = 4,
                                           .stride = 2,
                                           .padding = 1,
                                           .bias = has_norm ? nn::Bias::no : nn::Bias::yes}),
                               wanted));
    if (has_norm) discriminator.add(nn::BatchNorm(out));
    discriminator.add(nn::LeakyReLU(0.2));
    width = out;
  }
  discriminator.add(nn::Flatten());
  return discriminator.add(make_verdict(sizes.back() * sizes.back() * width, settings.classes, wanted));
}

models::Networks<> make_plain(const NetworkSettings& settings, const recipes::Networks& wanted) {
  const Index size = settings.size, channels = settings.channels, classes = settings.classes;
  if (settings.model == "mlp") return models::mlp({.size = size, .channels = channels, .classes = classes});
  if (settings.model == "dcgan")
    return models::dcgan(
        {.size = size, .channels = channels, .discriminator_norm = wanted.batch_norm, .classes = classes});
  if (settings.model == "sngan") return models::sngan({.size = size, .channels = channels, .classes = classes});
  if (settings.model == "wgan_gp_resnet")
    return models::wgan_gp_resnet({.size = size, .channels = channels, .width = narrow, .classes = classes});
  if (settings.model == "r3gan")
    return models::r3gan(
        {.size = size, .channels = channels, .width = narrow, .widest = 4 * narrow, .blocks = 1, .classes = classes});
  throw ConfigError("no networks are called '" + settings.model + "'");
}

/// A generator that is fed codes beside its latent (InfoGAN, Chen et al. 2016, table 1): two dense layers, so that what
/// a code says is settled before anything has a place in the image, then 4x4 transposed convolutions.
nn::Sequential<> make_code_generator(const NetworkSettings& settings) {
  const Index codes = settings.categories + settings.continuous;
  const std::vector<Index> sizes = halvings(settings.size);
  const auto doublings = static_cast<Index>(sizes.size()) - 1;
  const Index start = sizes.back(), widest = narrow << (doublings - 1);
  nn::Sequential<> generator{nn::ConcatCondition<>({.values = codes}),
                             nn::Linear(code_latent + codes, code_features),
                             nn::BatchNorm(code_features),
                             nn::ReLU(),
                             nn::Linear(code_features, start * start * widest),
                             nn::BatchNorm(start * start * widest),
                             nn::ReLU(),
                             nn::Reshape({start, start, widest})};
  for (Index width = widest; width > narrow; width /= 2)
    generator.add(nn::ConvTranspose2d({.in = width, .out = width / 2, .kernel = 4, .stride = 2, .padding = 1}))
        .add(nn::BatchNorm(width / 2))
        .add(nn::ReLU());
  return generator
      .add(nn::ConvTranspose2d({.in = narrow, .out = settings.channels, .kernel = 4, .stride = 2, .padding = 1}))
      .add(nn::Tanh());
}

}  // namespace

std::vector<std::string> model_choices() { return {"mlp", "dcgan", "sngan", "wgan_gp_resnet", "r3gan"}; }

std::string model_for(const std::string& recipe) {
  if (recipe == "sngan") return recipe;
  return recipe == "wgan_gp" ? "wgan_gp_resnet" : "dcgan";  // r3gan's own take ten times as long
}

bool is_special(const recipes::Networks& wanted) {
  return wanted.spectral_norm || wanted.autoencoder || wanted.packing > 1;
}

models::Networks<> make_networks(const NetworkSettings& settings) {
  const recipes::Networks wanted = recipe_networks(settings.recipe);
  models::Networks<> networks = make_plain(settings, wanted);
  if (settings.categories + settings.continuous > 0) {
    networks.generator = make_code_generator(settings);
    networks.latent = code_latent;
  }
  if (settings.classes > 0 && (wanted.autoencoder || wanted.packing > 1))
    throw ConfigError("the discriminator of " + settings.recipe +
                      " cannot be told what a sample was asked to be; take another recipe, or no classes");
  const bool has_wanted = settings.model == "sngan" && wanted.spectral_norm;
  if (!is_special(wanted) || has_wanted) return networks;
  if (settings.model != "mlp" && settings.model != "dcgan")
    throw ConfigError("the recipe " + settings.recipe + " goes with the networks mlp and dcgan, not with " +
                      settings.model);
  networks.discriminator = make_special_discriminator(settings, wanted);
  return networks;
}

std::vector<std::pair<std::string, std::string>> describe(const NetworkSettings& settings) {
  const auto text = [](Index number) { return std::to_string(number); };
  return {{"model", settings.model},
          {"recipe", settings.recipe},
          {"size", text(settings.size)},
          {"channels", text(settings.channels)},
          {"classes", text(settings.classes)},
          {"categories", text(settings.categories)},
          {"continuous", text(settings.continuous)}};
}

NetworkSettings settings_of(const io::SafetensorsFile& checkpoint) {
  const auto entry = [&](const char* name) -> const std::string& {
    const std::string* const found = checkpoint.find_metadata(std::string("config.") + name);
    if (!found)
      throw CheckpointError(checkpoint.source() +
                            ": expected the checkpoint of one of these examples, got one without "
                            "config." +
                            name);
    return *found;
  };
  const auto number = [&](const char* name) {
    const std::string& text = entry(name);
    Index value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
      throw CheckpointError(checkpoint.source() + ": expected a whole number in config." + name + ", got " + text);
    return value;
  };
  return {.model = entry("model"),
          .recipe = entry("recipe"),
          .size = number("size"),
          .channels = number("channels"),
          .classes = number("classes"),
          .categories = number("categories"),
          .continuous = number("continuous")};
}

}  // namespace examples
