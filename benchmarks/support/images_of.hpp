// A whole set as the networks take it.
#pragma once

#include <eigan/data/image_set.hpp>

namespace benchmarks {

/// The set's images [N, H, W, C], from -1 to 1.
inline eigan::Tensor<float> images_of(const eigan::data::ImageSet& set) {
  eigan::Tensor<float> images(set.images.shape());
  const eigan::Index pixels = set.images.size() / set.size();
  for (eigan::Index n = 0; n < set.size(); ++n) set.copy_sample(n, images.mutable_data() + n * pixels);
  return images;
}

}  // namespace benchmarks
