#include <cstdlib>
#include <string>

#include <zlib.h>

#include <eigan/data/idx.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace eigan;
using data::Split;

namespace {

/// The start of an IDX file.
std::string head(char code, const std::vector<unsigned>& extents) {
  std::string bytes{'\0', '\0', code, static_cast<char>(extents.size())};
  for (const unsigned extent : extents)
    for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(extent >> shift & 0xff);
  return bytes;
}

std::string gzip(const std::filesystem::path& scratch_path, const std::string& content) {
  const gzFile file = gzopen(scratch_path.c_str(), "wb");
  gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
  gzclose(file);
  return scratch::read(scratch_path);
}

/// A little MNIST: `count` images of 2 x 2 and a label for each.
void write_set(const std::filesystem::path& directory, const std::string& images_name, const std::string& labels_name,
               unsigned count, unsigned label_count) {
  scratch::write(directory / images_name, head(8, {count, 2, 2}) + std::string(std::size_t{4} * count, '\x7f'));
  scratch::write(directory / labels_name, head(8, {label_count}) + std::string(label_count, '\x05'));
}

template <class T = std::uint8_t>
std::string refusal(const std::string& content) {
  const auto bytes = scratch::bytes(content);
  return scratch::thrown([&] { data::parse_idx<T>({bytes.begin(), bytes.end()}, "file"); });
}

}  // namespace

TEST_CASE("IDX files of each element type are read, raw or gzip", "[data][idx]") {
  const scratch::Directory directory;
  const std::string bytes = head(0x08, {2, 3}) + std::string("\1\2\3\4\5\xff", 6);
  scratch::write(directory / "bytes", bytes);
  scratch::write(directory / "packed", gzip(directory / "work", bytes));
  for (const char* const name : {"bytes", "packed"}) {
    const auto tensor = data::load_idx<std::uint8_t>(directory / name);
    CHECK(tensor.shape() == Shape{2, 3});
    CHECK(tensor.data()[0] == 1);
    CHECK(tensor.data()[5] == 255);
  }
  scratch::write(directory / "shorts", head(0x0B, {2}) + std::string("\x01\x02\xff\xfe", 4));
  CHECK(data::load_idx<std::int16_t>(directory / "shorts").data()[0] == 258);
  CHECK(data::load_idx<std::int16_t>(directory / "shorts").data()[1] == -2);
  scratch::write(directory / "ints", head(0x0C, {1}) + std::string("\xff\xff\xff\xfd", 4));
  CHECK(data::load_idx<std::int32_t>(directory / "ints").item() == -3);
  scratch::write(directory / "floats", head(0x0D, {1}) + std::string("\x3f\x80\0\0", 4));
  CHECK(data::load_idx<float>(directory / "floats").item() == 1.0F);
  scratch::write(directory / "doubles", head(0x0E, {1}) + std::string("\xc0\0\0\0\0\0\0\0", 8));
  CHECK(data::load_idx<double>(directory / "doubles").item() == -2.0);
  scratch::write(directory / "signed", head(0x09, {1}) + "\xff");
  CHECK(data::load_idx<std::int8_t>(directory / "signed").item() == -1);
}

TEST_CASE("IDX data that is cut, foreign or too long is refused at its byte", "[data][idx][hostile]") {
  const std::string whole = head(8, {2, 3}) + "abcdef";
  CHECK(refusal(whole) == "nothing was thrown");
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes)
    CHECK(refusal(whole.substr(0, bytes)) != "nothing was thrown");
  CHECK(refusal("") == "file: expected the 4 bytes that begin an IDX file, the data ends (at byte 0)");
  CHECK(refusal("\x89PNG") == "file: expected an IDX file, which begins with two zeros (at byte 0)");
  CHECK(refusal<float>(whole) == "file: expected elements of code 13, got 8 (at byte 2)");
  CHECK(refusal(head(8, {})) == "file: expected 1 to 8 axes, got 0 (at byte 3)");
  CHECK(refusal(head(8, {1, 1, 1, 1, 1, 1, 1, 1, 1}) + "a") == "file: expected 1 to 8 axes, got 9 (at byte 3)");
  CHECK(refusal(head(8, {2, 3}).substr(0, 9)) == "file: expected 2 extents, the data ends (at byte 9)");
  CHECK(refusal(whole + "x") == "file: expected the end of the data after [2, 3], got 1 more bytes (at byte 18)");
  CHECK(refusal(whole.substr(0, 17)) ==
        "file: expected at most 5 elements, as the data has bytes for, got [2, 3] (at byte 8)");
  CHECK(refusal(head(8, {0, 2})) == "file: expected extents above 0 (at byte 4)");
  CHECK(refusal<std::int16_t>(head(0x0B, {1}) + "abc").find("got 1 more bytes") != std::string::npos);
}

