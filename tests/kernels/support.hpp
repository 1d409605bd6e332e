#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <eigan/core/parallel.hpp>
#include <eigan/kernels/epilogue.hpp>
#include <eigan/kernels/simd/instruction_set.hpp>

// What the tests of matmul and convolution share: random data, a sum in double with a bound for its rounding, and a run
// at several thread counts on each instruction set.

using eigan::Index;

class Numbers {
 public:
  explicit Numbers(unsigned seed) : engine_(seed) {}

  Index between(Index low, Index high) { return std::uniform_int_distribution<Index>(low, high)(engine_); }
  bool coin() { return between(0, 1) == 1; }

  template <class T>
  std::vector<T> values(Index count) {
    std::uniform_real_distribution<T> uniform(T(-1), T(1));
    std::vector<T> result(static_cast<std::size_t>(count));
    for (T& value : result) value = uniform(engine_);
    return result;
  }

  template <class T>
  eigan::kernels::Epilogue<T> epilogue(const std::vector<T>& bias) {
    eigan::kernels::Epilogue<T> result;
    if (coin()) result.bias = bias.data();
    if (coin()) result.scale = T(0.75);
    if (coin()) result.slope = T(0.2);
    result.accumulate = coin();
    result.activation = static_cast<eigan::kernels::Activation>(between(0, 2));
    return result;
  }

 private:
  std::mt19937 engine_;
};

/// A sum of products in double, and how large its terms were.
struct Sum {
  double value = 0, magnitude = 0;
  Index terms = 0;
  void add(double a, double b) {
    value += a * b;
    magnitude += std::abs(a * b);
    ++terms;
  }
  template <class T>
  Sum finished(const eigan::kernels::Epilogue<T>& epilogue, Index column, T old) const {
    Sum result{value * static_cast<double>(epilogue.scale), magnitude * static_cast<double>(epilogue.scale), terms};
    if (epilogue.accumulate) result.add(1, static_cast<double>(old));
    if (epilogue.bias) result.add(1, static_cast<double>(epilogue.bias[column]));
    using eigan::kernels::Activation;
    if (epilogue.activation != Activation::none && result.value < 0)
      result.value *= epilogue.activation == Activation::relu ? 0 : static_cast<double>(epilogue.slope);
    return result;
  }
  /// How far off `computed` is, in multiples of what rounding explains; at most 1 is right.
  template <class T>
  double error(T computed) const {
    const double unit = static_cast<double>(std::numeric_limits<T>::epsilon());
    const double allowed = unit * (4 + std::sqrt(static_cast<double>(terms))) * magnitude;
    const double off = std::abs(static_cast<double>(computed) - value);
    if (std::isnan(off)) return std::numeric_limits<double>::infinity();
    return off == 0 ? 0 : off / allowed;
  }
};

inline std::vector<eigan::kernels::InstructionSet> available_sets() {
  using eigan::kernels::InstructionSet;
  std::vector<InstructionSet> sets;
  for (const InstructionSet set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512})
    if (eigan::kernels::is_available(set)) sets.push_back(set);
  return sets;
}

/// Runs body() on every instruction set in turn, then goes back to the one in use.
template <class Body>
void on_every_instruction_set(const Body& body) {
  const auto before = eigan::kernels::instruction_set();
  for (const auto set : available_sets()) {
    eigan::kernels::set_instruction_set(set);
    body();
  }
  eigan::kernels::set_instruction_set(before);
}

/// What compute() returns with one thread, if two and three threads give the same bits; else nothing.
template <class Compute>
auto same_at_any_thread_count(const Compute& compute) {
  eigan::set_threads(1);
  auto first = compute();
  for (const int count : {2, 3}) {
    eigan::set_threads(count);
    if (compute() != first) first.clear();
  }
  eigan::set_threads(0);
  return first;
}
