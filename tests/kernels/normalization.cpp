#include <cmath>

#include <eigan/kernels/normalization.hpp>

#include "catch.hpp"
#include "naive.hpp"

using namespace eigan;
using namespace naive;
using kernels::NormGroups;

namespace {

std::string to_string(const NormGroups& n) {
  return eigan::to_string(Shape{n.samples, n.positions, n.channels}) + " in " + std::to_string(n.groups) + " groups";
}

Index size_of(const NormGroups& n) { return n.samples * n.positions * n.channels; }

// The statistic that the element at `linear` belongs to.
std::size_t statistic_of(const NormGroups& n, Index linear) {
  const Index channel = linear % n.channels, sample = linear / n.channels / n.positions;
  return static_cast<std::size_t>(sample * n.groups + channel / (n.channels / n.groups));
}

struct Statistics {
  std::vector<double> mean, variance, mean_of_squares;
};

template <class T>
Statistics statistics(const std::vector<T>& x, const NormGroups& n) {
  const auto groups = static_cast<std::size_t>(n.statistics());
  std::vector<long double> sums(groups), squares(groups), own_squares(groups);
  const auto count = static_cast<long double>(n.count());
  for (std::size_t i = 0; i < x.size(); ++i) sums[statistic_of(n, static_cast<Index>(i))] += x[i];
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t s = statistic_of(n, static_cast<Index>(i));
    const long double centred = x[i] - sums[s] / count;
    squares[s] += centred * centred;
    own_squares[s] += static_cast<long double>(x[i]) * x[i];
  }
  Statistics result;
  for (std::size_t s = 0; s < groups; ++s) {
    result.mean.push_back(static_cast<double>(sums[s] / count));
    result.variance.push_back(static_cast<double>(squares[s] / count));
    result.mean_of_squares.push_back(static_cast<double>(own_squares[s] / count));
  }
  return result;
}

NormGroups random_groups() {
  const Index width = random_index(1, 5), groups = random_index(1, 6);
  switch (random_index(0, 3)) {
    case 0:
      return NormGroups::batch_norm(random_index(1, 40), random_index(1, 40));
    case 1:
      return NormGroups::instance_norm(random_index(1, 5), random_index(1, 20), random_index(1, 20));
    case 2:
      return NormGroups::group_norm(random_index(1, 5), random_index(1, 12), width * groups, groups);
    default:
      return NormGroups::layer_norm(random_index(1, 12), random_index(1, 150));
  }
}