TEST_CASE("absurd IDX extents are refused before memory is taken", "[data][idx][hostile]") {
  CHECK(refusal(head(8, {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}) + "a") ==
        "file: expected at most 1 elements, as the data has bytes for, got [4294967295] and more (at byte 4)");
  CHECK(refusal<double>(head(0x0E, {0x20000000, 8}) + std::string(8, 'a')).find("expected at most 1 elements") !=
        std::string::npos);
}

TEST_CASE("MNIST's files are found under their usual names", "[data][idx]") {
  const scratch::Directory directory;
  write_set(directory.path(), "train-images-idx3-ubyte", "train-labels.idx1-ubyte", 5, 5);
  write_set(directory.path(), "work1", "work2", 3, 3);
  scratch::write(directory / "t10k-images.idx3-ubyte.gz", gzip(directory / "work", scratch::read(directory / "work1")));
  scratch::write(directory / "t10k-labels-idx1-ubyte.gz", gzip(directory / "work", scratch::read(directory / "work2")));
  const auto train = data::load_mnist(directory.path());
  CHECK(train.images.shape() == Shape{5, 2, 2, 1});
  CHECK(train.labels.shape() == Shape{5});
  CHECK(train.labels.data()[4] == 5);
  CHECK(train.size() == 5);
  CHECK(train.sample_shape() == Shape{2, 2, 1});
  CHECK(data::load_mnist(directory.path(), Split::test).size() == 3);
  CHECK(train.part(1, 2).size() == 2);
  CHECK(train.part(1, 2).labels.size() == 2);
  CHECK_THROWS_AS(train.part(4, 2), ShapeError);
}

TEST_CASE("a missing or unfitting part of MNIST is named", "[data][idx][hostile]") {
  const scratch::Directory directory;
  const std::string path = directory.path().string();
  const auto refused = [&] { return scratch::thrown([&] { data::load_mnist(directory.path()); }); };
  CHECK(scratch::thrown([&] { data::load_mnist(directory / "none"); }) ==
        path + "/none: there is no such directory; looked for train-images-idx3-ubyte[.gz] in it");
  CHECK(refused() == path + "/train-images-idx3-ubyte: there is no such file, raw or with .gz");
  write_set(directory.path(), "train-images-idx3-ubyte", "train-labels-idx1-ubyte", 5, 4);
  CHECK(refused() ==
        path +
            "/train-labels-idx1-ubyte: expected a label for each of the 5 images in train-images-idx3-ubyte, "
            "got 4 (at byte 4)");
  scratch::write(directory / "train-labels-idx1-ubyte", head(8, {5, 1}) + "aaaaa");
  CHECK(refused().find("expected labels [N], got [5, 1]") != std::string::npos);
  scratch::write(directory / "train-images-idx3-ubyte", head(8, {5}) + "aaaaa");
  CHECK(refused().find("expected images [N, height, width], got [5]") != std::string::npos);
  std::filesystem::remove(directory / "train-images-idx3-ubyte");
  std::filesystem::create_directory(directory / "train-images-idx3-ubyte");
  CHECK(refused() == path + "/train-images-idx3-ubyte: expected a file, got a directory");
}

TEST_CASE("the real MNIST is read, if EIGAN_DATA names its directory or the one above", "[data][idx]") {
  const char* const variable = std::getenv("EIGAN_DATA");
  if (variable == nullptr) {
    WARN("skipped: EIGAN_DATA is not set");
    return;
  }
  std::filesystem::path directory = variable;
  if (std::filesystem::is_directory(directory / "mnist")) directory /= "mnist";
  const auto train = data::load_mnist(directory);
  const auto test = data::load_mnist(directory, Split::test);
  CHECK(train.images.shape() == Shape{60000, 28, 28, 1});
  CHECK(test.images.shape() == Shape{10000, 28, 28, 1});
  if (directory.filename() != "mnist") return;  // Fashion-MNIST has the same shapes
  // The first labels of the official files, as its page shows them.
  const std::vector<std::int32_t> first(train.labels.data(), train.labels.data() + 10);
  CHECK(first == std::vector<std::int32_t>{5, 0, 4, 1, 9, 2, 1, 3, 1, 4});
  CHECK(std::vector<std::int32_t>(test.labels.data(), test.labels.data() + 5) ==
        std::vector<std::int32_t>{7, 2, 1, 0, 4});
  double sum = 0;
  for (Index i = 0; i < train.images.size(); ++i) sum += train.images.data()[i];
  CHECK(sum / static_cast<double>(train.images.size()) / 255 ==
        Approx(0.1307).margin(5e-5));  // the figure in common use
}
