#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// What a discriminator with a classifier returns for a batch of N samples.
template <std::floating_point S = float>
struct Verdict {
  Variable<S> logits;      ///< [N, 1]: how real
  Variable<S> classes;     ///< [N, K]: logits of the classes, or what is made of the codes
  Variable<S> twin = {};   ///< [N, K]: of a second classifier, or empty
  Variable<S> asked = {};  ///< [N, K]: what the samples were asked to be, one-hot or as codes; empty if nobody asked

  /// The same with f applied to each part that is there.
  template <class F>
  Verdict map(const F& f) const {
    const auto part = [&](const Variable<S>& x) { return x.defined() ? f(x) : x; };
    return {part(logits), part(classes), part(twin), part(asked)};
  }
};

}  // namespace eigan::inline EIGAN_ABI::nn
