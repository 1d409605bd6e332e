#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <numbers>
#include <string>
#include <vector>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../ops/warp.hpp"
#include "affine.hpp"
#include "any_augmentation.hpp"
#include "colour.hpp"
#include "images.hpp"

namespace eigan::inline EIGAN_ABI::augment {

struct AdaptiveAugmentOptions {
  double target = 0.6;         ///< mean sign of the discriminator's logits on real samples that strength is steered to
  double strength = 0;         ///< at first: the probability of each operation on each image, in [0, 1]
  Index adapt_over = 500'000;  ///< real samples in which the strength could go from 0 to 1; 0: it stays as it is
  Index every = 4;             ///< updates of the discriminator from one adjustment to the next
  bool pixel = true;           ///< mirrored, turned by quarters, moved by whole pixels
  bool geometry = true;        ///< scaled, turned by any angle, stretched, moved by fractions of a pixel
  double rotation = 180;  ///< degrees that are turned at most, either way, in [0, 180]; digits stay digits below 30
  bool colour = true;     ///< brightness, contrast, luma flip; hue and saturation of coloured images
};

/// Adaptive discriminator augmentation (ADA, Karras et al. 2020): each image goes through the paper's pixel, geometric
/// and colour operations (appendix B and table 1), each with probability `strength`, which rises while the
/// discriminator is surer of real samples than `target`, a sign that it knows them by heart, and falls again when not:
/// small data sets train for long without overfitting, and samples do not look augmented as long as the strength stays
/// below about 0.8. Under a loss that goes by differences alone (Wasserstein, relativistic) the sign is that of the
/// logit less the mean one of generated samples. All of an image's moves are one affine warp by Catmull-Rom's cubic
/// (the authors have a wavelet filter), beyond the border its mirror; all of its colours one matrix.
class AdaptiveAugment {
 public:
  static constexpr const char* name = "adaptive_augment";

  explicit AdaptiveAugment(const AdaptiveAugmentOptions& options = {})
      : options_(options), strength_(options.strength) {}

  /// Throws ConfigError for an option out of range.
  void check() const {
    if (!(options_.target > -1 && options_.target < 1) || !(options_.strength >= 0 && options_.strength <= 1) ||
        options_.adapt_over < 0 || options_.every < 1 || !(options_.rotation >= 0 && options_.rotation <= 180))
      throw ConfigError(
          "AdaptiveAugment: expected a target between -1 and 1, a strength of 0 to 1, 0 or more samples to adapt over, "
          "1 or more updates between adjustments and a rotation of 0 to 180 degrees, got " +
          std::to_string(options_.target) + ", " + std::to_string(options_.strength) + ", " +
          std::to_string(options_.adapt_over) + ", " + std::to_string(options_.every) + " and " +
          std::to_string(options_.rotation));
  }

  /// x: [N, H, W, C], also the result's shape. Throws ShapeError for another rank or number of channels.
  template <std::floating_point S>
  Variable<S> operator()(const Variable<S>& x, const AugmentationContext& here) const {
    detail::check_images("AdaptiveAugment", x.shape());
    if (strength_ == 0) return x;
    std::vector<detail::Affine> inverses;
    std::vector<detail::ColourMap> colours;
    bool moves = false, recolours = false;
    for (Index n = 0; n < x.extent(0); ++n) {
      inverses.push_back(draw_inverse(x.extent(1), x.extent(2), here.stream));
      colours.push_back(draw_colour(x.extent(3) > 1, here.stream));
      moves = moves || inverses.back() != detail::Affine();
      recolours = recolours || colours.back() != detail::ColourMap();
    }
    const Variable<S> moved = moves ? warp(x, detail::affine_table<S>(inverses, x.extent(1), x.extent(2))) : x;
    return recolours ? detail::coloured(moved, colours) : moved;
  }

