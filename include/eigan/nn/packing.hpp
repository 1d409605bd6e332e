#pragma once

#include <concepts>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/reshape.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Joins each `count` samples in a row along their channels, so that the discriminator behind it judges several samples
/// at once (PacGAN, Lin et al. 2018): the first layer of a discriminator with count times the input channels.
/// x: [N, ..., C] -> [N / count, ..., count * C]. Throws ShapeError if count does not divide N.
class Packing {
 public:
  static constexpr const char* name = "Packing";
  static constexpr bool is_per_sample = false;

  explicit Packing(Index count) : count_(count) {
    if (count < 1) throw ConfigError("Packing: expected a count of 1 or more, got " + std::to_string(count));
  }

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    if (x.rank() < 2 || x.extent(0) % count_ != 0)
      throw ShapeError("Packing: expected input [N, ..., C] whose N falls into packs of " + std::to_string(count_) +
                       ", got " + to_string(x.shape()) + "; choose a batch that " + std::to_string(count_) +
                       " divides");
    const Index packs = x.extent(0) / count_, channels = x.extent(-1);
    const Index positions = packs > 0 && channels > 0 ? x.size() / x.extent(0) / channels : 0;
    Shape packed = x.shape();
    packed[0] = packs;
    packed[x.rank() - 1] = count_ * channels;
    return reshape(permute(reshape(x, Shape{packs, count_, positions, channels}), Shape{0, 2, 1, 3}), packed);
  }

 private:
  Index count_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
