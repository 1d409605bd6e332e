// Layers as users call them: sampling (values only), and training, forward and back to parameters and input.
//
//   bench_layers --benchmark_filter=Conv2d    OMP_NUM_THREADS=1 OMP_PROC_BIND=true

#include <benchmark/benchmark.h>

#include <eigan/eigan.hpp>

using namespace eigan;

namespace {

void add(const std::string& name, const nn::Sequential<>& given, const Shape& input) {
  nn::Sequential<> model = given;
  nn::initialize(model, 1);
  const Variable<float> x(RandomStream(1, "benchmark").uniform<float>(input, -1, 1));
  const auto with = [&](const char* kind, const auto& run) {
    benchmark::RegisterBenchmark(("layers/" + name + "/" + kind).c_str(),
                                 [run](benchmark::State& state) {
                                   run();
                                   for (auto _ : state) run();
                                 })
        ->UseRealTime()
        ->Unit(benchmark::kMicrosecond);
  };
  with("sample", [=] { benchmark::DoNotOptimize(model(x.value())); });
  with("train", [=] {
    std::vector<Variable<float>> targets = nn::parameters(model);
    targets.push_back(x);
    benchmark::DoNotOptimize(grad(sum(model(x, nn::Pass<float>::training())), targets));
  });
}

}  // namespace

int main(int argc, char** argv) {
  using nn::Sequential;
  add("Linear 512-1024", Sequential{nn::Linear(512, 1024)}, {64, 512});
  add("Conv2d 3-64@32 4x4s2", Sequential{nn::Conv2d({.in = 3, .out = 64, .kernel = 4, .stride = 2, .padding = 1})},
      {64, 32, 32, 3});
  add("Conv2d 64-128@16 4x4s2", Sequential{nn::Conv2d({.in = 64, .out = 128, .kernel = 4, .stride = 2, .padding = 1})},
      {64, 16, 16, 64});
  add("Conv2d 128-128@16 3x3s1", Sequential{nn::Conv2d({.in = 128, .out = 128, .kernel = 3, .padding = 1})},
      {64, 16, 16, 128});
  add("ConvTranspose2d 128-64@8 4x4s2",
      Sequential{nn::ConvTranspose2d({.in = 128, .out = 64, .kernel = 4, .stride = 2, .padding = 1})}, {64, 8, 8, 128});
  add("Upsample 2 + Conv2d 128-128@16 3x3s1",
      Sequential{nn::Upsample(2), nn::Conv2d({.in = 128, .out = 128, .kernel = 3, .padding = 1})}, {64, 8, 8, 128});
  add("BatchNorm + LeakyReLU 64@16", Sequential{nn::BatchNorm(64), nn::LeakyReLU(0.2)}, {64, 16, 16, 64});
  add("InstanceNorm 64@16", Sequential{nn::InstanceNorm(64)}, {64, 16, 16, 64});
  add("GroupNorm 8, 64@16", Sequential{nn::GroupNorm(8, 64)}, {64, 16, 16, 64});
  add("LayerNorm 1024", Sequential{nn::LayerNorm(1024)}, {64, 1024});
  add("PixelShuffle 2, 256@8", Sequential{nn::PixelShuffle(2)}, {64, 8, 8, 256});
  add("Tanh 3@32", Sequential{nn::Tanh()}, {64, 32, 32, 3});
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
