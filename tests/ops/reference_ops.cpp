// Reductions, criteria and attention against PyTorch's: value, first and second order.
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>

#include <eigan/ops/arithmetic.hpp>
#include <eigan/ops/criterion.hpp>
#include <eigan/ops/elementwise.hpp>
#include <eigan/ops/reduce.hpp>
#include <eigan/ops/reshape.hpp>
#include <eigan/ops/softmax.hpp>

#include "catch.hpp"
#include "reference/reference.hpp"

using namespace eigan;
using reference::Reference;

namespace {

/// Holds f(x) against the case. Reductions keep their axes here and drop them there.
template <class S>
void check(const Reference& file, const std::string& name, auto&& f) {
  const auto x = reference::input<S>(file, name);
  const Shape expected = file.tensor<S>(name + ".y").shape();
  reference::check_case<S>(file, name, {x}, reshape(f(x.variable), expected));
}

}  // namespace

TEMPLATE_TEST_CASE("reductions equal PyTorch's", "[ops][reference]", float, double) {
  using S = TestType;
  using V = Variable<S>;
  const Reference file("layers.safetensors");
  check<S>(file, "mean", [](const V& x) { return mean(x, {1, 2}); });
  check<S>(file, "variance", [](const V& x) { return variance(x, -1); });
  check<S>(file, "variance_unbiased", [](const V& x) { return variance(x, {0, 1}) * (6.0 / 5.0); });
  check<S>(file, "logsumexp", [](const V& x) { return logsumexp(x); });
  check<S>(file, "l2_norm", [](const V& x) { return l2_norm(x, -1); });
  check<S>(file, "norm_per_sample", [](const V& x) { return norm_per_sample(x); });
}

TEMPLATE_TEST_CASE("log-softmax and the tanh form of GELU equal PyTorch's", "[ops][reference]", float, double) {
  using S = TestType;
  using V = Variable<S>;
  const Reference file("layers.safetensors");
  check<S>(file, "log_softmax", [](const V& x) { return log_softmax(x); });
  check<S>(file, "gelu_tanh", [](const V& x) {
    return 0.5 * x * (1 + tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * pow(x, 3))));
  });
}

TEMPLATE_TEST_CASE("cross entropies equal PyTorch's", "[ops][reference]", float, double) {
  using S = TestType;
  using V = Variable<S>;
  const Reference file("layers.safetensors");
  const Labels labels = file.tensor<std::int32_t>("cross_entropy.labels");
  check<S>(file, "cross_entropy", [&](const V& x) { return cross_entropy(x, labels); });
  const V target(file.tensor<S>("bce_with_logits.target"));
  check<S>(file, "bce_with_logits", [&](const V& x) { return binary_cross_entropy_with_logits(x, target); });
}

TEMPLATE_TEST_CASE("attention equals PyTorch's", "[ops][reference]", float, double) {
  using S = TestType;
  const Reference file("layers.safetensors");
  const auto q = reference::input<S>(file, "attention"), k = reference::input<S>(file, "attention", "x2"),
             v = reference::input<S>(file, "attention", "x3");
  reference::check_case<S>(file, "attention", {q, k, v}, attention(q.variable, k.variable, v.variable));
}
