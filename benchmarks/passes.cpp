// Passes that the memory holds up, not the arithmetic: normalisation, optimizer step, sums, elementwise maps, losses.
// Counted are the bytes that a pass has to move, each array once for each time that it must be read or written.
//
//   bench_passes --benchmark_filter=adam    OMP_NUM_THREADS=1 OMP_PROC_BIND=true

#include <memory>
#include <vector>

#include <eigan/eigan.hpp>
#include <eigan/kernels/normalization.hpp>

#include "support/cases.hpp"
#include "support/memory_bound.hpp"

using namespace eigan;

namespace {

constexpr std::size_t number = sizeof(float);

// Batch norm with leaky ReLU, as the layers call it: statistics and one pass forward, sums and one pass backward.
struct BatchNorm {
  kernels::NormGroups groups;
  Tensor<float> x, y, dy, dx, gain, shift, mean, variance, inverse, d_gain, d_shift;

  BatchNorm(Index rows, Index channels) : groups(kernels::NormGroups::batch_norm(rows, channels)) {
    for (Tensor<float>* of_all : {&x, &y, &dy, &dx}) *of_all = support::random(rows * channels);
    for (Tensor<float>* of_channels : {&gain, &shift, &mean, &variance, &inverse, &d_gain, &d_shift})
      *of_channels = support::random(channels);
  }
  void forward() {
    kernels::moments(x.data(), groups, mean.mutable_data(), variance.mutable_data());
    kernels::inverse_deviation(variance.data(), variance.size(), 1e-5, inverse.mutable_data());
    kernels::normalize(x.data(), groups, mean.data(), inverse.data(), gain.data(), shift.data(), 0.2F,
                       y.mutable_data());
  }
  void backward() {
    kernels::normalize_gradient<float>({.dy = dy.data(),
                                        .x = x.data(),
                                        .y = y.data(),
                                        .mean = mean.data(),
                                        .inverse_deviation = inverse.data(),
                                        .gain = gain.data(),
                                        .slope = 0.2F,
                                        .dx = dx.mutable_data(),
                                        .d_gain = d_gain.mutable_data(),
                                        .d_shift = d_shift.mutable_data()},
                                       groups);
  }
};

void add_batch_norm(Index rows, Index channels) {
  const auto norm = std::make_shared<BatchNorm>(rows, channels);
  norm->forward();
  const std::string size = std::to_string(rows) + "x" + std::to_string(channels);
  const std::size_t array = static_cast<std::size_t>(rows * channels) * number;
  support::add_pass("batch_norm_leaky_relu/" + size, {.read = array, .written_elsewhere = 2 * array}, 2 * array,
                    [norm] { norm->forward(); });
  support::add_pass("batch_norm_leaky_relu_backward/" + size, {.read = 3 * array, .written_elsewhere = 4 * array},
                    4 * array, [norm] { norm->backward(); });
}

// One step over all tensors of a model: reads gradient, parameter and two moments, writes the last three.
void add_adam(const std::string& name, const nn::Sequential<>& model) {
  struct State {
    std::vector<Tensor<float>> tensors;
    std::vector<std::array<float*, 2>> slots;
    std::vector<kernels::StepTensor<float>> step;
  };
  const auto state = std::make_shared<State>();
  nn::Sequential<> initialised = model;
  nn::initialize(initialised, 1);
  const std::vector<Variable<float>> parameters = nn::parameters(initialised);
  std::size_t total = 0;
  state->slots.resize(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Index size = parameters[i].value().size();
    total += static_cast<std::size_t>(size);
    std::array<float*, 4> arrays{};  // parameter, gradient, two moments
    for (std::size_t j = 0; j < arrays.size(); ++j) {
      state->tensors.push_back(j == 3 ? Tensor<float>::full(Shape{size}, 1.0F) : support::random(size));
      arrays[j] = state->tensors.back().mutable_data();
    }
    state->slots[i] = {arrays[2], arrays[3]};
    state->step.push_back({.parameter = arrays[0], .gradient = arrays[1], .slots = state->slots[i], .size = size});
  }
  support::add_pass("adam/" + name, {.written_in_place = 7 * total * number}, 4 * total * number, [state] {
    kernels::update<kernels::rule::Adam<float>, float>({2e-4, 0.5, 0.999, 1e-8, 10}, state->step);
  });
}

void add_sums(Index rows, Index columns) {
  const auto x = std::make_shared<Tensor<float>>(support::random(rows * columns));
  const auto y = std::make_shared<Tensor<float>>(support::random(std::max(rows, columns)));
  const std::string size = std::to_string(rows) + "x" + std::to_string(columns);
  const std::size_t array = static_cast<std::size_t>(rows * columns) * number;
  const Shape from{rows, columns};
  support::add_pass("sum/" + size, {.read = array}, array, [=] {
    kernels::sum_to(x->data(), from, y->mutable_data(), Shape{1, 1});
  });
  support::add_pass("sum_of_columns/" + size, {.read = array}, array, [=] {
    kernels::sum_to(x->data(), from, y->mutable_data(), Shape{1, columns});
  });
  support::add_pass("sum_of_rows/" + size, {.read = array}, array, [=] {
    kernels::sum_to(x->data(), from, y->mutable_data(), Shape{rows, 1});
  });
  support::add_pass("squared_norms_of_rows/" + size, {.read = array}, array,
                    [=] { kernels::row_sum_of_squares(x->data(), rows, columns, y->mutable_data()); });
}

template <class Op, class... In>
void add_map(const std::string& name, const Op& op, Index size, const In&... inputs) {
  const auto output = std::make_shared<Tensor<float>>(support::random(size));
  const std::size_t bytes = (sizeof...(In) + 1) * static_cast<std::size_t>(size) * number;
  support::add_pass(name + "/" + std::to_string(size), {.written_elsewhere = bytes}, bytes,
                    [=] { kernels::map(op, size, output->mutable_data(), inputs.data()...); });
}

// Value and gradient of a loss on logits as large as those of a discriminator that judges patches.
template <class Loss>
void add_loss(const std::string& name, Index size, const Loss& loss) {
  const Variable<float> logits(support::random(size).reshaped(Shape{64, size / 64}));
  const std::size_t array = static_cast<std::size_t>(size) * number;
  support::add_pass("loss/" + name + "/" + std::to_string(size), {.written_elsewhere = 3 * array}, 2 * array,
                    [=] { benchmark::DoNotOptimize(grad(loss(logits), logits)); });
}

}  // namespace

