#pragma once

#include <concepts>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/max_along.hpp"
#include "../ops/reshape.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// The largest of each `pieces` channels in a row (Goodfellow et al. 2013): `Linear(in, out * pieces), Maxout(pieces)`,
/// or the same behind a convolution. x: [..., C] -> [..., C / pieces]. Throws ShapeError if pieces does not divide C.
class Maxout {
 public:
  static constexpr const char* name = "Maxout";
  static constexpr bool is_per_sample = true;

  explicit Maxout(Index pieces) : pieces_(pieces) {
    if (pieces < 1) throw ConfigError("Maxout: expected 1 or more pieces, got " + std::to_string(pieces));
  }

  template <std::floating_point S>
  Variable<S> forward(const Variable<S>& x) const {
    if (x.rank() == 0 || x.extent(-1) % pieces_ != 0)
      throw ShapeError("Maxout: expected input [..., C] whose C falls into groups of " + std::to_string(pieces_) +
                       ", got " + to_string(x.shape()));
    Shape shape = x.shape();
    shape[x.rank() - 1] /= pieces_;
    return reshape(max_along(reshape(x, Shape{shape.size(), pieces_}), 1), shape);
  }

 private:
  Index pieces_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
