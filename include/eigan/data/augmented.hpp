#pragma once

#include <algorithm>
#include <concepts>
#include <string>
#include <utility>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../core/reflected.hpp"
#include "../core/shape.hpp"
#include "image_set.hpp"

namespace eigan::inline EIGAN_ABI::data {

/// What a loader does to each image it hands out.
struct FlipAndCrop {
  bool flip = true;  ///< half of them, left to right: where a mirrored image is as real as any
  Index crop = 0;    ///< moved by up to so many pixels along both axes; what comes in is the image's mirror
};

/// A set of images, each handed out flipped and cropped anew in every epoch, which the discriminator then takes for
/// real: `data::Augmented{pictures, {.flip = true}}`. For augmentation that does not show in samples see augment/.
template <SampleSet Set>
struct Augmented : Set {
  /// Throws ConfigError unless the samples are images larger than the crop.
  Augmented(Set set, const FlipAndCrop& what) : Set(std::move(set)), augmentation(what) {
    const Shape shape = this->sample_shape();
    if (shape.rank() != 3 || what.crop < 0 || what.crop >= std::min(shape[0], shape[1]))
      throw ConfigError("Augmented: expected images [H, W, C] and a crop of 0 to less than their size, got " +
                        to_string(shape) + " and " + std::to_string(what.crop));
  }

  FlipAndCrop augmentation;

  using Set::copy_sample;

  /// Three numbers of the stream for each image.
  template <std::floating_point Scalar>
  void copy_sample(Index sample, Scalar* to, RandomStream& stream) const {
    const Shape shape = this->sample_shape();
    const Index height = shape[0], width = shape[1], channels = shape[2];
    const bool flipped = stream.below(2) == 1 && augmentation.flip;
    const Index down = stream.below(2 * augmentation.crop + 1) - augmentation.crop,
                right = stream.below(2 * augmentation.crop + 1) - augmentation.crop;
    std::vector<Scalar> image(static_cast<std::size_t>(shape.size()));
    Set::copy_sample(sample, image.data());
    for (Index i = 0; i < height; ++i)
      for (Index j = 0; j < width; ++j, to += channels) {
        const Index row = reflected(i - down, height), column = reflected(j - right, width);
        const Index from = (row * width + (flipped ? width - 1 - column : column)) * channels;
        std::copy_n(image.data() + from, channels, to);
      }
  }
};

}  // namespace eigan::inline EIGAN_ABI::data
