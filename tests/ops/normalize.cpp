#include <eigan/ops/normalize.hpp>

#include "gradients.hpp"

using namespace eigan;
using test::check_derivatives;
using test::random;
using test::Var;
using Inputs = std::vector<Var>;

TEST_CASE("normalisation differentiates as finite differences do, in all its forms", "[ops]") {
  struct Form {
    const char* name;
    NormGroups n;
    bool centred;
  };
  const std::vector<Form> forms = {{"batch", NormGroups::batch_norm(6, 4), true},
                                   {"instance", NormGroups::instance_norm(2, 3, 4), true},
                                   {"group", NormGroups::group_norm(2, 3, 4, 2), true},
                                   {"layer", NormGroups::layer_norm(6, 4), true},
                                   {"rms", NormGroups::layer_norm(6, 4), false}};
  const Inputs in = {random({2, 3, 4}, 8), random({4}, 2), random({4}, 3)};
  for (const Form& form : forms)
    for (const double slope : {1.0, 0.2}) {
      const std::string name = std::string(form.name) + " norm, slope " + std::to_string(slope);
      const NormalizeOptions options{.centred = form.centred, .slope = slope};
      check_derivatives(
          name, [&](const Inputs& v) { return normalize(v[0], form.n, v[1], v[2], options); }, in);
      check_derivatives(name, [&](const Inputs& v) { return normalize(v[0], form.n, v[1], {}, options); },
                        {in[0], in[1]});
      check_derivatives(name, [&](const Inputs& v) { return normalize(v[0], form.n, {}, v[1], options); },
                        {in[0], in[2]});
      check_derivatives(name, [&](const Inputs& v) { return normalize(v[0], form.n, {}, {}, options); }, {in[0]});
    }
}

TEST_CASE("normalisation by given statistics differentiates as finite differences do", "[ops]") {
  const Inputs in = {random({2, 3, 4}, 8), random({4}, 2), random({4}, 3)};
  const Moments<double> given{random({4}, 5).value(), random({4}, 6, 3, 0.2).value()};
  check_derivatives(
      "given",
      [&](const Inputs& v) {
        return normalize_with(v[0], NormGroups::batch_norm(6, 4), v[1], v[2], given, {.slope = 0.1});
      },
      in);
}

TEST_CASE("the fast gradient of normalisation equals that of its composite", "[ops]") {
  const Var x = random({5, 7, 6}), gain = random({6}, 2), shift = random({6}, 3), weight = random({5, 7, 6}, 4);
  const auto y = sum(weight * normalize(x, NormGroups::batch_norm(35, 6), gain, shift, {.slope = 0.2}));
  const auto fast = grad(y, {x, gain, shift});
  const auto composite = grad(y, {x, gain, shift}, {.create_graph = true});
  for (std::size_t k = 0; k < 3; ++k)
    for (Index i = 0; i < fast[k].size(); ++i)
      CHECK(fast[k].data()[i] == Approx(composite[k].data()[i]).epsilon(1e-10).margin(1e-12));
}

TEST_CASE("normalisation says what it measured", "[ops]") {
  const Var x = random({4, 2});
  Moments<double> moments;
  (void)normalize(x, NormGroups::batch_norm(4, 2), {}, {}, {}, &moments);
  const Var expected_mean = mean(x, 0), expected_variance = variance(x, 0);
  for (Index c = 0; c < 2; ++c) {
    CHECK(moments.mean.data()[c] == Approx(expected_mean.data()[c]));
    CHECK(moments.variance.data()[c] == Approx(expected_variance.data()[c]));
  }
}

TEST_CASE("normalisation refuses extents that do not fit", "[ops]") {
  CHECK_THROWS_WITH(normalize(random({4, 3}), NormGroups::batch_norm(4, 2), {}, {}), Catch::Contains("2 channels"));
  CHECK_THROWS_WITH(normalize(random({4, 2}), NormGroups::batch_norm(4, 2), random({3}), {}), Catch::Contains("gain"));
}
