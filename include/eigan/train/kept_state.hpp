#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../core/config.hpp"
#include "../core/tensor.hpp"
#include "options.hpp"

namespace eigan::inline EIGAN_ABI::train::detail {

/// The state of a run's loss, penalties and augmentations as it was, to go back to. Tensors are shared, not copied.
template <std::floating_point S>
class KeptState {
 public:
  void keep(auto& options) {
    numbers_.clear();
    tensors_.clear();
    for_each(
        options, [&](double& number) { numbers_.push_back(number); },
        [&](Tensor<S>& tensor) { tensors_.push_back(tensor); });
  }
  void restore(auto& options) {
    std::size_t number_index = 0, tensor_index = 0;
    for_each(
        options, [&](double& number) { number = numbers_[number_index++]; },
        [&](Tensor<S>& tensor) { tensor = tensors_[tensor_index++]; });
  }

 private:
  static void for_each(auto& options, const auto& number, const auto& tensor) {
    const auto field = [&](std::string_view, auto& value) {
      if constexpr (std::same_as<std::remove_cvref_t<decltype(value)>, double>)
        number(value);
      else
        tensor(value.value);
    };
    options.loss.visit(field);
    for (auto& augmentation : options.augmentations) augmentation.visit(field);
    for (auto& penalty : options.penalties) penalty.visit(field);
    for (auto& penalty : options.generator_penalties) penalty.visit(field);
  }

  std::vector<double> numbers_;
  std::vector<Tensor<S>> tensors_;
};

}  // namespace eigan::inline EIGAN_ABI::train::detail
