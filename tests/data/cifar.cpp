#include <string>

#include <eigan/data/cifar.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace eigan;

namespace {

/// Records whose pixels tell where they are: plane c of record i holds c * 80 + i + (pixel % 7).
std::string records(int count, int label_bytes, int first = 0) {
  std::string bytes;
  for (int i = first; i < first + count; ++i) {
    if (label_bytes == 2) bytes += static_cast<char>(i % 20);
    bytes += static_cast<char>(i % 10);
    for (int c = 0; c < 3; ++c)
      for (int pixel = 0; pixel < 1024; ++pixel) bytes += static_cast<char>(c * 80 + i + pixel % 7);
  }
  return bytes;
}

void write_cifar10(const std::filesystem::path& directory) {
  for (int file = 1; file <= 5; ++file)
    scratch::write(directory / ("data_batch_" + std::to_string(file) + ".bin"), records(2, 1, 2 * (file - 1)));
  scratch::write(directory / "test_batch.bin", records(3, 1, 20));
}

}  // namespace

TEST_CASE("CIFAR's planes become channels, in the order of the files", "[data]") {
  const scratch::Directory directory;
  std::filesystem::create_directory(directory / "cifar-10-batches-bin");
  write_cifar10(directory / "cifar-10-batches-bin");
  for (const auto& path : {directory.path(), directory / "cifar-10-batches-bin"}) {
    const data::ImageSet train = data::load_cifar10(path), test = data::load_cifar10(path, data::Split::test);
    REQUIRE(train.images.shape() == Shape{10, 32, 32, 3});
    REQUIRE(test.size() == 3);
    CHECK(train.classes.at(3) == "cat");
    for (Index i = 0; i < 10; ++i) {
      CHECK(train.labels.data()[i] == i);
      for (Index pixel = 0; pixel < 1024; ++pixel)
        for (Index c = 0; c < 3; ++c)
          REQUIRE(train.images.data()[(i * 1024 + pixel) * 3 + c] == c * 80 + i + pixel % 7);
    }
    CHECK(test.labels.data()[2] == 2);
  }
}

TEST_CASE("CIFAR-100 has two labels", "[data]") {
  const scratch::Directory directory;
  scratch::write(directory / "train.bin", records(25, 2));
  scratch::write(directory / "test.bin", records(1, 2, 7));
  CHECK(data::load_cifar100(directory.path()).labels.data()[13] == 3);
  CHECK(data::load_cifar100(directory.path(), data::Split::train, data::Cifar100Labels::coarse).labels.data()[13] ==
        13);
  CHECK(data::load_cifar100(directory.path(), data::Split::test).images.data()[4] == 80 + 7 + 1);
}

TEST_CASE("CIFAR files that are missing or damaged are named", "[data]") {
  const scratch::Directory directory;
  const auto refused = [&] { return scratch::thrown<DataError>([&] { data::load_cifar10(directory.path()); }); };
  CHECK(refused().find("data_batch_1.bin") != std::string::npos);
  write_cifar10(directory.path());
  scratch::write(directory / "data_batch_3.bin", records(2, 1).substr(1));
  CHECK(refused().find("data_batch_3.bin: expected CIFAR-10's records of 3073 bytes, got 6145 bytes") !=
        std::string::npos);
  scratch::write(directory / "data_batch_3.bin", "");
  CHECK(refused().find("got 0 bytes") != std::string::npos);
  std::string wrong = records(2, 1);
  wrong[3073] = 10;
  scratch::write(directory / "data_batch_3.bin", wrong);
  CHECK(refused().find("class of 0 to 9, got 10") != std::string::npos);
  CHECK(scratch::thrown<DataError>([&] { data::load_cifar10(directory / "nowhere"); }).find("no such directory") !=
        std::string::npos);
}
