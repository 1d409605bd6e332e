#pragma once

#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// What a discriminator with a classifier returns, such as nn::Verdict: `logits` [N, 1], `classes` [N, K], and `asked`
/// [N, K], what the samples were asked to be.
template <class V>
concept ClassifyingOutput = requires(const V& verdict) {
  verdict.logits;
  verdict.classes;
  verdict.asked;
};

namespace detail {

/// verdict.asked. Throws ConfigError, in the name of the loss, if nobody asked for anything.
template <ClassifyingOutput V>
const auto& asked_of(const V& verdict, const char* loss) {
  if (!verdict.asked.defined())
    throw ConfigError(std::string(loss) +
                      ": expected samples that were asked to be something, got a discriminator's output without that; "
                      "train on a set with labels, or with .codes");
  return verdict.asked;
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::loss
