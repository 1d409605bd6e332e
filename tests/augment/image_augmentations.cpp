// DiffAugment and the adaptive augmentation: what they do, how often, and what steers them.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <eigan/augment/augment.hpp>
#include <eigan/ops/elementwise.hpp>
#include <eigan/ops/reduce.hpp>

#include "catch.hpp"
#include "ops/gradients.hpp"

using namespace eigan;
using augment::AdaptiveAugment;
using augment::DiffAugment;
using test::random;
using test::Var;

namespace {

template <class Augmentation>
Var applied(const Augmentation& augmentation, const Var& x, std::uint64_t seed = 1) {
  RandomStream stream(seed, "augmentation");
  return augmentation(x, augment::AugmentationContext{stream});
}

bool same(const Var& a, const Var& b) { return std::equal(a.data(), a.data() + a.size(), b.data()); }
bool same_image(const Var& a, const Var& b, Index n) {
  const Index size = a.size() / a.extent(0);
  return std::equal(a.data() + n * size, a.data() + (n + 1) * size, b.data() + n * size);
}

/// The share of the images of x that the augmentation changes.
template <class Augmentation>
double share_changed(const Augmentation& augmentation, const Var& x) {
  const Var y = applied(augmentation, x);
  Index changed = 0;
  for (Index n = 0; n < x.extent(0); ++n) changed += !same_image(x, y, n);
  return static_cast<double>(changed) / static_cast<double>(x.extent(0));
}

}  // namespace

TEST_CASE("DiffAugment's parts do what the paper says", "[augment]") {
  constexpr Index count = 400, size = 16;
  const Var ones(Tensor<double>::full({count, size, size, 1}, 1));
  // Cut out: a square of 8 x 8 around any pixel, so that at a corner 4 x 4 remain of it.
  const Var cut = applied(DiffAugment{.colour = false, .translation = false}, ones);
  Index least = size * size, most = 0;
  for (Index n = 0; n < count; ++n) {
    const double* const image = cut.data() + n * size * size;
    const auto zeros = std::count(image, image + size * size, 0.0);
    least = std::min(least, zeros), most = std::max(most, zeros);
    CHECK(std::count(image, image + size * size, 1.0) == size * size - zeros);
  }
  CHECK(most == 64);
  CHECK(least >= 16);
  CHECK(least < 64);
  // Moved by up to an eighth: two pixels.
  Tensor<double> dot = Tensor<double>::zeros({count, size, size, 1});
  for (Index n = 0; n < count; ++n) dot.mutable_data()[(n * size + 8) * size + 5] = 1;
  const Var shifted = applied(DiffAugment{.colour = false, .cutout = false}, Var(dot));
  std::vector<Index> rows(size, 0), columns(size, 0);
  for (Index n = 0; n < count; ++n) {
    const double* const image = shifted.data() + n * size * size;
    const Index at = std::max_element(image, image + size * size) - image;
    REQUIRE(image[at] == 1);
    ++rows[static_cast<std::size_t>(at / size)], ++columns[static_cast<std::size_t>(at % size)];
  }
  for (std::size_t i = 0; i < size; ++i) {
    CHECK((rows[i] > 40) == (i >= 6 && i <= 10));
    CHECK((columns[i] > 40) == (i >= 3 && i <= 7));
    CHECK((rows[i] == 0) == !(i >= 6 && i <= 10));
  }
  // Colours: a grey image stays one value, moved by up to 1/2; what differs is scaled by 1/2 to 3/2 about the mean.
  const Var grey(Tensor<double>::full({count, 2, 2, 3}, 0.25));
  const Var brighter = applied(DiffAugment{.translation = false, .cutout = false}, grey);
  double lowest = 1, highest = -1;
  for (Index n = 0; n < count; ++n) {
    const double* const image = brighter.data() + n * 12;
    for (Index i = 1; i < 12; ++i) REQUIRE(image[i] == Approx(image[0]).margin(1e-12));
    lowest = std::min(lowest, image[0] - 0.25), highest = std::max(highest, image[0] - 0.25);
  }
  CHECK(lowest >= -0.5);
  CHECK(lowest < -0.48);
  CHECK(highest <= 0.5);
  CHECK(highest > 0.48);
  const Var spread = random({count, 4, 4, 1});
  const Var contrasted = applied(DiffAugment{.translation = false, .cutout = false}, spread);
  double smallest = 9, largest = 0;
  for (Index n = 0; n < count; ++n) {
    const double *const from = spread.data() + n * 16, *const to = contrasted.data() + n * 16;
    const double factor = (to[1] - to[0]) / (from[1] - from[0]);
    for (Index i = 2; i < 16; ++i) REQUIRE(to[i] - to[0] == Approx(factor * (from[i] - from[0])).margin(1e-9));
    smallest = std::min(smallest, factor), largest = std::max(largest, factor);
  }
  CHECK(smallest >= 0.5);
  CHECK(smallest < 0.52);
  CHECK(largest <= 1.5);
  CHECK(largest > 1.48);
}

