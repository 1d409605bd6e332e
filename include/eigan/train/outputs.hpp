#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../nn/any_layer.hpp"
#include "../nn/fields.hpp"
#include "../nn/pass.hpp"
#include "../ops/gather.hpp"
#include "../ops/rows.hpp"

namespace eigan::inline EIGAN_ABI::train {

namespace detail {

/// model.forward(x, pass) as it is: a Variable, or a struct of heads and features.
template <class Model>
auto forward(const Model& model, const Variable<nn::ScalarOf<Model>>& x, const nn::Pass<nn::ScalarOf<Model>>& pass) {
  if constexpr (nn::LayerFor<Model, nn::ScalarOf<Model>>)
    return nn::detail::forward(model, x, pass);
  else
    return model.forward(x, pass);
}

}  // namespace detail

/// What a network returns for a batch. A struct has the discriminator's `logits` [N, 1] as a member; if it also has
/// `map(f)`, the struct with f applied to each Variable in it, two batches can pass as one.
template <class Model>
using OutputOf =
    decltype(detail::forward(std::declval<const Model&>(), std::declval<const Variable<nn::ScalarOf<Model>>&>(),
                             std::declval<const nn::Pass<nn::ScalarOf<Model>>&>()));

namespace detail {

template <class Output>
inline constexpr bool is_mappable = nn::detail::is_variable<Output> || requires(const Output& output) {
  output.map([](const auto& part) { return part; });
};

/// f of each Variable in the output.
template <class Output, class F>
Output map_output(const Output& output, const F& f) {
  if constexpr (nn::detail::is_variable<Output>)
    return f(output);
  else
    return output.map(f);
}

/// The discriminator's verdicts in what it returned.
template <class Output>
const auto& logits_of(const Output& output) {
  if constexpr (nn::detail::is_variable<Output>) {
    return output;
  } else {
    static_assert(
        requires { output.logits; }, "eigan: a struct that a discriminator returns has a member `logits`");
    return output.logits;
  }
}

/// The positions of the `count` largest of the values [N, 1], in their order; of equal ones the first.
template <std::floating_point S>
[[gnu::cold]] ops::Positions positions_of_largest(const Variable<S>& values, Index count) {
  std::vector<S> sorted(values.data(), values.data() + values.size());
  std::nth_element(sorted.begin(), sorted.begin() + (count - 1), sorted.end(), std::greater<>());
  const S least = sorted[static_cast<std::size_t>(count - 1)];
  Index ties = count - std::count_if(values.data(), values.data() + values.size(), [&](S v) { return v > least; });
  ops::Positions positions(Shape{count});
  std::int64_t* to = positions.mutable_data();
  for (Index i = 0; i < values.size(); ++i)
    if (const S value = values.data()[i]; value > least || (value == least && ties-- > 0)) *to++ = i;
  return positions;
}

}  // namespace detail

}  // namespace eigan::inline EIGAN_ABI::train