const std::vector<NormGroups> large_groups{
    NormGroups::batch_norm(64 * 14 * 14, 64), NormGroups::batch_norm(70'001, 3),
    NormGroups::batch_norm(64, 5000),         NormGroups::batch_norm(100'003, 1),
    NormGroups::instance_norm(3, 10'000, 20), NormGroups::instance_norm(40, 49, 128),
    NormGroups::group_norm(5, 1000, 96, 8),   NormGroups::group_norm(2, 9, 4500, 3),
    NormGroups::group_norm(50, 1, 4500, 3),   NormGroups::layer_norm(3, 150'001),
    NormGroups::layer_norm(700, 333)};

template <class T>
void check_moments(const NormGroups& n, double mean, double deviation, double tolerance) {
  const auto x = random_numbers<T>(size_of(n), mean, deviation);
  const Statistics exact = statistics(x, n);
  std::vector<T> means(exact.mean.size(), T(-7)), variances(means), squares(means);
  kernels::moments(x.data(), n, means.data(), variances.data());
  kernels::moments<T>(x.data(), n, nullptr, squares.data());
  Index wrong = 0;
  const auto far = [&](T value, double expected, double scale) {
    return !(std::abs(static_cast<double>(value) - expected) <= tolerance * scale);
  };
  for (std::size_t s = 0; s < means.size(); ++s)
    wrong += far(means[s], exact.mean[s], std::abs(mean) + deviation) +
             far(variances[s], exact.variance[s], exact.variance[s]) +
             far(squares[s], exact.mean_of_squares[s], exact.mean_of_squares[s]);
  INFO(to_string(n));
  CHECK(wrong == 0);
}

// One normalisation with all that belongs to it, and its result by the formula.
struct Case {
  NormGroups n;
  double slope;
  bool centred, affine, of_x;
  double epsilon = 1e-5;
  std::vector<double> x, gain, shift, given_mean, given_variance;

  std::vector<double> operator()() const {
    Statistics own = statistics(x, n);
    std::vector<double> y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t s = statistic_of(n, static_cast<Index>(i)), channel = i % gain.size();
      const double mean = !centred ? 0 : of_x ? own.mean[s] : given_mean[s];
      const double variance = !of_x ? given_variance[s] : centred ? own.variance[s] : own.mean_of_squares[s];
      double v = (x[i] - mean) / std::sqrt(variance + epsilon);
      if (affine) v = v * gain[channel] + shift[channel];
      y[i] = v >= 0 ? v : slope * v;
    }
    return y;
  }
};

Case random_case(const NormGroups& n) {
  Case one{n,
           std::vector<double>{0, 0.2, 1}[static_cast<std::size_t>(random_index(0, 2))],
           random_index(0, 3) > 0,
           random_index(0, 3) > 0,
           random_index(0, 3) > 0,
           1e-5,
           {},
           {},
           {},
           {},
           {}};
  one.x = random_numbers<double>(size_of(n), 0.5, 2);
  one.gain = random_numbers<double>(n.channels);
  one.shift = random_numbers<double>(n.channels);
  one.given_mean = random_numbers<double>(n.statistics());
  one.given_variance = random_numbers<double>(n.statistics(), 2, 0.1);
  return one;
}

template <class T>
struct Result {
  std::vector<T> y, dx, d_gain, d_shift;
};

// What the kernels make of a case, computed in T.
template <class T>
Result<T> run(const Case& one, const std::vector<double>& dy_) {
  const auto cast = [](const std::vector<double>& v) { return std::vector<T>(v.begin(), v.end()); };
  const auto x = cast(one.x), gain = cast(one.gain), shift = cast(one.shift), dy = cast(dy_);
  auto mean = cast(one.given_mean), variance = cast(one.given_variance);
  if (one.of_x) kernels::moments(x.data(), one.n, one.centred ? mean.data() : nullptr, variance.data());
  std::vector<T> inverse(variance.size());
  kernels::inverse_deviation(variance.data(), one.n.statistics(), one.epsilon, inverse.data());
  Result<T> result{std::vector<T>(x.size()), std::vector<T>(x.size()), std::vector<T>(gain.size()),
                   std::vector<T>(gain.size())};
  const T slope = static_cast<T>(one.slope);
  kernels::normalize(x.data(), one.n, one.centred ? mean.data() : nullptr, inverse.data(),
                     one.affine ? gain.data() : nullptr, one.affine ? shift.data() : nullptr, slope, result.y.data());
  kernels::normalize_gradient<T>({.dy = dy.data(),
                                  .x = x.data(),
                                  .y = result.y.data(),
                                  .mean = one.centred ? mean.data() : nullptr,
                                  .inverse_deviation = inverse.data(),
                                  .gain = one.affine ? gain.data() : nullptr,
                                  .slope = slope,
                                  .statistics_of_x = one.of_x,
                                  .dx = result.dx.data(),
                                  .d_gain = result.d_gain.data(),
                                  .d_shift = result.d_shift.data()},
                                 one.n);
  return result;
}

template <class T>
double worst(const std::vector<T>& a, const std::vector<double>& b) {
  double difference = 0, scale = 1e-30;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = std::max(difference, std::abs(static_cast<double>(a[i]) - b[i]));
    if (std::isnan(a[i])) return 1e30;
    scale = std::max(scale, std::abs(b[i]));
  }
  return difference / scale;
}

}  // namespace

TEST_CASE("moments are exact for every kind of group", "[kernels][normalization]") {
  for (int round = 0; round < 100; ++round) {
    const NormGroups n = random_groups();
    check_moments<double>(n, 1, 2, 1e-13);
    check_moments<float>(n, 1, 2, 1e-6);
  }
  for (const NormGroups& n : large_groups) {
    check_moments<double>(n, 1, 2, 1e-13);
    check_moments<float>(n, 1, 2, 1e-6);
  }
}

TEST_CASE("a variance keeps its digits beside a large mean", "[kernels][normalization]") {
  for (const NormGroups& n : large_groups) check_moments<float>(n, 1e4, 1, 1e-6);
}

TEST_CASE("a channel that begins with an outlier keeps its variance", "[kernels][normalization]") {
  const NormGroups n = NormGroups::batch_norm(100'000, 4);
  auto x = random_numbers<float>(400'000, 1e4, 1);
  for (std::size_t c = 0; c < 4; ++c) x[c] = 0;
  const Statistics exact = statistics(x, n);
  std::vector<float> mean(4), variance(4);
  kernels::moments(x.data(), n, mean.data(), variance.data());
  for (std::size_t c = 0; c < 4; ++c)
    CHECK(static_cast<double>(variance[c]) == Approx(exact.variance[c]).epsilon(1e-5));
}

TEST_CASE("normalize follows its formula", "[kernels][normalization]") {
  for (int round = 0; round < 300; ++round) {
    const Case one = random_case(random_groups());
    INFO(to_string(one.n));
    const auto y = one();
    CHECK(worst(run<double>(one, one.x).y, y) < 1e-12);
  }
}

TEST_CASE("the gradients of normalize equal finite differences", "[kernels][normalization]") {
  const double step = 1e-5;
  for (int round = 0; round < 120; ++round) {
    NormGroups n = random_groups();
    while (size_of(n) > 600) n = random_groups();
    Case one = random_case(n);
    const auto dy = random_numbers<double>(size_of(n));
    const Result<double> result = run<double>(one, dy);
    const auto differences = [&](std::vector<double>& values) {
      std::vector<double> slopes;
      for (double& value : values) {
        const double before = value;
        value = before + step;
        const double above = dot(one(), dy);
        value = before - step;
        slopes.push_back((above - dot(one(), dy)) / (2 * step));
        value = before;
      }
      return slopes;
    };
    INFO(to_string(n) << ", slope " << one.slope << ", " << one.centred << one.affine << one.of_x);
    // A lone number is its own mean: its gradient is 0 but for rounding, which 1 / sqrt(epsilon) magnifies.
    if (n.count() > 2 || !one.of_x) CHECK(worst(result.dx, differences(one.x)) < 1e-5);
    if (!one.affine) continue;
    CHECK(worst(result.d_gain, differences(one.gain)) < 1e-6);
    CHECK(worst(result.d_shift, differences(one.shift)) < 1e-6);
  }
}

TEST_CASE("float gradients agree with double ones at any size", "[kernels][normalization]") {
  for (const NormGroups& n : large_groups) {
    Case one = random_case(n);
    for (double& value : one.x) value = static_cast<double>(static_cast<float>(value));
    one.slope = 1;  // a float that rounds across the kink has another gradient
    const auto dy = random_numbers<double>(size_of(n));
    const auto wide = run<double>(one, dy);
    const auto narrow = run<float>(one, dy);
    INFO(to_string(n));
    CHECK(worst(narrow.y, wide.y) < 1e-6);
    CHECK(worst(narrow.dx, wide.dx) < 1e-6);
    CHECK(worst(narrow.d_gain, wide.d_gain) < 2e-6);
    CHECK(worst(narrow.d_shift, wide.d_shift) < 2e-6);
  }
}

TEST_CASE("normalisation gives the same bits on any number of threads", "[kernels][normalization]") {
  for (const NormGroups& n : large_groups) {
    const Case one = random_case(n);
    const auto dy = random_numbers<double>(size_of(n));
    INFO(to_string(n));
    CHECK(same_on_any_threads([&] {
      Result<float> result = run<float>(one, dy);
      for (const auto* more : {&result.dx, &result.d_gain, &result.d_shift})
        result.y.insert(result.y.end(), more->begin(), more->end());
      return result.y;
    }));
  }
}

TEST_CASE("relu after a normalisation keeps NaN and has no negative zero", "[kernels][normalization]") {
  const float x[3] = {std::numeric_limits<float>::quiet_NaN(), -1, 2}, one = 1;
  float y[3];
  kernels::normalize<float>(x, NormGroups::batch_norm(3, 1), nullptr, &one, nullptr, nullptr, 0, y);
  CHECK(std::isnan(y[0]));
  CHECK(y[1] == 0);
  CHECK(!std::signbit(y[1]));
  CHECK(y[2] == 2);
}

TEST_CASE("normalising nothing is allowed", "[kernels][normalization]") {
  std::vector<float> none, four(4, 1.0F), mean(4), variance(4);
  kernels::moments(none.data(), NormGroups::layer_norm(0, 4), mean.data(), variance.data());
  kernels::normalize<float>(none.data(), NormGroups::batch_norm(0, 4), mean.data(), four.data(), nullptr, nullptr, 1,
                            none.data());
  kernels::normalize<float>(none.data(), NormGroups::layer_norm(0, 4), mean.data(), four.data(), nullptr, nullptr, 1,
                            none.data());
}
