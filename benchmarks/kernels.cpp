// Matrix products and convolutions of GAN layers, in GFLOP/s and as a share of what the processor's multiply-add units
// can do at most, measured in between on one thread: the best of many runs against the best of many peaks.
//
//   bench_kernels --benchmark_filter=convolution    EIGAN_INSTRUCTION_SET=avx2    OMP_NUM_THREADS=1 OMP_PROC_BIND=true

#include <algorithm>
#include <chrono>
#include <string>

#include <benchmark/benchmark.h>

#include <eigan/core/random.hpp>
#include <eigan/kernels/convolution.hpp>
#include <eigan/kernels/convolution_input.hpp>
#include <eigan/kernels/convolution_weight.hpp>
#include <eigan/kernels/matmul.hpp>

using namespace eigan;
using namespace eigan::kernels;

namespace {

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

template <int Bytes>
struct VectorOf {
  typedef float Type __attribute__((vector_size(Bytes)));
};

// Twelve independent chains of multiply-adds on vectors of that many bytes; the work done, in operations.
template <int Bytes>
[[gnu::always_inline]] inline double multiply_adds(int rounds) {
  using Vector = typename VectorOf<Bytes>::Type;
  Vector sums[12], factor = Vector{} + 0.999F, term = Vector{} + 1e-3F;
  for (int i = 0; i < 12; ++i) sums[i] = Vector{} + 0.1F * static_cast<float>(i) + 0.05F;  // none of them stands still
  for (int round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < 12; ++i) sums[i] = sums[i] * factor + term;
  }
  float results[12 * Bytes / 4];
  __builtin_memcpy(results, sums, sizeof results);
  benchmark::DoNotOptimize(results);
  return 2.0 * 12 * (Bytes / 4) * rounds;
}
#if defined(EIGAN_HAS_AVX512)
[[gnu::target("avx512f,avx2,fma")]] double wide_multiply_adds(int rounds) { return multiply_adds<64>(rounds); }
#endif
#if defined(EIGAN_HAS_AVX2)
[[gnu::target("avx2,fma")]] double avx2_multiply_adds(int rounds) { return multiply_adds<32>(rounds); }
#endif

double peak() {
  const double start = seconds();
  double work = 0;
#if defined(EIGAN_HAS_AVX512)
  if (instruction_set() == InstructionSet::avx512) work = wide_multiply_adds(20000);
#endif
#if defined(EIGAN_HAS_AVX2)
  if (instruction_set() == InstructionSet::avx2) work = avx2_multiply_adds(20000);
#endif
  if (work == 0) work = multiply_adds<EIGAN_BASELINE_BYTES>(20000);
  return work / (seconds() - start);
}

template <class Run>
void measure(benchmark::State& state, double operations, const Run& run) {
  run();
  double best = 0, highest = 0;
  for (auto _ : state) {
    const double start = seconds();
    run();
    const double elapsed = seconds() - start;
    state.SetIterationTime(elapsed);
    best = std::max(best, operations / elapsed);
    highest = std::max(highest, peak() * threads());
  }
  state.counters["GFLOP/s"] = best * 1e-9;
  state.counters["of_peak"] = best / highest;
}

Tensor<float> random(Index size) { return RandomStream(1, "benchmark").uniform<float>(Shape{size}, -1, 1); }

void product(benchmark::State& state, MatmulShape shape) {
  shape.a_step = shape.rows * shape.inner;
  shape.b_step = shape.inner * shape.columns;
  const Tensor<float> a = random(shape.batch * shape.a_step), b = random(shape.batch * shape.b_step);
  Tensor<float> c = random(shape.batch * shape.rows * shape.columns);
  measure(state, 2.0 * static_cast<double>(c.size() * shape.inner),
          [&] { matmul(a.data(), b.data(), c.mutable_data(), shape); });
}

enum class Pass { forward, input, weight };

