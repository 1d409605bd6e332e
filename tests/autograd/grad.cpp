#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <thread>
#include <utility>

#include <eigan/autograd/grad.hpp>
#include <eigan/autograd/parameter.hpp>
#include <eigan/core/pool.hpp>
#include <eigan/ops/activation.hpp>
#include <eigan/ops/elementwise.hpp>
#include <eigan/ops/reduce.hpp>

#include "catch.hpp"

using namespace eigan;
using Var = Variable<double>;

namespace {

Var number(double value) { return Var(Tensor<double>::scalar(value)); }

/// An operation that counts how often its derivative is asked for, and for which inputs.
struct Probe {
  int calls = 0;
  bool first = false, second = false;
  Var operator()(const Var& a, const Var& b) {
    return record("probe", a.value(), {a, b}, [this](const Backward<double>& back) -> Gradients<double> {
      ++calls;
      first = first || back.needs(0);
      second = second || back.needs(1);
      return {back.dy, back.dy};
    });
  }
};

}  // namespace

TEST_CASE("grad adds up what flows along several paths", "[autograd]") {
  const Var x = number(3);
  const Var y = x * x + x * 2 + x;
  CHECK(grad(y, x).item() == 9);
}

TEST_CASE("grad answers in the form it was asked in", "[autograd]") {
  const Var x = number(2), w = number(5);
  const Var y = x * w;
  const auto [gx, gw] = grad(y, {x, w});
  CHECK(gx.item() == 5);
  CHECK(gw.item() == 2);
  const std::vector<Var> many = grad(y, std::vector<Var>{w, x});
  CHECK(many[0].item() == 2);
  static_assert(std::is_same_v<decltype(grad(y, x)), Var>);
}

TEST_CASE("a gradient can be differentiated again, to any order", "[autograd]") {
  const Var x = number(2);
  Var y = x * x * x * x;
  const double expected[] = {32, 48, 48, 24};
  for (const double value : expected) {
    y = grad(y, x, {.create_graph = true});
    CHECK(y.item() == value);
  }
}

TEST_CASE("without create_graph a gradient is a leaf", "[autograd]") {
  const Var x = number(2);
  CHECK(std::string(grad(x * x, x).operation()) == "leaf");
}

TEST_CASE("only what was asked for is computed", "[autograd]") {
  const Var x = number(2), w = number(3);
  Probe unasked, asked;
  const Var below = unasked(w, w);  // leads to w alone
  const Var y = asked(x * 1, below);
  (void)grad(y, x);
  CHECK(unasked.calls == 0);
  CHECK(asked.calls == 1);
  CHECK(asked.first);
  CHECK_FALSE(asked.second);
}

TEST_CASE("a target in the middle of the graph gets its gradient, and so does one below it", "[autograd]") {
  const Var x = number(2);
  const Var middle = x * x, y = middle * middle;
  const auto [g_middle, g_x] = grad(y, {middle, x});
  CHECK(g_middle.item() == 8);
  CHECK(g_x.item() == 32);
  CHECK(grad(y, y).item() == 1);
}

TEST_CASE("a target that the result does not depend on is an error, or zeros if asked", "[autograd]") {
  const Var x = number(2), other(Tensor<double>::zeros({2, 3}));
  CHECK_THROWS_WITH(grad(x * x, other), Catch::Contains("does not depend") && Catch::Contains("[2, 3]"));
  const Var zeros = grad(x * x, other, {.unreached = Unreached::zeros});
  CHECK(zeros.shape() == Shape{2, 3});
  CHECK(zeros.data()[5] == 0);
}

TEST_CASE("a derivative that is none counts as zero", "[autograd]") {
  const Var x = number(2);
  CHECK(grad(sign(x), x).item() == 0);
}

TEST_CASE("a gradient takes no memory that anybody else holds", "[autograd]") {
  const auto of = [](std::initializer_list<double> values) { return Var(Tensor<double>::from(values)); };
  const auto is = [](const Var& x, std::initializer_list<double> values) {
    return std::equal(values.begin(), values.end(), x.data(), x.data() + x.size());
  };
  const Var x = of({-1, 2, 3});
  const Var dy = of({1, 10, 100});
  const Var middle = leaky_relu(x, 0.5);  // both a target and on the way to one
  const Var y = leaky_relu(middle, 0.25);
  for (int repeat = 0; repeat < 2; ++repeat) {
    const auto gradients = pullback(y, dy, {x, middle, y});
    CHECK(is(gradients[0], {0.125, 10, 100}));
    CHECK(is(gradients[1], {0.25, 10, 100}));
    CHECK(is(gradients[2], {1, 10, 100}));
    CHECK(is(dy, {1, 10, 100}));
  }
  // Two paths, one of which hands the other's gradient on as it is.
  const Var branch = middle + leaky_relu(middle, 0.25);
  CHECK(is(pullback(branch, dy, {x})[0], {0.625, 20, 200}));
  CHECK(is(pullback(branch + branch, dy, {x, branch})[0], {1.25, 40, 400}));
  CHECK(is(middle, {-0.5, 2, 3}));
}

