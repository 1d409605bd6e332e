#pragma once

#include <concepts>
#include <string>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../ops/normalize.hpp"
#include "init.hpp"

namespace eigan::inline EIGAN_ABI::nn::detail {

/// What a normalised value is multiplied by, and what is then added: one each per channel, or neither.
template <std::floating_point S>
struct NormParameters {
  NormParameters(const Shape& shape, bool has_weight, bool has_bias) {
    if (has_weight) weight = Parameter<S>(shape, init::ones());
    if (has_bias) bias = Parameter<S>(shape, init::zeros());
  }
  void visit(auto&& field) {
    field("weight", weight);
    field("bias", bias);
  }

  Parameter<S> weight, bias;
};

inline void check_epsilon(const char* layer, double epsilon) {
  if (!(epsilon >= 0))
    throw ConfigError(std::string(layer) + ": expected an epsilon of 0 or more, got " + std::to_string(epsilon));
}

/// The number of rows of an input [..., channels].
inline Index rows_of(const char* layer, const Shape& x, Index channels) {
  if (x.rank() < 2 || x.back() != channels)
    throw ShapeError(std::string(layer) + ": expected input [N, ..., " + std::to_string(channels) + "], got " +
                     to_string(x));
  return channels > 0 ? x.size() / channels : 0;
}

}  // namespace eigan::inline EIGAN_ABI::nn::detail