void layer(benchmark::State& state, const ConvolutionShape& s, Pass pass) {
  const auto volume = [](const std::array<Index, 3>& extents) { return extents[0] * extents[1] * extents[2]; };
  Tensor<float> x = random(s.batch * volume(s.in) * s.in_channels),
                y = random(s.batch * volume(s.out) * s.out_channels);
  Tensor<float> w = random(volume(s.kernel) * s.in_channels / s.groups * s.out_channels);
  const Tensor<float> bias = random(s.out_channels);
  const Epilogue<float> epilogue = {.bias = bias.data(), .activation = Activation::leaky_relu, .slope = 0.2F};
  const double work =
      2.0 * static_cast<double>(y.size() * volume(s.kernel)) * static_cast<double>(s.in_channels / s.groups);
  measure(state, work, [&] {
    if (pass == Pass::forward) convolution(x.data(), w.data(), y.mutable_data(), s, epilogue);
    if (pass == Pass::input) convolution_input(y.data(), w.data(), x.mutable_data(), s);
    if (pass == Pass::weight) convolution_weight(x.data(), y.data(), w.mutable_data(), s);
  });
}

void add_product(const std::string& name, const MatmulShape& s) {
  const std::string size = std::to_string(s.batch) + "x" + std::to_string(s.rows) + "x" + std::to_string(s.columns) +
                           "x" + std::to_string(s.inner);
  benchmark::RegisterBenchmark(("matmul/" + name + "/" + size).c_str(),
                               [s](benchmark::State& state) { product(state, s); })
      ->UseManualTime()
      ->Unit(benchmark::kMicrosecond);
}

// The three products of a linear layer and a batch: y = x wᵀ, dx = dy w, dw = dyᵀ x.
void add_linear(Index batch, Index in, Index out) {
  add_product("linear", {.rows = batch, .columns = out, .inner = in, .b = Transpose::yes});
  add_product("linear_input", {.rows = batch, .columns = in, .inner = out});
  add_product("linear_weight", {.rows = out, .columns = in, .inner = batch, .a = Transpose::yes});
}

void add_convolution(Index in_channels, Index out_channels, Index in, Index kernel, Index stride, Index pad,
                     Index batch = 64) {
  const Index out = (in + 2 * pad - kernel) / stride + 1;
  const ConvolutionShape s = {.batch = batch,
                              .in_channels = in_channels,
                              .out_channels = out_channels,
                              .in = {1, in, in},
                              .out = {1, out, out},
                              .kernel = {1, kernel, kernel},
                              .stride = {1, stride, stride},
                              .pad = {0, pad, pad}};
  const std::string size = std::to_string(in_channels) + "-" + std::to_string(out_channels) + "@" + std::to_string(in) +
                           "/" + std::to_string(kernel) + "x" + std::to_string(kernel) + "s" + std::to_string(stride);
  for (const auto& [pass, name] :
       {std::pair(Pass::forward, "convolution/"), std::pair(Pass::input, "convolution_input/"),
        std::pair(Pass::weight, "convolution_weight/")})
    benchmark::RegisterBenchmark((name + size).c_str(),
                                 [s, pass = pass](benchmark::State& state) { layer(state, s, pass); })
        ->UseManualTime()
        ->Unit(benchmark::kMicrosecond);
}

}  // namespace

int main(int argc, char** argv) {
  for (const Index n : {64, 128, 256, 512, 1024, 2048}) add_product("square", {.rows = n, .columns = n, .inner = n});
  for (const Index n : {16, 32, 64}) add_product("batch", {.batch = 64, .rows = n, .columns = n, .inner = n});
  add_linear(64, 100, 7 * 7 * 128);
  add_linear(64, 784, 512);
  add_linear(64, 512, 256);
  add_linear(64, 256, 1);
  add_linear(64, 100, 256);
  add_linear(64, 512, 1024);
  add_linear(64, 1024, 784);
  add_linear(64, 7 * 7 * 128, 1);
  add_convolution(1, 64, 28, 4, 2, 1);
  add_convolution(64, 128, 14, 4, 2, 1);
  add_convolution(3, 64, 32, 4, 2, 1);
  add_convolution(64, 128, 16, 4, 2, 1);
  add_convolution(128, 256, 8, 4, 2, 1);
  add_convolution(256, 512, 8, 4, 2, 1, 32);
  add_convolution(128, 128, 16, 3, 1, 1);
  add_convolution(64, 3, 32, 3, 1, 1);
  add_convolution(64, 128, 32, 4, 2, 1, 32);
  add_convolution(128, 128, 32, 3, 1, 1);
  add_convolution(512, 512, 8, 3, 1, 1);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