#if !defined(EIGAN_POOL_BYPASSED)
TEST_CASE("a graph that is handed over is given back while its gradient is computed", "[autograd]") {
  const Index size = 1 << 20;
  const auto bytes = static_cast<std::size_t>(size) * sizeof(double);
  const Parameter<double> x(Tensor<double>::full(Shape{size}, 1));
  const auto in_use = [] { return Pool::instance().statistics().in_use; };
  const auto at_the_bottom = [&](const auto& differentiate) {
    const std::size_t before = in_use();
    std::size_t then = 0;
    Var h = record("watch", x.value(), {x}, [&](const Backward<double>& b) -> Gradients<double> {
      then = in_use();
      return {b.dy};
    });
    for (int layer = 0; layer < 8; ++layer) h = square(h);
    Var y = sum(std::exchange(h, {}));
    CHECK(differentiate(y).data()[size / 2] == 256);
    return then - before;
  };
  const std::size_t kept = at_the_bottom([&](Var& y) { return grad(y, x); });
  const std::size_t given = at_the_bottom([&](Var& y) { return grad(std::move(y), x); });
  CHECK(kept >= 8 * bytes);
  CHECK(given < 3 * bytes);
}
#endif

TEST_CASE("grad wants one number", "[autograd]") {
  const Var x(Tensor<double>::zeros({2}));
  CHECK_THROWS_WITH(grad(x * x, x), Catch::Contains("one element"));
  CHECK_THROWS_AS(pullback(x * x, number(1), {x}), ShapeError);
}

TEST_CASE("under NoGrad nothing is recorded, and the guard ends with its scope", "[autograd]") {
  const Var x = number(2);
  {
    const NoGrad no_grad;
    CHECK_FALSE(is_recording());
    CHECK(std::string((x * x).operation()) == "leaf");
    std::thread([] { CHECK(is_recording()); }).join();
  }
  CHECK(std::string((x * x).operation()) == "mul");
}

TEST_CASE("a parameter that was written after the forward pass is refused", "[autograd]") {
  Parameter<double> w(Tensor<double>::scalar(3));
  const Var y = w * w;
  w.assign(Tensor<double>::scalar(4));
  CHECK_THROWS_WITH(grad(y, w), Catch::Contains("written after"));
}

TEST_CASE("a parameter is a value: copies are independent, moves keep the leaf", "[autograd]") {
  Parameter<double> w(Tensor<double>::from({1.0, 2.0}));
  const Parameter<double> copy(w);
  const Var handle = w;
  w.mutable_data()[0] = 7;
  CHECK(copy.data()[0] == 1);
  CHECK(handle.data()[0] == 7);
  CHECK_FALSE(copy.same_as(w));
  const Parameter<double> moved(std::move(w));
  CHECK(moved.same_as(handle));
}

TEST_CASE("an unfilled parameter says so instead of computing", "[autograd]") {
  Parameter<double> w({2});
  CHECK_FALSE(w.is_filled());
  CHECK_THROWS_WITH(w * w, Catch::Contains("not yet initialised"));
  RandomStream stream(1, "w");
  w.fill(stream);
  CHECK(w.is_filled());
  CHECK(w.data()[1] == 0);
  CHECK_THROWS_AS(w.assign(Tensor<double>::zeros({3})), ShapeError);
}

TEST_CASE("a recurrent graph of a million nodes is built, differentiated and freed", "[autograd]") {
  const Var x = number(1);
  {
    Var state = x;
    for (int i = 0; i < 1'000'000; ++i) state = affine(state, 1, 1e-6);
    CHECK(state.item() == Approx(2).epsilon(1e-9));
    CHECK(grad(state, x).item() == 1);
    const Var with_graph = grad(state, x, {.create_graph = true});
    CHECK(with_graph.item() == 1);
  }
  CHECK(x.item() == 1);
}

TEST_CASE("threads differentiate graphs over the same parameters", "[autograd]") {
  const Parameter<double> w(Tensor<double>::scalar(2));
  double slopes[4] = {};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int repeat = 0; repeat < 100; ++repeat) slopes[i] = grad(w * w * double(i), w).item();
    });
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 4; ++i) CHECK(slopes[i] == 4.0 * i);
}
