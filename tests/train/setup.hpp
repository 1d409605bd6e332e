// A small GAN on points of a circle, as the trainer's tests need it.
#pragma once

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include <eigan/eigan.hpp>

#include "catch.hpp"

namespace test {

using namespace eigan;

inline data::PointSet circle(Index count = 512) {
  data::PointSet set{Tensor<float>(Shape{count, 2}), {}};
  for (Index i = 0; i < count; ++i) {
    set.points.mutable_data()[2 * i] = static_cast<float>(std::cos(0.1 * static_cast<double>(i)));
    set.points.mutable_data()[2 * i + 1] = static_cast<float>(std::sin(0.1 * static_cast<double>(i)));
  }
  return set;
}

inline nn::Sequential<> make_generator() {
  return nn::Sequential{nn::Linear(4, 16), nn::BatchNorm(16), nn::ReLU(), nn::Dropout(0.1), nn::Linear(16, 2)};
}
inline nn::Sequential<> make_critic() {
  return nn::Sequential{nn::Linear(2, 16), nn::LeakyReLU(0.2), nn::Dropout(0.1), nn::Linear(16, 1)};
}

inline train::AdversarialOptions<> wgan_gp() {
  return {.latent = {4},
          .loss = loss::Wasserstein(),
          .penalties = {loss::GradientPenalty(10)},
          .critic_steps = 3,
          .generator_schedule = optim::CosineSchedule{.to = 0.1, .steps = 50},
          .average = 0.9,
          .batch = 32,
          .seed = 5};
}

/// Two networks with their trainer.
struct Gan {
  explicit Gan(train::AdversarialOptions<> options = wgan_gp()) : trainer(generator, critic, std::move(options)) {}
  nn::Sequential<> generator = make_generator(), critic = make_critic();
  train::AdversarialTrainer<nn::Sequential<>, nn::Sequential<>> trainer;
};

/// A directory of its own, gone at the end.
class Directory {
 public:
  explicit Directory(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("eigan-" + name + std::to_string(std::random_device{}()))) {
    std::filesystem::create_directories(path_);
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const std::string& file) const { return path_ / file; }

 private:
  std::filesystem::path path_;
};

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace test
