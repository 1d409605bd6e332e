#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "../autograd/parameter.hpp"
#include "../core/config.hpp"
#include "../core/random.hpp"
#include "fields.hpp"
#include "init.hpp"
#include "leaves.hpp"

namespace eigan::inline EIGAN_ABI::nn {

namespace detail {

/// Where a parameter's first values come from: a stream of its own, so that another layer more or less shifts nothing.
[[gnu::cold]] inline RandomStream initial_stream(std::uint64_t seed, const std::string& name) {
  return RandomStream(seed, "init/" + name);
}

/// The first value of a buffer that starts from random numbers.
template <std::floating_point S>
void fill(Buffer<S>& buffer, std::uint64_t seed, const std::string& name) {
  if (!buffer.initialiser) return;
  RandomStream stream = initial_stream(seed, name);
  buffer.value = std::exchange(buffer.initialiser, {})(buffer.value.shape(), stream);
}

template <std::floating_point S>
class Refill final : public NamingVisitor<S> {
 public:
  Refill(std::uint64_t seed, const init::Scheme& scheme, std::string_view prefix, std::string_view model,
         bool only_empty)
      : NamingVisitor<S>(prefix, model), seed_(seed), scheme_(scheme), only_empty_(only_empty) {}

 private:
  void leaf(const std::string& name, std::string_view owner, Parameter<S>& parameter) override {
    if (only_empty_ && parameter.is_filled()) return;
    RandomStream stream = initial_stream(seed_, name);
    const auto assign = [&](const init::Distribution& distribution) {
      parameter.assign(distribution.draw(parameter.shape(), stream).template cast<S>());
    };
    if (parameter.shape().rank() >= 2)
      assign(scheme_.weight);
    else if (name.ends_with("bias"))
      assign(scheme_.bias);
    else if (scheme_.batch_norm_gain && owner == "BatchNorm")
      assign(*scheme_.batch_norm_gain);
    else
      parameter.fill(stream);
  }
  void leaf(const std::string& name, std::string_view, Buffer<S>& buffer) override {
    detail::fill(buffer, seed_, name);
  }

  std::uint64_t seed_;
  const init::Scheme& scheme_;
  bool only_empty_;
};

}  // namespace detail

/// Draws the first values of every parameter that has none, and of buffers that start at random, each from a stream
/// keyed by the seed and its full name ("0.weight", "generator.0.weight" with prefix "generator"), as its layer would
/// have it.
template <class M>
[[gnu::cold]] void initialize(M& model, std::uint64_t seed, std::string_view prefix = {}) {
  for_each_leaf(
      model,
      [&](const std::string& name, auto& field) {
        if constexpr (detail::is_buffer<std::remove_cvref_t<decltype(field)>>) {
          detail::fill(field, seed, name);
        } else if (!field.is_filled()) {
          RandomStream stream = detail::initial_stream(seed, name);
          field.fill(stream);
        }
      },
      prefix);
}

/// Draws all parameters anew by a scheme: `initialize(model, seed, init::orthogonal())`, `init::dcgan()`.
template <class M>
void initialize(M& model, std::uint64_t seed, const init::Scheme& scheme, std::string_view prefix = {}) {
  detail::Refill<ScalarOf<M>> refill(seed, scheme, prefix, name_of(model), false);
  show_fields(model, refill);
}

/// The same for those that have no values yet.
template <class M>
[[gnu::cold]] void initialize_empty(M& model, std::uint64_t seed, const init::Scheme& scheme,
                                    std::string_view prefix = {}) {
  detail::Refill<ScalarOf<M>> refill(seed, scheme, prefix, name_of(model), true);
  show_fields(model, refill);
}

}  // namespace eigan::inline EIGAN_ABI::nn
