#pragma once

#include <algorithm>
#include <concepts>
#include <string>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "../nn/condition.hpp"

namespace eigan::inline EIGAN_ABI::train {

/// Codes that a generator is asked for besides its latent, drawn anew for each batch: categories, each one-hot with
/// every class as likely, and numbers uniform in [-1, 1] (InfoGAN, Chen et al. 2016, section 7). They reach the
/// networks as the values of the pass's condition, the categories first: nn::ConcatCondition<>({.values =
/// codes.width()}).
struct LatentCodes {
  std::vector<Index> categories = {};  ///< the classes of each categorical code
  Index continuous = 0;                ///< the numbers after them

  bool empty() const { return categories.empty() && continuous == 0; }

  /// How many numbers the codes of one sample are.
  Index width() const {
    Index total = continuous;
    for (const Index classes : categories) total += classes;
    return total;
  }

  /// Throws ConfigError for a code that is none.
  void check() const {
    if (continuous < 0 || std::any_of(categories.begin(), categories.end(), [](Index classes) { return classes < 2; }))
      throw ConfigError("LatentCodes: expected categories of 2 or more classes and 0 or more continuous codes");
  }

  /// Codes for `count` samples, from `stream`.
  template <std::floating_point S>
  nn::Condition<S> draw(Index count, RandomStream& stream) const {
    Tensor<S> values = Tensor<S>::zeros(Shape{count, width()});
    Index first = 0;
    for (const Index classes : categories) {
      for (Index n = 0; n < count; ++n) values.mutable_data()[n * width() + first + stream.below(classes)] = 1;
      first += classes;
    }
    for (Index n = 0; n < count; ++n)
      for (Index i = first; i < width(); ++i)
        values.mutable_data()[n * width() + i] = static_cast<S>(2 * stream.uniform() - 1);
    return {values};
  }

  /// As a checkpoint knows it, such as "10 10 + 2".
  std::string description() const {
    std::string text;
    for (const Index classes : categories) text += std::to_string(classes) + " ";
    return text + "+ " + std::to_string(continuous);
  }
};

}  // namespace eigan::inline EIGAN_ABI::train
