// Counts the calls to malloc and operator new while a warm trainer steps. Sanitizers bring allocators of their own.
#include <cstdlib>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#if !defined(SANITIZED) && defined(__GLIBC__)

#include <atomic>
#include <new>
#include <thread>

#include "setup.hpp"

namespace {
std::atomic<bool> counting = false;
std::atomic<long> calls = 0;
}  // namespace

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void* malloc(std::size_t bytes) {
  if (counting.load(std::memory_order_relaxed)) ++calls;
  return __libc_malloc(bytes);
}
void* aligned_alloc(std::size_t align, std::size_t bytes) {
  if (counting.load(std::memory_order_relaxed)) ++calls;
  return __libc_memalign(align, bytes);
}
}

using namespace test;

namespace {

/// Lets every thread take part in a piece of work, with working memory of its own: some may have slept all the while.
void meet() {
  std::atomic<Index> inside = 0;
  std::atomic<bool> met = false;
  while (!met)
    parallel_for(threads(), [&](Index) {
      kernels::Scratch().take<float>(1);
      ++inside;
      for (int i = 0; i < 10'000 && !met; ++i) {
        if (inside == threads()) met = true;
        std::this_thread::yield();
      }
      --inside;
    });
}

template <class Generator, class Critic>
void check_warm_steps(Generator generator, Critic critic, train::AdversarialOptions<> options,
                      const Tensor<float>& batch) {
  train::AdversarialTrainer trainer{generator, critic, std::move(options)};
  for (int i = 0; i < 4; ++i) trainer.step(batch);
  meet();
  calls = 0;
  counting = true;
  for (int i = 0; i < 3; ++i) trainer.step(batch);
  counting = false;
  CHECK(calls == 0);
}

}  // namespace

TEST_CASE("the counter sees allocations", "[train]") {
  calls = 0;
  counting = true;
  int* volatile number = new int(1);
  delete number;
  void* volatile block = std::malloc(1);
  std::free(block);
  ::operator delete (::operator new (64, std::align_val_t{64}), std::align_val_t{64});
  counting = false;
  CHECK(calls == 3);
}

TEST_CASE("a warm step allocates nothing", "[train]") {
  check_warm_steps(make_generator(), make_critic(), wgan_gp(), circle(32).points);
}

TEST_CASE("a warm step of convolutional networks allocates nothing", "[train]") {
  nn::Sequential generator{nn::Linear(8, 4 * 4 * 8),
                           nn::Reshape({4, 4, 8}),
                           nn::BatchNorm(8),
                           nn::ReLU(),
                           nn::ConvTranspose2d({.in = 8, .out = 1, .kernel = 4, .stride = 2, .padding = 1}),
                           nn::Tanh()};
  nn::Sequential critic{nn::Conv2d({.in = 1, .out = 8, .kernel = 4, .stride = 2, .padding = 1}), nn::LeakyReLU(0.2),
                        nn::Flatten(), nn::Linear(4 * 4 * 8, 1)};
  auto options = wgan_gp();
  options.latent = {8};
  check_warm_steps(generator, critic, options, RandomStream(1, "x").normal<float>({16, 8, 8, 1}));
}

TEST_CASE("a warm step with every penalty allocates nothing", "[train][penalty]") {
  nn::Sequential generator{nn::Linear(8, 8 * 8), nn::Tanh(), nn::Reshape({8, 8, 1})};
  nn::Sequential critic{nn::Conv2d({.in = 1, .out = 8, .kernel = 4, .stride = 2, .padding = 1}), nn::LeakyReLU(0.2),
                        nn::Flatten(), nn::Linear(4 * 4 * 8, 1)};
  train::AdversarialOptions<> options{
      .latent = {8},
      .loss = loss::RelativisticAverage(),
      .penalties = {loss::Lazily(2, loss::R1(1)), loss::R1R2(1), loss::Dragan(), loss::ConsistencyRegularisation(),
                    loss::BalancedConsistency(), loss::LatentConsistency(5), loss::LeCam(), loss::Orthogonal(),
                    loss::HistoricalAveraging(0.1)},
      .generator_penalties = {loss::LatentConsistency(0.5), loss::Orthogonal(), loss::HistoricalAveraging(0.1)},
      .batch = 16};
  check_warm_steps(generator, critic, options, RandomStream(1, "x").normal<float>({16, 8, 8, 1}));
}

TEST_CASE("warm training from a data set allocates nothing", "[train]") {
  Gan gan;
  gan.trainer.add([](const train::StepReport& report) {
    if (report.step == 40) meet(), calls = 0, counting = true;
    if (report.step == 80) counting = false;
  });
  gan.trainer.train(circle(512), 90);  // 5 epochs of 16 batches each, 3 a step
  counting = false;
  CHECK(calls == 0);
}

#endif
