// The elementary functions against the standard library in double: every magnitude, both signs, and the special values.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <eigan/kernels/map.hpp>

#include "catch.hpp"
#include "support.hpp"

namespace {

namespace op = eigan::kernels::op;

constexpr float infinity = std::numeric_limits<float>::infinity();
const float not_a_number = std::numeric_limits<float>::quiet_NaN();

/// Each float whose bits are a multiple of some step, from -infinity to infinity, and a fine grid around 0.
const std::vector<float>& all_magnitudes() {
  static const std::vector<float> values = [] {
    std::vector<float> list;
    for (std::uint32_t bits = 0; bits < 0x7f800000; bits += 4099)
      for (const std::uint32_t sign : {0u, 0x80000000u}) list.push_back(std::bit_cast<float>(bits | sign));
    for (int i = -200000; i <= 200000; ++i) list.push_back(static_cast<float>(i) * 1.1e-4f);
    return list;
  }();
  return values;
}

template <class T>
bool is_nan(T value) {
  return !(value <= 0) && !(value >= 0);
}

/// |computed - exact| in units of the last place of `exact`, where what lies below the smallest normal may be flushed.
double ulps(float computed, double exact) {
  if (is_nan(exact)) return is_nan(computed) ? 0 : 1e9;
  if (std::isinf(static_cast<float>(exact))) return std::isinf(computed) && (computed > 0) == (exact > 0) ? 0 : 1e9;
  const double off = std::abs(static_cast<double>(computed) - exact);
  if (off <= 0x1p-126) return 0;
  return off / std::ldexp(1.0, std::ilogb(exact) - 23);
}

struct Worst {
  double ulps = 0;
  float at = 0;
};

template <class Op, class Reference>
Worst worst(const Op& op, const Reference& reference, double low = -infinity, double high = infinity) {
  const std::vector<float>& x = all_magnitudes();
  std::vector<float> y(x.size());
  eigan::kernels::map(op, static_cast<Index>(x.size()), y.data(), x.data());
  Worst result;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact_x = std::abs(x[i]) < 0x1p-126f ? 0.0 : static_cast<double>(x[i]);  // as denormals are read
    if (exact_x < low || exact_x > high) continue;
    const double off = ulps(y[i], reference(exact_x));
    if (off > result.ulps) result = {off, x[i]};
  }
  return result;
}

/// Checks on each instruction set that `op` is within `bound` ulps of `reference` for all x from `low` to `high`.
#define CHECK_WITHIN(bound, op, ...)                                  \
  on_every_instruction_set([&] {                                      \
    const Worst found = worst(op, __VA_ARGS__);                       \
    INFO(#op << " at x = " << found.at << " on instruction set "      \
             << static_cast<int>(eigan::kernels::instruction_set())); \
    CHECK(found.ulps <= bound);                                       \
  })

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }
double normal_cdf(double x) { return 0.5 * std::erfc(-x * std::sqrt(0.5)); }

template <class Op>
float at(const Op& op, float x) {
  float y = 0;
  eigan::kernels::map(op, 1, &y, &x);
  return y;
}

bool is_negative_zero(float x) { return std::bit_cast<std::uint32_t>(x) == 0x80000000u; }

}  // namespace

TEST_CASE("exp, log and what is made of them are right to a few ulps", "[kernels][math]") {
  CHECK_WITHIN(1.1, op::Exp{}, [](double x) { return std::exp(x); });
  CHECK_WITHIN(1.0, op::Log{}, [](double x) { return std::log(x); });
  CHECK_WITHIN(2.5, op::Tanh{}, [](double x) { return std::tanh(x); });
  CHECK_WITHIN(2.5, op::Sigmoid{}, sigmoid, -87);
  CHECK_WITHIN(1.7, op::Softplus{}, softplus);
  CHECK_WITHIN(1.2, op::Elu<float>{1.0f}, [](double x) { return x > 0 ? x : std::expm1(x); });
  CHECK_WITHIN(1.1, op::Erf{}, [](double x) { return std::erf(x); });
  CHECK_WITHIN(
      3.0, op::Silu{}, [](double x) { return x * sigmoid(x); }, -80, 3e38);
}

TEST_CASE("sin and cos are right for all angles", "[kernels][math]") {
  CHECK_WITHIN(2.5, op::Sin{}, [](double x) { return std::sin(x); });
  CHECK_WITHIN(2.5, op::Cos{}, [](double x) { return std::cos(x); });
}