  /// Steers the strength by what the discriminator made of augmented real samples: its logits [N, 1].
  template <std::floating_point S>
  void observe(const Variable<S>& real_logits) {
    for (Index i = 0; i < real_logits.size(); ++i)
      signs_ += real_logits.data()[i] > 0 ? 1 : real_logits.data()[i] < 0 ? -1 : 0;
    samples_ += static_cast<double>(real_logits.size());
    if (++updates_ < static_cast<double>(options_.every)) return;
    const double excess = signs_ / std::max(samples_, 1.0) - options_.target;
    if (options_.adapt_over > 0 && excess != 0)
      strength_ =
          std::clamp(strength_ + std::copysign(samples_ / static_cast<double>(options_.adapt_over), excess), 0.0, 1.0);
    signs_ = samples_ = updates_ = 0;
  }

  double strength() const { return strength_; }

  void settings(auto&& field) const {
    field("target", options_.target);
    field("strength", options_.strength);
    field("adapt_over", static_cast<double>(options_.adapt_over));
    field("every", static_cast<double>(options_.every));
    field("pixel", options_.pixel);
    field("geometry", options_.geometry);
    field("rotation", options_.rotation);
    field("colour", options_.colour);
  }
  void visit(auto&& field) {
    field("strength", strength_);
    field("signs", signs_);
    field("samples", samples_);
    field("updates", updates_);
  }

 private:
  using Affine = detail::Affine;
  using ColourMap = detail::ColourMap;

  bool happens(RandomStream& stream, double probability) const { return stream.uniform() < probability; }
  static double angle(RandomStream& stream) { return (2 * stream.uniform() - 1) * std::numbers::pi; }
  // In each of the two steps.
  double rotation(RandomStream& stream) const { return options_.rotation / 180 * angle(stream); }

  // Where a pixel of the result comes from. The moves are drawn in the paper's order; as inverses, each is applied
  // before those that were drawn before it.
  Affine draw_inverse(Index height, Index width, RandomStream& stream) const {
    const auto w = static_cast<double>(width), h = static_cast<double>(height);
    Affine inverse;
    const auto then = [&](const Affine& step) { inverse = inverse.after(step); };
    if (options_.pixel) {
      if (happens(stream, strength_) && stream.below(2) == 1) then(Affine::scale(-1, 1));
      if (happens(stream, strength_)) then(Affine::quarter_turns(stream.below(4)));
      if (happens(stream, strength_)) {
        const double x = std::round((2 * stream.uniform() - 1) * 0.125 * w);
        then(Affine::translation(x, std::round((2 * stream.uniform() - 1) * 0.125 * h)));
      }
    }
    if (options_.geometry) {
      // Two rotations, so that any angle before and after stretching is as likely; together they happen as often as
      // the others.
      const double once = 1 - std::sqrt(1 - strength_);
      if (happens(stream, strength_)) {
        const double factor = std::exp2(0.2 * stream.normal());
        then(Affine::scale(factor, factor));
      }
      if (happens(stream, once)) then(Affine::rotation(rotation(stream)));
      if (happens(stream, strength_)) {
        const double factor = std::exp2(0.2 * stream.normal());
        then(Affine::scale(factor, 1 / factor));
      }
      if (happens(stream, once)) then(Affine::rotation(rotation(stream)));
      if (happens(stream, strength_)) {
        const double x = 0.125 * w * stream.normal();
        then(Affine::translation(x, 0.125 * h * stream.normal()));
      }
    }
    return inverse;
  }

  ColourMap draw_colour(bool is_coloured, RandomStream& stream) const {
    ColourMap map;
    if (!options_.colour) return map;
    const auto then = [&](const ColourMap& step) { map = step.after(map); };
    if (happens(stream, strength_)) then(ColourMap::brightness(0.2 * stream.normal()));
    if (happens(stream, strength_)) then(ColourMap::contrast(std::exp2(0.5 * stream.normal())));
    if (happens(stream, strength_) && stream.below(2) == 1) then(ColourMap::luma_flip());
    if (!is_coloured) return map;
    if (happens(stream, strength_)) then(ColourMap::hue(angle(stream)));
    if (happens(stream, strength_)) then(ColourMap::saturation(std::exp2(stream.normal())));
    return map;
  }

  AdaptiveAugmentOptions options_;
  double strength_;
  double signs_ = 0, samples_ = 0, updates_ = 0;  // since the last adjustment
};

}  // namespace eigan::inline EIGAN_ABI::augment
