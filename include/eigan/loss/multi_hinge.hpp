#pragma once

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/activation.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/max_along.hpp"
#include "../ops/reduce.hpp"
#include "../ops/slice.hpp"
#include "asked.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// The hinge loss for K classes of real samples and one more, the last of `classes`, of generated ones (Kavalerov et
/// al. 2021, eqs. 5 to 8; Crammer and Singer's margin): max(0, 1 - s(right class) + the largest other s), the right
/// class being the label on real samples, K on generated ones in the discriminator's update, and the label in the
/// generator's. The discriminator is an nn::Classifying of K + 1 classes; its `logits` go unused.
struct MultiHinge {
  static constexpr const char* name = "multi_hinge";

  template <ClassifyingOutput V>
  auto discriminator(const V& real, const V& fake) const {
    const Index last = fake.classes.extent(1) - 1;
    const auto generated = narrow(fake.classes, 1, last, 1), others = max_along(narrow(fake.classes, 1, 0, last), 1);
    return margin(real) + mean(relu(affine(others - generated, 1, 1)));
  }

  template <ClassifyingOutput V>
  auto generator(const V&, const V& fake) const {
    return margin(fake);
  }

 private:
  // How far the class asked for is from being 1 above all others.
  template <ClassifyingOutput V>
  static auto margin(const V& verdict) {
    const auto& asked = detail::asked_of(verdict, name);
    const auto right = sum(asked * verdict.classes, 1);
    const auto others = max_along(verdict.classes - affine(asked, 1e9, 0), 1);
    return mean(relu(affine(others - right, 1, 1)));
  }
};

}  // namespace eigan::inline EIGAN_ABI::loss
