#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <eigan/kernels/matmul.hpp>

#include "catch.hpp"
#include "support.hpp"

using eigan::kernels::Epilogue;
using eigan::kernels::MatmulShape;
using eigan::kernels::Transpose;

namespace {

std::string describe(const MatmulShape& s) {
  return std::to_string(s.batch) + " x [" + std::to_string(s.rows) + ", " + std::to_string(s.inner) + "] [" +
         std::to_string(s.inner) + ", " + std::to_string(s.columns) + "]" +
         (s.a == Transpose::yes ? " a transposed" : "") + (s.b == Transpose::yes ? " b transposed" : "") +
         (s.a_step == 0 ? " one a" : "") + (s.b_step == 0 ? " one b" : "");
}

MatmulShape shape_of(Index batch, Index rows, Index columns, Index inner, bool ta, bool tb, bool one_a = false,
                     bool one_b = false) {
  return {.batch = batch,
          .rows = rows,
          .columns = columns,
          .inner = inner,
          .a = ta ? Transpose::yes : Transpose::no,
          .b = tb ? Transpose::yes : Transpose::no,
          .a_step = one_a ? 0 : rows * inner,
          .b_step = one_b ? 0 : inner * columns};
}

// The largest error over c, in multiples of what rounding explains.
template <class T>
double worst_error(const MatmulShape& s, const std::vector<T>& a, const std::vector<T>& b, const std::vector<T>& old,
                   const std::vector<T>& c, const Epilogue<T>& epilogue) {
  const Index a_row = s.a == Transpose::yes ? 1 : s.inner, a_inner = s.a == Transpose::yes ? s.rows : 1;
  const Index b_inner = s.b == Transpose::yes ? 1 : s.columns, b_column = s.b == Transpose::yes ? s.inner : 1;
  double worst = 0;
  for (Index n = 0, at = 0; n < s.batch; ++n)
    for (Index i = 0; i < s.rows; ++i)
      for (Index j = 0; j < s.columns; ++j, ++at) {
        Sum sum;
        for (Index k = 0; k < s.inner; ++k)
          sum.add(static_cast<double>(a[static_cast<std::size_t>(n * s.a_step + i * a_row + k * a_inner)]),
                  static_cast<double>(b[static_cast<std::size_t>(n * s.b_step + k * b_inner + j * b_column)]));
        const auto here = static_cast<std::size_t>(at);
        worst = std::max(worst, sum.finished(epilogue, j, old[here]).error(c[here]));
      }
  return worst;
}

template <class T>
void check(const MatmulShape& s, Numbers& numbers, std::optional<bool> accumulate = {}) {
  const auto a = numbers.values<T>(s.a_step ? s.batch * s.a_step : s.rows * s.inner);
  const auto b = numbers.values<T>(s.b_step ? s.batch * s.b_step : s.inner * s.columns);
  const auto old = numbers.values<T>(s.batch * s.rows * s.columns);
  const auto bias = numbers.values<T>(s.columns);
  Epilogue<T> epilogue = numbers.epilogue(bias);
  epilogue.accumulate = accumulate.value_or(epilogue.accumulate);
  const auto c = same_at_any_thread_count([&] {
    auto result = old;
    eigan::kernels::matmul(a.data(), b.data(), result.data(), s, epilogue);
    return result;
  });
  INFO(describe(s));
  REQUIRE(c.size() == old.size());
  CHECK(worst_error(s, a, b, old, c, epilogue) <= 1);
}

}  // namespace

TEMPLATE_TEST_CASE("a matrix product equals the sum in double, at any number of threads", "[matmul]", float, double) {
  on_every_instruction_set([] {
    Numbers numbers(1);
    for (int round = 0; round < 400; ++round) {
      const Index large = round % 8 == 0 ? 150 : round % 3 == 0 ? 40 : 9;
      check<TestType>(
          shape_of(numbers.between(1, 3), numbers.between(1, large), numbers.between(1, large),
                   numbers.between(1, large * 3), numbers.coin(), numbers.coin(), numbers.coin(), numbers.coin()),
          numbers);
    }
  });
}

