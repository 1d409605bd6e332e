#include <eigan/ops/criterion.hpp>
#include <eigan/ops/max_along.hpp>

#include "gradients.hpp"

using namespace eigan;
using test::check_derivatives;
using test::random;
using test::Var;
using Inputs = std::vector<Var>;

TEST_CASE("softmax and its relatives differentiate as finite differences do", "[ops]") {
  const Inputs in = {random({2, 3, 4})};
  check_derivatives(
      "max_along", [](const Inputs& v) { return square(max_along(v[0], 1)); }, in);
  check_derivatives(
      "logsumexp", [](const Inputs& v) { return logsumexp(v[0]); }, in);
  check_derivatives(
      "softmax", [](const Inputs& v) { return softmax(v[0]); }, in);
  check_derivatives(
      "log_softmax", [](const Inputs& v) { return log_softmax(v[0]); }, in);
}

TEST_CASE("criteria differentiate as finite differences do", "[ops]") {
  const Labels labels = Labels::from({2, 0, 1});
  check_derivatives("cross_entropy", [&](const Inputs& v) { return cross_entropy(v[0], labels); }, {random({3, 4})});
  check_derivatives("binary_cross_entropy",
                    [](const Inputs& v) { return binary_cross_entropy_with_logits(v[0], sigmoid(v[1])); },
                    {random({3, 2}), random({3, 2}, 2)});
  check_derivatives("attention", [](const Inputs& v) { return attention(v[0], v[1], v[2]); },
                    {random({2, 2, 3}), random({2, 3, 3}, 2), random({2, 3, 2}, 3)});
}

TEST_CASE("softmax and its relatives do not overflow", "[ops]") {
  const Var x(Tensor<double>::from({1000.0, 0.0, -1000.0}));
  CHECK(logsumexp(x).item() == 1000);
  CHECK(softmax(x).data()[0] == 1);
  CHECK(log_softmax(x).data()[2] == -2000);
  CHECK(binary_cross_entropy_with_logits(x, Var(Tensor<double>::scalar(0.0))).item() ==
        Approx((1000 + std::log(2.0)) / 3));
}

TEST_CASE("cross entropy refuses labels that are no class", "[ops]") {
  CHECK_THROWS_WITH(cross_entropy(random({2, 3}), Labels::from({0, 3})), Catch::Contains("[0, 3)"));
  CHECK_THROWS_WITH(cross_entropy(random({2, 3}), Labels::from({0})), Catch::Contains("labels [N]"));
}
