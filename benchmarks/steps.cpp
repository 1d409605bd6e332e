// Whole training steps and batches of samples in one program, for a look or a profiler; run.sh drives step_server.cpp.

#include <benchmark/benchmark.h>

#include "support/cases.hpp"

int main(int argc, char** argv) {
  const auto add = [](const char* name, eigan::Index batch) {
    benchmark::RegisterBenchmark((std::string(name) + "/" + std::to_string(batch)).c_str(),
                                 [=](benchmark::State& state) {
                                   const support::Work work = support::work_of(name, batch);
                                   for (int warm = 0; warm < 3; ++warm) work();
                                   for (auto _ : state) work();
                                   state.SetItemsProcessed(state.iterations() * batch);
                                 })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
  };
  add("mlp_mnist", 64);
  add("mlp_mnist", 256);
  add("dcgan_mnist", 64);
  add("dcgan_cifar", 64);
  add("dcgan_64", 32);
  add("wgangp_cifar", 64);
  add("sngan_cifar", 64);
  add("r3gan_cifar", 64);
  add("sample_cifar", 1);
  add("sample_cifar", 64);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