TEST_CASE("sqrt, reciprocals and powers are right to an ulp for each step", "[kernels][math]") {
  CHECK_WITHIN(0.5, op::Sqrt{}, [](double x) { return std::sqrt(x); });
  CHECK_WITHIN(
      0.5, op::Reciprocal{}, [](double x) { return 1 / x; }, 0x1p-126);
  CHECK_WITHIN(
      1.5, op::ReciprocalSqrt{}, [](double x) { return 1 / std::sqrt(x); }, 0x1p-126);
  CHECK_WITHIN(
      1.5, op::HalfPower<3>{}, [](double x) { return x * std::sqrt(x); }, 0);
  CHECK_WITHIN(
      3.5, op::HalfPower<-5>{}, [](double x) { return 1 / (x * x * std::sqrt(x)); }, 1e-15, 1e15);
  CHECK_WITHIN(1.5, op::HalfPower<6>{}, [](double x) { return x * x * x; });
  CHECK_WITHIN(
      1.0, op::Power<float>{2.3f}, [](double x) { return std::pow(x, static_cast<double>(2.3f)); }, 0x1p-126);
  CHECK_WITHIN(
      1.0, op::Power<float>{-3.0f}, [](double x) { return std::pow(x, -3.0); }, 0x1p-126);
}

TEST_CASE("gelu is right to a few ulps above 0, and below relative to its largest magnitude", "[kernels][math]") {
  CHECK_WITHIN(
      4.5, op::Gelu{}, [](double x) { return x * normal_cdf(x); }, 0, 3e38);
  on_every_instruction_set([] {
    double worst = 0;
    for (int i = 0; i <= 20000; ++i) {
      const float x = static_cast<float>(i) * -1e-3f;
      const double exact = static_cast<double>(x) * normal_cdf(static_cast<double>(x));
      worst = std::max(worst, std::abs(static_cast<double>(at(op::Gelu{}, x)) - exact));
    }
    CHECK(worst < 5e-8);
  });
}

TEST_CASE("infinities and zeros give what the limits are", "[kernels][math]") {
  on_every_instruction_set([] {
    CHECK(at(op::Exp{}, infinity) == infinity);
    CHECK(at(op::Exp{}, -infinity) == 0);
    CHECK(at(op::Exp{}, 0.0f) == 1);
    CHECK(at(op::Exp{}, 89.0f) == infinity);
    CHECK(at(op::Exp{}, 88.7f) < infinity);
    CHECK(at(op::Exp{}, -104.0f) == 0);
    CHECK(at(op::Log{}, infinity) == infinity);
    CHECK(at(op::Log{}, 0.0f) == -infinity);
    CHECK(at(op::Log{}, -0.0f) == -infinity);
    CHECK(at(op::Log{}, 1.0f) == 0);
    CHECK(is_nan(at(op::Log{}, -1.0f)));
    CHECK(is_nan(at(op::Log{}, -infinity)));
    CHECK(at(op::Tanh{}, infinity) == 1);
    CHECK(at(op::Tanh{}, -infinity) == -1);
    CHECK(at(op::Sigmoid{}, infinity) == 1);
    CHECK(at(op::Sigmoid{}, -infinity) == 0);
    CHECK(at(op::Sigmoid{}, 0.0f) == 0.5f);
    CHECK(at(op::Softplus{}, infinity) == infinity);
    CHECK(at(op::Softplus{}, -infinity) == 0);
    CHECK(at(op::Erf{}, infinity) == 1);
    CHECK(at(op::Erf{}, -infinity) == -1);
    CHECK(at(op::Elu<float>{1.0f}, -infinity) == -1);
    CHECK(at(op::Elu<float>{1.0f}, infinity) == infinity);
    CHECK(at(op::Gelu{}, infinity) == infinity);
    CHECK(at(op::Gelu{}, -1e30f) == 0);
    CHECK(at(op::Relu{}, -infinity) == 0);
    CHECK(is_nan(at(op::Sin{}, infinity)));
    CHECK(is_nan(at(op::Cos{}, -infinity)));
    CHECK(is_nan(at(op::Sqrt{}, -1.0f)));
    CHECK(at(op::Reciprocal{}, 0.0f) == infinity);
    CHECK(at(op::Power<float>{-3.0f}, -0.0f) == -infinity);
    CHECK(is_negative_zero(at(op::Sin{}, -0.0f)));
    CHECK(is_negative_zero(at(op::Tanh{}, -0.0f)));
    CHECK(is_negative_zero(at(op::Erf{}, -0.0f)));
    CHECK(is_negative_zero(at(op::Sqrt{}, -0.0f)));
    CHECK(is_negative_zero(at(op::Elu<float>{1.0f}, -0.0f)));
    CHECK(at(op::Cos{}, -0.0f) == 1);
  });
}

