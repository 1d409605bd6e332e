// A model's state: remembered, written, read, averaged.
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include <eigan/nn/nn.hpp>

#include "catch.hpp"

using namespace eigan;

namespace {

auto model_of(std::uint64_t seed) {
  nn::Sequential model{nn::Linear(3, 4), nn::BatchNorm(4), nn::ReLU(), nn::Residual{nn::Sequential{nn::Linear(4, 4)}}};
  nn::initialize(model, seed);
  return model;
}

// Everything, so that models may be compared.
template <class M>
std::vector<std::byte> bits(const M& model) {
  return nn::to_bytes(model);
}

template <class M>
void train_once(M& model) {
  RandomStream stream(1, "test");
  (void)model(stream.normal<nn::ScalarOf<M>>({5, 3}), nn::Pass<nn::ScalarOf<M>>::training(stream));
  nn::for_each_parameter(model, [](const std::string&, auto& p) { *p.mutable_data() += 1; });
}

class TemporaryFile {
 public:
  TemporaryFile() : path_(std::filesystem::temp_directory_path() / "eigan_test_state.safetensors") {}
  ~TemporaryFile() { std::filesystem::remove(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

template <class M>
std::string refusal(M& model, const std::vector<std::byte>& bytes, const std::string& prefix = "") {
  const auto before = bits(model);
  std::string message;
  try {
    nn::load(model, std::span(bytes), prefix);
  } catch (const CheckpointError& error) {
    message = error.what();
  }
  CHECK((bits(model) == before));
  return message;
}

}  // namespace

TEST_CASE("a snapshot is what was, whatever happens to the model", "[nn]") {
  auto model = model_of(1);
  const auto before = bits(model);
  const nn::State<> state = nn::snapshot(model);
  CHECK(state.size() == 8);
  CHECK(state[4].first == "1.running_mean");
  CHECK(state[0].second.shares_memory_with(parameters(model)[0].value()));
  train_once(model);
  CHECK((bits(model) != before));
  nn::restore(model, state);
  CHECK((bits(model) == before));
  train_once(model);
  nn::restore(model, state);
  CHECK((bits(model) == before));
}

TEST_CASE("a snapshot of another model is refused, and changes nothing", "[nn]") {
  auto model = model_of(1);
  const auto before = bits(model);
  nn::Sequential longer{nn::Linear(3, 4), nn::BatchNorm(4), nn::ReLU(), nn::Residual{nn::Sequential{nn::Linear(4, 4)}},
                        nn::Linear(4, 1)};
  nn::Sequential shorter{nn::Linear(3, 4)}, wider{nn::Linear(3, 5)};
  for (auto* other : {&longer, &shorter, &wider}) nn::initialize(*other, 1);
  CHECK_THROWS_WITH(nn::restore(model, nn::snapshot(longer)),
                    "restore: expected 8 tensors, got 10, of which '4.weight' is one too many");
  CHECK_THROWS_WITH(nn::restore(model, nn::snapshot(shorter)), "restore: expected '1.weight' [4], got no more tensors");
  CHECK_THROWS_WITH(nn::restore(model, nn::snapshot(wider)),
                    "restore: expected '0.weight' [4, 3], got '0.weight' [5, 3]");
  CHECK((bits(model) == before));
  CHECK_THROWS_AS(nn::snapshot(nn::Linear(2, 2)), Error);
}

TEST_CASE("a model comes back from a file or from bytes, buffers included", "[nn]") {
  auto model = model_of(1), other = model_of(2), third = model_of(3);
  train_once(model);
  const TemporaryFile file;
  nn::save(model, file.path(), "generator");
  nn::load(other, file.path(), "generator");
  CHECK((bits(other) == bits(model)));
  const auto bytes = nn::to_bytes(model);
  nn::load(third, std::span(bytes));
  CHECK((bits(third) == bits(model)));

  std::ifstream stream(file.path(), std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(stream), {}};
  CHECK_THAT(content, Catch::Contains("\"generator.3.inner.0.weight\""));
}

TEST_CASE("a model that was never initialised can be loaded", "[nn]") {
  const auto model = model_of(1);
  nn::Sequential fresh{nn::Linear(3, 4), nn::BatchNorm(4), nn::ReLU(), nn::Residual{nn::Sequential{nn::Linear(4, 4)}}};
  const auto bytes = nn::to_bytes(model);
  nn::load(fresh, std::span(bytes));
  CHECK((bits(fresh) == bytes));
  CHECK_THROWS_AS(nn::to_bytes(nn::Linear(2, 2)), Error);
}

TEST_CASE("two models share a file under two prefixes", "[nn]") {
  auto generator = model_of(1), critic = model_of(2);
  io::SafetensorsFile file;
  nn::add_to(file, generator, "generator");
  nn::add_to(file, critic, "critic");
  auto loaded = model_of(3);
  nn::load(loaded, file, "critic");
  CHECK((bits(loaded) == bits(critic)));
  CHECK_THROWS_AS(nn::load(loaded, file), CheckpointError);
}

TEST_CASE("a file that is not this model's is refused by name, and changes nothing", "[nn]") {
  auto model = model_of(1);
  nn::Sequential shorter{nn::Linear(3, 4)}, wider{nn::Linear(3, 5), nn::BatchNorm(4)};
  nn::Sequential twice{nn::Linear<double>(3, 4)};
  nn::initialize(shorter, 1);
  nn::initialize(wider, 1);
  nn::initialize(twice, 1);
  CHECK(refusal(model, nn::to_bytes(shorter)) == "bytes: expected '1.weight' F32 [4], got no tensor of that name");
  CHECK(refusal(model, nn::to_bytes(wider)) == "bytes: expected '0.weight' F32 [4, 3], got F32 [5, 3]");
  CHECK(refusal(model, nn::to_bytes(twice)) == "bytes: expected '0.weight' F32 [4, 3], got F64 [4, 3]");
  CHECK(refusal(shorter, nn::to_bytes(model)) ==
        "bytes: expected nothing besides the model's tensors, got '1.bias' F32 [4]");
  CHECK(refusal(model, nn::to_bytes(model), "critic") ==
        "bytes: expected 'critic.0.weight' F32 [4, 3], got no tensor of that name");
}

TEST_CASE("damaged bytes and files that are not there change nothing", "[nn]") {
  auto model = model_of(1);
  const auto before = bits(model);
  auto bytes = nn::to_bytes(model_of(2));
  bytes.resize(bytes.size() - 1);
  CHECK_THROWS_AS(nn::load(model, std::span(std::as_const(bytes))), DataError);
  CHECK_THROWS_AS(nn::load(model, "/no/such/file.safetensors"), DataError);
  CHECK_THROWS_AS(nn::save(model, "/no/such/directory/file.safetensors"), DataError);
  CHECK((bits(model) == before));
}

TEST_CASE("an average follows its model, buffers at once", "[nn]") {
  nn::Sequential model{nn::Linear<double>(3, 4), nn::BatchNorm<double>(4)};
  nn::initialize(model, 1);
  nn::Sequential average = model;
  const auto start = nn::snapshot(average);
  train_once(model);
  nn::update_average(average, model, 0.75);
  const auto now = nn::snapshot(average), target = nn::snapshot(model);
  for (std::size_t k = 0; k < now.size(); ++k)
    for (Index i = 0; i < now[k].second.size(); ++i) {
      const double was = start[k].second.data()[i], is = target[k].second.data()[i];
      INFO(now[k].first);
      CHECK(now[k].second.data()[i] ==
            Approx(now[k].first.starts_with("1.running") ? is : 0.75 * was + 0.25 * is).epsilon(1e-14));
    }
}

TEST_CASE("the average of a model that stays is that model, to the bit", "[nn]") {
  auto model = model_of(1), average = model_of(1);
  for (int i = 0; i < 10; ++i) nn::update_average(average, model, 0.999);
  CHECK((bits(average) == bits(model)));
  nn::update_average(average, model_of(2), 0);
  CHECK((bits(average) == bits(model_of(2))));
}

TEST_CASE("an average of another model is refused", "[nn]") {
  auto model = model_of(1);
  nn::Sequential other{nn::Linear(3, 5)};
  nn::initialize(other, 1);
  CHECK_THROWS_AS(nn::update_average(model, other, 0.5), ShapeError);
  CHECK_THROWS_AS(nn::update_average(model, model_of(2), 1.5), ConfigError);
}
