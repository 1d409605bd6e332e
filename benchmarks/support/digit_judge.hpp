// A classifier of digits, to judge what conditional generators make.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <vector>

#include <eigan/eigan.hpp>

#include "images_of.hpp"

namespace benchmarks {

/// Trained by a recipe without chance: the same data give the same weights, kept in a file named after a hash of both.
class DigitJudge {
 public:
  /// Loads the judge for this set from the directory, or trains and saves it there.
  DigitJudge(const eigan::data::ImageSet& train, const std::filesystem::path& directory) {
    char name[40];
    std::snprintf(name, sizeof name, "judge-%016llx.safetensors", static_cast<unsigned long long>(hash_of(train)));
    const std::filesystem::path path = directory / name;
    if (std::filesystem::exists(path)) {
      eigan::nn::load(model_, path);
    } else {
      learn(train);
      std::filesystem::create_directories(directory);
      eigan::nn::save(model_, path);
    }
  }

  /// What it makes of each image [N, 28, 28, 1] -> [N, 10]
  eigan::Tensor<float> probabilities_of(const eigan::Tensor<float>& images) const {
    const eigan::NoGrad values_only;
    eigan::Tensor<float> all(eigan::Shape{images.extent(0), classes});
    for (eigan::Index first = 0; first < images.extent(0); first += batch) {
      const eigan::Index count = std::min(batch, images.extent(0) - first);
      const auto some = eigan::softmax(model_(eigan::Variable<>(images.rows(first, count))));
      std::copy_n(some.data(), count * classes, all.mutable_data() + first * classes);
    }
    return all;
  }

  /// The class of each image [N, 28, 28, 1].
  std::vector<std::int32_t> classes_of(const eigan::Tensor<float>& images) const {
    const eigan::Tensor<float> probabilities = probabilities_of(images);
    std::vector<std::int32_t> found;
    for (eigan::Index n = 0; n < images.extent(0); ++n) {
      const float* const row = probabilities.data() + n * classes;
      found.push_back(static_cast<std::int32_t>(std::max_element(row, row + classes) - row));
    }
    return found;
  }

  /// The share of the set whose class it tells.
  double accuracy(const eigan::data::ImageSet& set) const {
    const std::vector<std::int32_t> told = classes_of(images_of(set));
    eigan::Index right = 0;
    for (eigan::Index n = 0; n < set.size(); ++n) right += told[static_cast<std::size_t>(n)] == set.labels.data()[n];
    return static_cast<double>(right) / static_cast<double>(set.size());
  }

 private:
  static constexpr eigan::Index batch = 128, steps = 5000, classes = 10;
  static constexpr std::uint64_t recipe_version = 2;  // another one for another recipe

  // FNV-1a.
  static std::uint64_t hash_of(const eigan::data::ImageSet& set) {
    std::uint64_t hash = 0xcbf29ce484222325;
    const auto add = [&](std::uint64_t value) { hash = (hash ^ value) * 0x100000001b3; };
    add(recipe_version);
    for (eigan::Index i = 0; i < set.images.size(); ++i) add(set.images.data()[i]);
    for (eigan::Index i = 0; i < set.size(); ++i) add(static_cast<std::uint64_t>(set.labels.data()[i]));
    return hash;
  }

  void learn(const eigan::data::ImageSet& train) {
    using namespace eigan;
    nn::initialize(model_, 1);
    std::vector<std::string> names;
    std::vector<Parameter<>*> written;
    nn::for_each_parameter(model_, [&](const std::string& name, Parameter<>& parameter) {
      names.push_back(name);
      written.push_back(&parameter);
    });
    optim::Optimizer<> optimizer(optim::Adam{.learning_rate = 1e-3}, names, written);
    data::Loader loader(train, {.batch = batch, .seed = 1});
    RandomStream dropout(1, "dropout");
    for (Index step = 0; step < steps; ++step) {
      const auto [images, labels, unused] = loader.next();
      std::vector<Variable<>> gradients;
      {
        const auto pass = nn::Pass<>::training(dropout);
        gradients = grad(cross_entropy(model_(Variable<>(images), pass), labels), parameters(model_));
      }
      optimizer.step(written, gradients, 1 - static_cast<double>(step) / steps);
    }
  }

  eigan::nn::Sequential<> model_{eigan::nn::Conv2d({.in = 1, .out = 24, .kernel = 3, .padding = 1}),
                                 eigan::nn::ReLU(),
                                 eigan::nn::MaxPool(2),
                                 eigan::nn::Conv2d({.in = 24, .out = 48, .kernel = 3, .padding = 1}),
                                 eigan::nn::ReLU(),
                                 eigan::nn::MaxPool(2),
                                 eigan::nn::Flatten(),
                                 eigan::nn::Linear(7 * 7 * 48, 128),
                                 eigan::nn::ReLU(),
                                 eigan::nn::Dropout(0.3),
                                 eigan::nn::Linear(128, 10)};
};

}  // namespace benchmarks
