// Rules that write their gradient over the one that it comes from, where nobody else holds it.
#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <eigan/ops/activation.hpp>
#include <eigan/ops/elementwise.hpp>
#include <eigan/ops/normalize.hpp>

#include "gradients.hpp"

using namespace eigan;
using test::random;
using test::Var;

namespace {

using Operation = std::function<Var(const Var&)>;

const Shape shape{37, 5};

std::vector<std::pair<std::string, Operation>> operations() {
  const auto normalized = [](NormGroups groups, double slope) {
    return [=](const Var& x) { return normalize<double>(x, groups, random({5}, 7), random({5}, 8), {.slope = slope}); };
  };
  return {{"relu", [](const Var& x) { return relu(x); }},
          {"leaky_relu", [](const Var& x) { return leaky_relu(x, 0.2); }},
          {"elu", [](const Var& x) { return elu(x); }},
          {"silu", [](const Var& x) { return silu(x); }},
          {"gelu", [](const Var& x) { return gelu(x); }},
          {"tanh", [](const Var& x) { return tanh(x); }},
          {"sigmoid", [](const Var& x) { return sigmoid(x); }},
          {"softplus", [](const Var& x) { return softplus(x); }},
          {"clamp", [](const Var& x) { return clamp(x, -0.5, 0.5); }},
          {"batch norm", normalized(NormGroups::batch_norm(37, 5), 1)},
          {"batch norm with a leaky relu", normalized(NormGroups::batch_norm(37, 5), 0.2)},
          {"layer norm", normalized(NormGroups::layer_norm(37, 5), 1)},
          {"layer norm with a leaky relu", normalized(NormGroups::layer_norm(37, 5), 0.2)}};
}

/// x, whose gradient is dy in memory of its own, the place of which goes to `arrived`.
Var fed(const Var& x, const Var& dy, const double*& arrived) {
  return record("fed", Tensor<double>::scalar(0), {x}, [dy, &arrived](const Backward<double>&) -> Gradients<double> {
    Var gradient(dy.value().clone());
    arrived = gradient.data();
    return {std::move(gradient)};
  });
}

}  // namespace

TEST_CASE("a gradient written over another is the same", "[ops]") {
  const Var x = random(shape, 1), dy = random(shape, 2);
  for (const auto& [name, operation] : operations()) {
    INFO(name);
    const Var apart = pullback(operation(x), dy, {x})[0];
    const double* arrived = nullptr;
    const Var over = grad(fed(operation(x), dy, arrived), x);
    CHECK(over.data() == arrived);
    CHECK(apart.data() != dy.data());
    CHECK(std::equal(over.data(), over.data() + over.size(), apart.data()));
  }
}

TEST_CASE("where paths meet, their gradients' sum is written over the first", "[ops]") {
  const Var x = random(shape, 1), dy = random(shape, 2), other = random(shape, 3);
  const double *first = nullptr, *second = nullptr;
  const Var both = grad(fed(x, dy, first) + fed(x, other, second), x);
  CHECK((both.data() == first || both.data() == second));
  for (Index i = 0; i < both.size(); ++i) CHECK(both.data()[i] == dy.data()[i] + other.data()[i]);
}
