// Trains a GAN on points in the plane, where one can see what it does: real and generated points over the
// discriminator.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>

#include <eigan/eigan.hpp>

#include "support/command_line.hpp"

using namespace eigan;

struct Arguments {
  std::string data = "ring", loss = "nonsaturating";
  std::filesystem::path out = "runs/mixtures";
  Index steps = 5000, batch = 256, every = 1000;
  std::uint64_t seed = 1;
  int threads = 0;
};

/// The points in the middle of a square picture with some room around.
class Plot {
 public:
  explicit Plot(const Tensor<float>& points) {
    for (Index i = 0; i < points.size(); ++i) reach_ = std::max(reach_, 1.3f * std::abs(points.data()[i]));
  }

  /// One point for each pixel, [size * size, 2].
  Tensor<float> pixels() const {
    Tensor<float> places(Shape{size * size, 2});
    for (Index y = 0; y < size; ++y)
      for (Index x = 0; x < size; ++x) {
        places.mutable_data()[2 * (y * size + x)] = reach_ * (2 * (static_cast<float>(x) + 0.5f) / size - 1);
        places.mutable_data()[2 * (y * size + x) + 1] = reach_ * (1 - 2 * (static_cast<float>(y) + 0.5f) / size);
      }
    return places;
  }

  /// Shades of grey for the discriminator's values, from its lowest to its highest, in bands: their borders are level
  /// sets.
  void shade(const Tensor<float>& values) {
    const auto [low, high] = std::minmax_element(values.data(), values.data() + values.size());
    for (Index i = 0; i < values.size(); ++i) {
      const float share = (values.data()[i] - *low) / std::max(*high - *low, 1e-6f);
      const auto grey = static_cast<std::uint8_t>(150 + 10 * std::min(std::floor(share * 11), 10.f));
      std::fill_n(image_.mutable_data() + 3 * i, 3, grey);
    }
  }

  void draw(const Tensor<float>& points, const std::array<std::uint8_t, 3>& colour) {
    for (Index i = 0; i < points.extent(0); ++i) {
      const auto x = static_cast<Index>((points.data()[2 * i] / reach_ + 1) / 2 * size);
      const auto y = static_cast<Index>((1 - points.data()[2 * i + 1] / reach_) / 2 * size);
      for (const auto& [dx, dy] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}})
        if (x + dx >= 0 && x + dx < size && y + dy >= 0 && y + dy < size)
          std::copy(colour.begin(), colour.end(), image_.mutable_data() + 3 * ((y + dy) * size + x + dx));
    }
  }

  const Tensor<std::uint8_t>& image() const { return image_; }

 private:
  static constexpr Index size = 512;
  float reach_ = 1e-3f;
  Tensor<std::uint8_t> image_ = Tensor<std::uint8_t>::full({size, size, 3}, 255);
};

train::AdversarialOptions<> make_options(const Arguments& arguments) {
  const optim::Adam adam{.learning_rate = 1e-3, .beta1 = 0.5};
  train::AdversarialOptions<> options{
      .latent = {32}, .loss = loss::NonSaturating(), .generator_optimizer = adam, .discriminator_optimizer = adam};
  if (arguments.loss == "minimax") options.loss = loss::Minimax();
  if (arguments.loss == "wasserstein" || arguments.loss == "wgan-gp") {
    options.loss = loss::Wasserstein();
    options.critic_steps = 5;
  }
  if (arguments.loss == "wasserstein") {
    options.weight_clipping = 0.05;
    options.generator_optimizer = options.discriminator_optimizer = optim::RMSProp{.learning_rate = 5e-4};
  }
  if (arguments.loss == "wgan-gp") options.penalties = {loss::GradientPenalty(1)};
  options.average = 0.999;
  options.batch = arguments.batch;
  options.seed = arguments.seed;
  return options;
}

int run(const Arguments& arguments) {
  set_threads(arguments.threads);
  std::filesystem::create_directories(arguments.out);
  const data::PointSet set = arguments.data == "ring"   ? data::ring(20'000, arguments.seed)
                             : arguments.data == "grid" ? data::grid(20'000, arguments.seed)
                                                        : data::swiss_roll(20'000, arguments.seed);

  nn::Sequential generator{nn::Linear(32, 128), nn::ReLU(), nn::Linear(128, 128), nn::ReLU(), nn::Linear(128, 2)};
  nn::Sequential discriminator{nn::Linear(2, 128), nn::LeakyReLU(0.2), nn::Linear(128, 128), nn::LeakyReLU(0.2),
                               nn::Linear(128, 1)};
  train::AdversarialTrainer trainer{generator, discriminator, make_options(arguments)};

  trainer.add(train::ProgressBar());
  trainer.add([&](const train::StepReport& report, const auto& session) {
    if (report.step % arguments.every != 0 && report.step != report.last_step) return;
    Plot plot(set.points);
    plot.shade(discriminator(plot.pixels()));
    plot.draw(set.points.rows(0, 1000), {40, 70, 160});
    plot.draw(session.sample(1000), {220, 90, 20});
    io::save_png(arguments.out / ("step-" + std::to_string(report.step) + ".png"), plot.image());
  });
  trainer.train(set, arguments.steps);
  std::cout << "real points blue, generated orange, lighter where the discriminator believes: see "
            << arguments.out.string() << "\n";
  return 0;
}

int main(int argc, char** argv) {
  Arguments arguments;
  examples::CommandLine line("Trains a GAN on points in the plane and draws what it has learnt.");
  line.choice("--data", arguments.data, "where the points lie", {"ring", "grid", "swiss-roll"});
  line.choice("--loss", arguments.loss, "what the networks are trained for",
              {"minimax", "nonsaturating", "wasserstein", "wgan-gp"});
  line.number("--steps", arguments.steps, "steps");
  line.number("--batch", arguments.batch, "points per update");
  line.number("--every", arguments.every, "steps between pictures");
  line.number("--seed", arguments.seed, "of everything random");
  line.number("--threads", arguments.threads, "threads; 0: one per processor", 0);
  line.path("--out", arguments.out, "directory for the pictures");
  if (const auto status = line.parse(argc, argv)) return *status;
  try {
    return run(arguments);
  } catch (const std::exception& error) {
    std::cerr << "mixtures: " << error.what() << "\n";
    return 1;
  }
}
