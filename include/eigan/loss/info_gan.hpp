#pragma once

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"
#include "../ops/slice.hpp"
#include "adversarial_loss.hpp"
#include "asked.hpp"
#include "auxiliary_classifier.hpp"
#include "non_saturating.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// A loss on `logits` less a lower bound of the mutual information between codes and generated samples (InfoGAN, Chen
/// et al. 2016, eqs. 5 and 6), which both networks raise: `categorical` times the cross entropy of each categorical
/// code, `continuous` times the mean square error, halved and summed, of the continuous ones (a Gaussian of variance
/// 1). `categories` are those of the options' .codes, of which the discriminator's `classes` are the numbers.
///
///   .codes = {.categories = {10}, .continuous = 2}, .loss = loss::InfoGAN({10})
template <class Base = NonSaturating>
struct InfoGAN {
  static constexpr const char* name = "info_gan";

  std::vector<Index> categories;
  double categorical, continuous;
  Base base;
  bool generator_needs_real, compares_outputs;  ///< as the base's

  explicit InfoGAN(std::vector<Index> its_categories, double of_categorical = 1, double of_continuous = 0.1,
                   Base its_base = Base())
      : categories(std::move(its_categories)),
        categorical(of_categorical),
        continuous(of_continuous),
        base(std::move(its_base)),
        generator_needs_real(loss::generator_needs_real(base)),
        compares_outputs(loss::compares_outputs(base)) {}

  /// Throws ConfigError for a negative weight.
  void check() const {
    if (!(categorical >= 0 && continuous >= 0))
      throw ConfigError("InfoGAN: expected weights of 0 or more, got " + std::to_string(categorical) + " and " +
                        std::to_string(continuous));
  }

  template <ClassifyingOutput V>
  auto discriminator(const V& real, const V& fake) {
    return base.discriminator(real.logits, fake.logits) + code_loss(fake);
  }
  template <ClassifyingOutput V>
  auto generator(const V& real, const V& fake) {
    return base.generator(real.logits, fake.logits) + code_loss(fake);
  }

  void settings(auto&& field) const {
    for (std::size_t i = 0; i < categories.size(); ++i)
      field("classes." + std::to_string(i), static_cast<double>(categories[i]));
    field("categorical", categorical);
    field("continuous", continuous);
  }

 private:
  template <ClassifyingOutput V>
  auto code_loss(const V& fake) const {
    const auto& asked = detail::asked_of(fake, name);
    using Var = std::remove_cvref_t<decltype(fake.classes)>;
    Index first = 0;
    Var total = 0 * sum(fake.logits);
    for (const Index classes : categories) {
      if (first + classes > asked.extent(1))
        throw ShapeError("InfoGAN: expected codes of at least " + std::to_string(first + classes) + " numbers, got " +
                         to_string(asked.shape()));
      total = total + categorical * detail::classification(narrow(fake.classes, 1, first, classes),
                                                           narrow(asked, 1, first, classes));
      first += classes;
    }
    if (const Index rest = asked.extent(1) - first; rest > 0) {
      const Var error = narrow(fake.classes, 1, first, rest) - narrow(asked, 1, first, rest);
      total = total + 0.5 * continuous * mean(sum(square(error), 1));
    }
    return total;
  }
};

}  // namespace eigan::inline EIGAN_ABI::loss