TEMPLATE_TEST_CASE("large, thin and flat products equal the sum in double", "[matmul]", float, double) {
  struct Size {
    Index batch, rows, columns, inner;
  };
  const std::vector<Size> sizes = {
      {1, 64, 513, 784},  {1, 300, 100, 33},   {1, 1, 700, 1030}, {1, 700, 1, 1030},  {1, 5, 2, 5000},
      {1, 2500, 16, 48},  {1, 48, 64, 3000},   {1, 16, 64, 2049}, {1, 130, 1100, 20}, {64, 16, 16, 16},
      {40, 1, 33, 65},    {40, 33, 1, 65},     {30, 7, 1, 1},     {9, 1, 1, 300},     {1, 1, 1, 20000},
      {1, 400, 400, 400}, {1, 640, 1, 257},    {1, 1024, 32, 64}, {1, 1, 900, 1},     {1, 900, 64, 1},
      {3, 100, 200, 300}, {1, 1030, 1027, 10}, {1, 6, 6000, 12},  {1, 257, 3, 64},    {1, 33, 256, 1},
      {2, 9, 300, 1},     {3, 53, 11, 16},     {3, 41, 7, 8},     {1, 1024, 70, 260}, {1, 7, 210, 512}};
  on_every_instruction_set([&] {
    Numbers numbers(2);
    for (const Size& size : sizes)
      for (const bool ta : {false, true})
        for (const bool tb : {false, true})
          check<TestType>(shape_of(size.batch, size.rows, size.columns, size.inner, ta, tb), numbers);
  });
}

TEMPLATE_TEST_CASE("a product with a large b starts anew or adds to what is there", "[matmul]", float, double) {
  on_every_instruction_set([] {
    Numbers numbers(5);
    for (const bool accumulate : {false, true}) {
      check<TestType>(shape_of(1, 100, 400, 400, false, false), numbers, accumulate);
      check<TestType>(shape_of(1, 160, 900, 200, true, false), numbers, accumulate);
    }
  });
}

TEMPLATE_TEST_CASE("an empty inner extent gives zeros and the epilogue, an empty result is left alone", "[matmul]",
                   float, double) {
  on_every_instruction_set([] {
    Numbers numbers(3);
    for (int round = 0; round < 8; ++round) check<TestType>(shape_of(2, 3, 70, 0, round & 1, round & 2), numbers);
    for (const MatmulShape& s : {shape_of(0, 3, 4, 5, false, false), shape_of(2, 0, 4, 5, false, true),
                                 shape_of(2, 3, 0, 5, true, false), shape_of(0, 0, 0, 0, false, false)})
      check<TestType>(s, numbers);
  });
}

TEMPLATE_TEST_CASE("a column times a row is their products, as they are, scaled or added", "[matmul]", float, double) {
  on_every_instruction_set([] {
    Numbers numbers(6);
    for (const Index columns : {1, 16, 64, 100, 256}) {
      const Index rows = 21;
      const auto a = numbers.values<TestType>(rows), b = numbers.values<TestType>(columns);
      const auto old = numbers.values<TestType>(rows * columns);
      for (const Epilogue<TestType>& epilogue : {Epilogue<TestType>{}, {.scale = 0.5}, {.accumulate = true}}) {
        std::vector<TestType> c = old;
        eigan::kernels::matmul(a.data(), b.data(), c.data(), shape_of(1, rows, columns, 1, false, false), epilogue);
        for (std::size_t i = 0; i < c.size(); ++i) {
          const volatile TestType product = a[i / b.size()] * b[i % b.size()];  // rounded before it is added
          REQUIRE(c[i] == product * epilogue.scale + (epilogue.accumulate ? old[i] : 0));
        }
      }
    }
  });
}

TEST_CASE("the bits of a row do not depend on the rows and matrices beside it", "[matmul]") {
  on_every_instruction_set([] {
    Numbers numbers(4);
    for (const auto& [columns, inner] : {std::pair<Index, Index>{1, 600}, {10, 600}, {64, 600}, {130, 600}, {10, 16}})
      for (const bool tb : {false, true}) {
        const Index rows = 37;
        const auto a = numbers.values<float>(rows * inner), b = numbers.values<float>(inner * columns);
        std::vector<float> all(static_cast<std::size_t>(rows * columns)), some(static_cast<std::size_t>(5 * columns));
        eigan::kernels::matmul(a.data(), b.data(), all.data(), shape_of(1, rows, columns, inner, false, tb));
        for (const Index row : {Index{0}, Index{17}, rows - 5}) {
          eigan::kernels::matmul(a.data() + row * inner, b.data(), some.data(),
                                 shape_of(1, 5, columns, inner, false, tb));
          CHECK(std::equal(some.begin(), some.end(), all.begin() + row * columns));
        }
      }
  });
}

TEST_CASE("relu and leaky relu pass a NaN on", "[matmul]") {
  using eigan::kernels::Activation;
  for (const Activation activation : {Activation::none, Activation::relu, Activation::leaky_relu}) {
    const float a = std::numeric_limits<float>::quiet_NaN(), b = 1;
    float c = 0;
    eigan::kernels::matmul(&a, &b, &c, shape_of(1, 1, 1, 1, false, false), {.activation = activation, .slope = 0.2f});
    CHECK(std::isnan(c));
  }
}