int main(int argc, char** argv) {
  for (const auto& [rows, channels] : {std::pair<Index, Index>(64 * 7 * 7, 128),
                                       {64 * 8 * 8, 128},
                                       {64 * 16 * 16, 64},
                                       {32 * 32 * 32, 64},
                                       {64, 1024}})
    add_batch_norm(rows, channels);
  add_adam("dcgan_mnist_discriminator", support::dcgan_mnist().discriminator);
  add_adam("mlp_mnist_generator", support::mlp_mnist().generator);
  add_adam("dcgan_64_generator", support::dcgan_64().generator);
  add_sums(64 * 16 * 16, 128);
  add_sums(64, 3 * 32 * 32);
  for (const Index size : {Index{1} << 16, Index{1} << 21}) {
    const Tensor<float> a = support::random(size), b = support::random(size);
    add_map("leaky_relu", kernels::op::LeakyRelu<float>{0.2F}, size, a);
    add_map("tanh", kernels::op::Tanh{}, size, a);
    add_map("add", kernels::op::Add{}, size, a, b);
  }
  const Index patches = Index{64} * 64 * 64;
  add_loss("binary_cross_entropy", patches, [](const Variable<float>& x) {
    return binary_cross_entropy_with_logits(x, Variable<float>(Tensor<float>::scalar(1)));
  });
  add_loss("non_saturating", patches, [](const Variable<float>& x) { return loss::NonSaturating().generator({}, x); });
  add_loss("wasserstein", patches, [](const Variable<float>& x) { return loss::Wasserstein().generator({}, x); });
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
