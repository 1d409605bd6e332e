// What penalties cost: the time of one discriminator update of wgangp_cifar's networks with each, beside one without.

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "support/cases.hpp"

namespace {

using namespace eigan;

/// Steps of so many discriminator updates and one of the generator.
class Steps {
 public:
  Steps(const std::vector<loss::AnyPenalty<float>>& penalties, Index critic_steps)
      : networks_(support::wgangp_cifar()),
        trainer_(
            networks_.generator, networks_.discriminator,
            train::AdversarialOptions<>{
                .latent = {100}, .loss = loss::NonSaturating(), .penalties = penalties, .critic_steps = critic_steps}),
        real_(RandomStream(1, "real").uniform<float>({64, 32, 32, 3}, -1, 1)) {}

  double seconds(int count) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) trainer_.step(real_);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

 private:
  support::Networks networks_;
  train::AdversarialTrainer<nn::Sequential<>, nn::Sequential<>> trainer_;
  Tensor<float> real_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto add = [](const char* name, const std::vector<loss::AnyPenalty<float>>& penalties, int steps) {
    benchmark::RegisterBenchmark((std::string("discriminator_update/") + name).c_str(),
                                 [=](benchmark::State& state) {
                                   Steps few(penalties, 1), many(penalties, 5);
                                   few.seconds(steps), many.seconds(steps);
                                   for (auto _ : state)
                                     state.SetIterationTime((many.seconds(steps) - few.seconds(steps)) / (4 * steps));
                                 })
        ->Unit(benchmark::kMillisecond)
        ->UseManualTime();
  };
  add("none", {}, 4);
  add("r1", {loss::R1(10)}, 4);
  add("r1_every_16", {loss::Lazily(16, loss::R1(10))}, 16);
  add("r1r2", {loss::R1R2(10)}, 4);
  add("gradient_penalty", {loss::GradientPenalty(10)}, 4);
  add("dragan", {loss::Dragan(10)}, 4);
  add("lecam", {loss::LeCam()}, 4);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
