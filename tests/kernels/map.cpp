// Elementwise passes against plain loops: every operation, every size of tail, in place, at several thread counts.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include <eigan/kernels/bytes.hpp>
#include <eigan/kernels/map.hpp>

#include "catch.hpp"
#include "support.hpp"

namespace {

namespace op = eigan::kernels::op;
using eigan::kernels::map;

constexpr double infinity = std::numeric_limits<double>::infinity();
const double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Equal, or off by the rounding of a few steps on numbers of order one.
template <class T>
bool is_close(T computed, double exact) {
  if (std::isnan(exact)) return std::isnan(computed);
  if (std::isinf(exact)) return static_cast<double>(computed) == exact;
  const double unit = static_cast<double>(std::numeric_limits<T>::epsilon());
  return std::abs(static_cast<double>(computed) - exact) <= 8 * unit * std::max(1.0, std::abs(exact));
}

/// Random numbers from -3 to 3, with ties, zeros and exact halves among them.
template <class T>
std::vector<T> operand(Index size, unsigned seed) {
  Numbers numbers(seed);
  std::vector<T> values = numbers.values<T>(size);
  for (T& value : values) value = numbers.between(0, 3) == 0 ? std::round(value * 4) / 2 : value * 3;
  return values;
}

/// Whether map(op) gives reference(double...) everywhere, for sizes with and without a tail.
template <class T, class Op, class Reference>
bool agrees(const Op& op, const Reference& reference) {
  for (const Index size : {Index{0}, Index{1}, Index{7}, Index{16}, Index{33}, Index{40009}}) {
    const auto a = operand<T>(size, 1), b = operand<T>(size, 2), c = operand<T>(size, 3);
    std::vector<T> out(static_cast<std::size_t>(size) + 1, T(-77));
    constexpr int arity = std::is_invocable_v<Reference, double>           ? 1
                          : std::is_invocable_v<Reference, double, double> ? 2
                                                                           : 3;
    if constexpr (arity == 1) map(op, size, out.data(), a.data());
    if constexpr (arity == 2) map(op, size, out.data(), a.data(), b.data());
    if constexpr (arity == 3) map(op, size, out.data(), a.data(), b.data(), c.data());
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double x = static_cast<double>(a[i]), y = static_cast<double>(b[i]), z = static_cast<double>(c[i]);
      double exact = 0;
      if constexpr (arity == 1) exact = reference(x);
      if constexpr (arity == 2) exact = reference(x, y);
      if constexpr (arity == 3) exact = reference(x, y, z);
      if (!is_close(out[i], exact)) return false;
    }
    if (out.back() != T(-77)) return false;  // nothing beyond the end is written
  }
  return true;
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double phi(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1.0)); }
double normal_cdf(double x) { return 0.5 * std::erfc(-x * std::sqrt(0.5)); }

template <class Op, class... X>
double at(const Op& op, X... x) {
  const double in[] = {static_cast<double>(x)...};
  double y = 0;
  if constexpr (sizeof...(X) == 1) map(op, 1, &y, in);
  if constexpr (sizeof...(X) == 2) map(op, 1, &y, in, in + 1);
  if constexpr (sizeof...(X) == 3) map(op, 1, &y, in, in + 1, in + 2);
  return y;
}

}  // namespace

