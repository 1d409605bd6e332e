// Matrix products and convolutions of GAN layers, in GFLOP/s and as a share of what the processor's multiply-add units
// can do at most, measured in between: the best of many runs against the best of many peaks.
//
//   bench_kernels --benchmark_filter=convolution    EIGAN_INSTRUCTION_SET=avx2    OMP_NUM_THREADS=1 OMP_PROC_BIND=true

#include <algorithm>

#include <benchmark/benchmark.h>

#include <eigan/core/random.hpp>
#include <eigan/kernels/convolution.hpp>
#include <eigan/kernels/convolution_input.hpp>
#include <eigan/kernels/convolution_weight.hpp>
#include <eigan/kernels/matmul.hpp>

#include "support/best_of.hpp"
#include "support/peak.hpp"
#include "support/shapes.hpp"

using namespace eigan;
using namespace eigan::kernels;
using support::Pass;

namespace {

template <class Run>
void measure(benchmark::State& state, double operations, const Run& run) {
  double peak = 0;
  const double seconds = support::best_of(state, run, [&] { peak = std::max(peak, support::arithmetic_peak()); });
  state.counters["GFLOP/s"] = operations / seconds * 1e-9;
  state.counters["of_peak"] = operations / seconds / peak;
}

Tensor<float> random(Index size) { return RandomStream(1, "benchmark").uniform<float>(Shape{size}, -1, 1); }

void product(benchmark::State& state, const MatmulShape& s) {
  const Tensor<float> a = random(s.batch * s.a_step), b = random(s.batch * s.b_step);
  Tensor<float> c = random(s.batch * s.rows * s.columns);
  measure(state, support::work_of(s), [&] { matmul(a.data(), b.data(), c.mutable_data(), s); });
}

void layer(benchmark::State& state, const ConvolutionShape& s, Pass pass) {
  Tensor<float> x = random(support::x_size(s)), y = random(support::y_size(s)), w = random(support::w_size(s));
  const Tensor<float> bias = random(s.out_channels);
  const Epilogue<float> epilogue = {.bias = bias.data(), .activation = Activation::leaky_relu, .slope = 0.2F};
  measure(state, support::work_of(s), [&] {
    if (pass == Pass::forward) convolution(x.data(), w.data(), y.mutable_data(), s, epilogue);
    if (pass == Pass::input) convolution_input(y.data(), w.data(), x.mutable_data(), s);
    if (pass == Pass::weight) convolution_weight(x.data(), y.data(), w.mutable_data(), s);
  });
}

template <class Run>
void add(const std::string& name, const Run& run) {
  benchmark::RegisterBenchmark(("kernels/" + name).c_str(), run)->UseManualTime()->Unit(benchmark::kMicrosecond);
}

}  // namespace

int main(int argc, char** argv) {
  for (const auto& [name, shape] : support::matmuls())
    add("matmul/" + name, [s = shape](benchmark::State& state) { product(state, s); });
  for (const auto& [name, shape] : support::convolutions())
    for (const auto& [pass, pass_name] : support::passes)
      add(pass_name + ("/" + name), [s = shape, which = pass](benchmark::State& state) { layer(state, s, which); });
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