TEST_CASE("NaN passes through every function", "[kernels][math]") {
  const auto passes = [](auto op) { return is_nan(at(op, not_a_number)) && is_nan(at(op, -not_a_number)); };
  on_every_instruction_set([&] {
    CHECK(passes(op::Affine<float>{2.0f, 1.0f}));
    CHECK(passes(op::Exp{}));
    CHECK(passes(op::Log{}));
    CHECK(passes(op::Sqrt{}));
    CHECK(passes(op::Tanh{}));
    CHECK(passes(op::Sigmoid{}));
    CHECK(passes(op::Softplus{}));
    CHECK(passes(op::Sin{}));
    CHECK(passes(op::Cos{}));
    CHECK(passes(op::Erf{}));
    CHECK(passes(op::Abs{}));
    CHECK(passes(op::Sign{}));
    CHECK(passes(op::Relu{}));
    CHECK(passes(op::LeakyRelu<float>{0.2f}));
    CHECK(passes(op::Elu<float>{1.0f}));
    CHECK(passes(op::Gelu{}));
    CHECK(passes(op::Silu{}));
    CHECK(passes(op::Clamp<float>{-1.0f, 1.0f}));
    CHECK(passes(op::Power<float>{2.5f}));
    CHECK(passes(op::HalfPower<-3>{}));
  });
}

TEST_CASE("an element's bits do not depend on where it stands or on its neighbours", "[kernels][math]") {
  const auto is_steady = [](auto op) {
    std::vector<float> x(67), y(67);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * i) * 37.5f - 1000.0f;
    for (Index first = 0; first < 67; ++first)
      for (const Index count : {Index{1}, Index{5}, Index{16}, 67 - first}) {
        if (first + count > 67) continue;
        eigan::kernels::map(op, count, y.data(), x.data() + first);
        for (Index i = 0; i < count; ++i) {
          const float alone = at(op, x[static_cast<std::size_t>(first + i)]);
          if (std::bit_cast<std::uint32_t>(y[static_cast<std::size_t>(i)]) != std::bit_cast<std::uint32_t>(alone))
            return false;
        }
      }
    return true;
  };
  on_every_instruction_set([&] {
    CHECK(is_steady(op::Exp{}));
    CHECK(is_steady(op::Sin{}));
    CHECK(is_steady(op::Cos{}));
    CHECK(is_steady(op::Tanh{}));
    CHECK(is_steady(op::Softplus{}));
    CHECK(is_steady(op::Power<float>{1.7f}));
  });
}

TEST_CASE("doubles are as good as the standard library", "[kernels][math]") {
  const auto agrees = [](auto op, auto reference) {
    for (double x = -30; x < 30; x += 0.0137) {
      double y = 0;
      eigan::kernels::map(op, 1, &y, &x);
      const double exact = reference(x);
      if (is_nan(exact) ? !is_nan(y) : std::abs(y - exact) > 4e-16 * std::abs(exact)) return false;
    }
    return true;
  };
  on_every_instruction_set([&] {
    CHECK(agrees(op::Exp{}, [](double x) { return std::exp(x); }));
    CHECK(agrees(op::Log{}, [](double x) { return std::log(x); }));
    CHECK(agrees(op::Sqrt{}, [](double x) { return std::sqrt(x); }));
    CHECK(agrees(op::Tanh{}, [](double x) { return std::tanh(x); }));
    CHECK(agrees(op::Sigmoid{}, sigmoid));
    CHECK(agrees(op::Softplus{}, softplus));
    CHECK(agrees(op::Sin{}, [](double x) { return std::sin(x); }));
    CHECK(agrees(op::Cos{}, [](double x) { return std::cos(x); }));
    CHECK(agrees(op::Erf{}, [](double x) { return std::erf(x); }));
    CHECK(agrees(op::Gelu{}, [](double x) { return x * normal_cdf(x); }));
    CHECK(agrees(op::Power<double>{3.0}, [](double x) { return std::pow(x, 3.0); }));
  });
}