TEMPLATE_TEST_CASE("operations on one input", "[kernels][map]", float, double) {
  using T = TestType;
  on_every_instruction_set([] {
    CHECK(agrees<T>(op::Copy{}, [](double x) { return x; }));
    CHECK(agrees<T>(op::Affine<T>{T(2.5), T(-1)}, [](double x) { return 2.5 * x - 1; }));
    CHECK(agrees<T>(op::Exp{}, [](double x) { return std::exp(x); }));
    CHECK(agrees<T>(op::Log{}, [](double x) { return std::log(x); }));
    CHECK(agrees<T>(op::Sqrt{}, [](double x) { return std::sqrt(x); }));
    CHECK(agrees<T>(op::Tanh{}, [](double x) { return std::tanh(x); }));
    CHECK(agrees<T>(op::Sigmoid{}, sigmoid));
    CHECK(agrees<T>(op::Softplus{}, [](double x) { return std::log1p(std::exp(x)); }));
    CHECK(agrees<T>(op::Sin{}, [](double x) { return std::sin(x); }));
    CHECK(agrees<T>(op::Cos{}, [](double x) { return std::cos(x); }));
    CHECK(agrees<T>(op::Erf{}, [](double x) { return std::erf(x); }));
    CHECK(agrees<T>(op::Abs{}, [](double x) { return std::abs(x); }));
    CHECK(agrees<T>(op::Sign{}, [](double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; }));
    CHECK(agrees<T>(op::Square{}, [](double x) { return x * x; }));
    CHECK(agrees<T>(op::Reciprocal{}, [](double x) { return 1 / x; }));
    CHECK(agrees<T>(op::ReciprocalSqrt{}, [](double x) { return 1 / std::sqrt(x); }));
    CHECK(agrees<T>(op::Power<T>{T(3)}, [](double x) { return std::pow(x, 3); }));
    CHECK(agrees<T>(op::Relu{}, [](double x) { return x > 0 ? x : 0; }));
    CHECK(agrees<T>(op::Gelu{}, [](double x) { return x * normal_cdf(x); }));
    CHECK(agrees<T>(op::Silu{}, [](double x) { return x * sigmoid(x); }));
    CHECK(agrees<T>(op::LeakyRelu<T>{T(0.25)}, [](double x) { return x > 0 ? x : 0.25 * x; }));
    CHECK(agrees<T>(op::Elu<T>{T(1.5)}, [](double x) { return x > 0 ? x : 1.5 * std::expm1(x); }));
    CHECK(agrees<T>(op::Clamp<T>{T(-1), T(0.5)}, [](double x) { return std::clamp(x, -1.0, 0.5); }));
  });
}

TEMPLATE_TEST_CASE("operations on two and three inputs", "[kernels][map]", float, double) {
  using T = TestType;
  on_every_instruction_set([] {
    CHECK(agrees<T>(op::Add{}, [](double a, double b) { return a + b; }));
    CHECK(agrees<T>(op::Subtract{}, [](double a, double b) { return a - b; }));
    CHECK(agrees<T>(op::Multiply{}, [](double a, double b) { return a * b; }));
    CHECK(agrees<T>(op::Divide{}, [](double a, double b) { return a / b; }));
    CHECK(agrees<T>(op::Maximum{}, [](double a, double b) { return std::max(a, b); }));
    CHECK(agrees<T>(op::Minimum{}, [](double a, double b) { return std::min(a, b); }));
    CHECK(agrees<T>(op::Greater{}, [](double a, double b) { return a > b ? 1.0 : 0.0; }));
    CHECK(agrees<T>(op::GreaterEqual{}, [](double a, double b) { return a >= b ? 1.0 : 0.0; }));
    CHECK(agrees<T>(op::Equal{}, [](double a, double b) { return a == b ? 1.0 : 0.0; }));
    CHECK(agrees<T>(op::AddScaled<T>{T(0.5)}, [](double a, double b) { return a + 0.5 * b; }));
    CHECK(agrees<T>(op::Where{}, [](double mask, double a, double b) { return mask != 0 ? a : b; }));
    CHECK(agrees<T>(op::MultiplyAdd{}, [](double a, double b, double c) { return a * b + c; }));
    const op::Then<op::Add, op::LeakyRelu<T>> add_then_relu{{}, {T(0.5)}};
    CHECK(agrees<T>(add_then_relu, [](double a, double b) { return a + b > 0 ? a + b : (a + b) / 2; }));
  });
}

TEMPLATE_TEST_CASE("gradients of activations", "[kernels][map]", float, double) {
  using T = TestType;
  on_every_instruction_set([] {
    CHECK(agrees<T>(op::ReluBackward{}, [](double dy, double y) { return y > 0 ? dy : 0; }));
    CHECK(agrees<T>(op::LeakyReluBackward<T>{T(0.25)}, [](double dy, double y) { return y > 0 ? dy : 0.25 * dy; }));
    CHECK(agrees<T>(op::TanhBackward{}, [](double dy, double y) { return dy * (1 - y * y); }));
    CHECK(agrees<T>(op::SigmoidBackward{}, [](double dy, double y) { return dy * y * (1 - y); }));
    CHECK(agrees<T>(op::SoftplusBackward{}, [](double dy, double x) { return dy * sigmoid(x); }));
    CHECK(agrees<T>(op::EluBackward<T>{T(1.5)}, [](double dy, double y) { return y > 0 ? dy : dy * (y + 1.5); }));
    CHECK(agrees<T>(op::GeluBackward{}, [](double dy, double x) { return dy * (normal_cdf(x) + x * phi(x)); }));
    CHECK(agrees<T>(op::SiluBackward{},
                    [](double dy, double x) { return dy * sigmoid(x) * (1 + x * (1 - sigmoid(x))); }));
    CHECK(agrees<T>(op::ClampBackward<T>{T(-1), T(0.5)},
                    [](double dy, double x) { return x >= -1 && x <= 0.5 ? dy : 0; }));
  });
}