TEST_CASE("each operation of the adaptive augmentation happens as often as its strength says", "[augment]") {
  constexpr Index count = 4000;
  const Var x = random({count, 4, 4, 3});
  const auto share = [&](double strength, bool pixel, bool geometry, bool colour) {
    return share_changed(
        AdaptiveAugment({.strength = strength, .pixel = pixel, .geometry = geometry, .colour = colour}), x);
  };
  // Nothing is changed by no mirror (1/2), no turn (1/4), no whole pixel: up to 0.5 rounds to 0 or, at its end, to 1.
  const double p = 0.4;
  CHECK(share(p, true, false, false) == Approx(1 - (1 - p / 2) * (1 - 0.75 * p)).margin(0.03));
  CHECK(share(p, false, true, false) == Approx(1 - std::pow(1 - p, 4)).margin(0.03));
  CHECK(share(p, false, false, true) == Approx(1 - std::pow(1 - p, 4) * (1 - p / 2)).margin(0.03));
  CHECK(share(1, false, true, false) == 1);
  CHECK(share(0, true, true, true) == 0);
  const Var grey = random({count, 4, 4, 1});
  CHECK(share_changed(AdaptiveAugment({.strength = p, .pixel = false, .geometry = false}), grey) ==
        Approx(1 - std::pow(1 - p, 2) * (1 - p / 2)).margin(0.03));
  CHECK(same(applied(AdaptiveAugment(), x), x));
  CHECK_FALSE(same(applied(AdaptiveAugment({.strength = p}), x, 1), applied(AdaptiveAugment({.strength = p}), x, 2)));
  CHECK(same(applied(AdaptiveAugment({.strength = p}), x, 1), applied(AdaptiveAugment({.strength = p}), x, 1)));
}

TEST_CASE("the strength follows the sign of the discriminator's logits on real samples", "[augment]") {
  AdaptiveAugment ada({.target = 0.6, .adapt_over = 1000, .every = 2});
  const auto logits = [](const std::vector<double>& values) {
    return Var(Tensor<double>::from(values, {static_cast<Index>(values.size()), 1}));
  };
  const Var sure = logits({1, 2, 0.1, 3, 1}), unsure = logits({1, -2, 0.1, 3, -1});  // signs 5 and 1 of 5
  ada.observe(sure);
  CHECK(ada.strength() == 0);
  ada.observe(sure);  // mean sign 1 of ten samples
  CHECK(ada.strength() == Approx(0.01));
  ada.observe(sure);
  ada.observe(unsure);  // 6 of 10: exactly on target
  CHECK(ada.strength() == Approx(0.01).margin(1e-3));
  const double before = ada.strength();
  ada.observe(unsure), ada.observe(unsure);
  CHECK(ada.strength() == Approx(std::max(0.0, before - 0.01)));
  for (int i = 0; i < 10; ++i) ada.observe(unsure);
  CHECK(ada.strength() == 0);
  for (int i = 0; i < 300; ++i) ada.observe(sure);
  CHECK(ada.strength() == 1);
  AdaptiveAugment constant({.strength = 0.3, .adapt_over = 0});
  for (int i = 0; i < 20; ++i) constant.observe(sure);
  CHECK(constant.strength() == 0.3);
  // A copy goes its own way.
  augment::AnyAugmentation<double> any(AdaptiveAugment({.adapt_over = 10, .every = 1})), copy = any;
  any.observe(sure);
  CHECK(any.strength() == Approx(0.5));
  CHECK(copy.strength() == 0);
}

TEST_CASE("image augmentations differentiate as finite differences do", "[augment]") {
  for (const Index channels : {1, 3}) {
    const std::vector<Var> x = {random({2, 3, 4, channels})};
    test::check_derivatives(
        "DiffAugment", [](const std::vector<Var>& v) { return square(applied(DiffAugment(), v[0])); }, x);
    test::check_derivatives(
        "AdaptiveAugment",
        [](const std::vector<Var>& v) { return square(applied(AdaptiveAugment({.strength = 0.9}), v[0])); }, x);
  }
}

TEST_CASE("image augmentations refuse what is no image, and numbers out of range", "[augment]") {
  CHECK_THROWS_WITH(applied(DiffAugment(), random({2, 5})),
                    "DiffAugment: expected images [N, H, W, C] of 1 or 3 channels, got [2, 5]");
  CHECK_THROWS_AS(applied(AdaptiveAugment({.strength = 1}), random({2, 4, 4, 2})), ShapeError);
  const auto any = [](const augment::AdaptiveAugmentOptions& options) {
    return augment::AnyAugmentation<double>(AdaptiveAugment(options));
  };
  CHECK_THROWS_WITH(any({.strength = 1.5}), Catch::Contains("a strength of 0 to 1") && Catch::Contains("1.5"));
  CHECK_THROWS_AS(any({.target = 1}), ConfigError);
  CHECK_THROWS_AS(any({.adapt_over = -1}), ConfigError);
  CHECK_THROWS_AS(any({.every = 0}), ConfigError);
  CHECK_THROWS_WITH(any({.rotation = 181}),
                    Catch::Contains("a rotation of 0 to 180 degrees") && Catch::Contains("181"));
}