TEST_CASE("kinks, NaN and infinities follow PyTorch's conventions", "[kernels][map]") {
  CHECK(at(op::ReluBackward{}, 1, 0) == 0);
  CHECK(at(op::LeakyReluBackward<double>{0.25}, 1, 0) == 0.25);
  CHECK(at(op::Sign{}, 0) == 0);
  CHECK(at(op::ClampBackward<double>{-1, 1}, 5, 1) == 5);
  CHECK(at(op::ReluBackward{}, infinity, 0) == 0);
  CHECK(std::isnan(at(op::Relu{}, not_a_number)));
  CHECK(std::isnan(at(op::Maximum{}, not_a_number, 1)));
  CHECK(std::isnan(at(op::Maximum{}, 1, not_a_number)));
  CHECK(std::isnan(at(op::Minimum{}, not_a_number, -infinity)));
  CHECK(std::isnan(at(op::Minimum{}, -infinity, not_a_number)));
  CHECK(std::isnan(at(op::Clamp<double>{-1, 1}, not_a_number)));
  CHECK(at(op::Greater{}, not_a_number, 0) == 0);
  CHECK(at(op::Where{}, 0, not_a_number, 2) == 2);
  CHECK(at(op::Where{}, not_a_number, 1, 2) == 1);
}

TEST_CASE("powers that have an exact way take it", "[kernels][map]") {
  const double x = 1.7;
  const auto power = [](double base, double exponent) {
    double y = 0;
    eigan::kernels::power(1, &y, &base, exponent);
    return y;
  };
  CHECK(power(x, 2) == x * x);
  CHECK(power(x, 0.5) == std::sqrt(x));
  CHECK(power(x, -0.5) == 1 / std::sqrt(x));
  CHECK(power(x, -1) == 1 / x);
  CHECK(power(x, 1) == x);
  CHECK(power(not_a_number, 0) == 1);
  CHECK(power(-2, 3) == -8);
  for (const double exponent : {-3.0, -2.5, -2.0, -1.5, -0.7, 1.5, 2.5, 3.0, 3.5, 4.0})
    CHECK(std::abs(power(x, exponent) / std::pow(x, exponent) - 1) < 1e-15);
}

TEST_CASE("a pass in place, and its bits at any number of threads", "[kernels][map]") {
  const Index size = 200003;
  const auto a = operand<float>(size, 4), b = operand<float>(size, 5);
  on_every_instruction_set([&] {
    std::vector<float> apart(a.size()), first = a, second = b;
    map(op::Divide{}, size, apart.data(), a.data(), b.data());
    map(op::Divide{}, size, first.data(), first.data(), b.data());
    map(op::Divide{}, size, second.data(), a.data(), second.data());
    const auto same_bits = [](float x, float y) {
      return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
    };
    CHECK(std::equal(apart.begin(), apart.end(), first.begin(), same_bits));
    CHECK(std::equal(apart.begin(), apart.end(), second.begin(), same_bits));
    CHECK(!same_at_any_thread_count([&] {
             std::vector<float> y(a.size());
             map(op::Tanh{}, size, y.data(), a.data());
             return y;
           }).empty());
  });
}

TEMPLATE_TEST_CASE("bytes become numbers and numbers bytes", "[kernels][map]", float, double) {
  using T = TestType;
  on_every_instruction_set([] {
    for (const Index size : {Index{0}, Index{1}, Index{17}, Index{256}, Index{50001}}) {
      std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size)), back(bytes.size());
      for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
      std::vector<T> values(bytes.size());
      eigan::kernels::from_bytes(bytes.data(), values.data(), size, T(2) / 255, T(-1));
      bool is_right = true;
      for (std::size_t i = 0; i < bytes.size(); ++i)
        is_right = is_right && is_close(values[i], bytes[i] * 2.0 / 255 - 1);
      CHECK(is_right);
      eigan::kernels::to_bytes(values.data(), back.data(), size, T(127.5), T(127.5));
      CHECK(back == bytes);
    }
    const T limit = std::numeric_limits<T>::infinity();
    const T values[] = {T(-5), T(300), T(0.49), T(0.5), T(254.5), limit, -limit, std::numeric_limits<T>::quiet_NaN()};
    std::uint8_t bytes[8];
    eigan::kernels::to_bytes(values, bytes, 8, T(1), T(0));
    const std::uint8_t expected[] = {0, 255, 0, 1, 255, 255, 0, 0};
    CHECK(std::equal(bytes, bytes + 8, expected));
  });
}
