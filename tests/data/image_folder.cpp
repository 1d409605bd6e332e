// Folders of images as users have them: what is taken, what is refused, and with which words.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <zlib.h>

#include <eigan/core/parallel.hpp>
#include <eigan/data/image_folder.hpp>
#include <eigan/data/loader.hpp>

#include "catch.hpp"
#include "scratch.hpp"

using namespace eigan;

namespace {

Tensor<std::uint8_t> plain(Index height, Index width, std::vector<int> colour) {
  Tensor<std::uint8_t> image(Shape{height, width, static_cast<Index>(colour.size())});
  for (Index i = 0; i < image.size(); ++i)
    image.mutable_data()[i] = static_cast<std::uint8_t>(colour[static_cast<std::size_t>(i) % colour.size()]);
  return image;
}

void write_png(const std::filesystem::path& path, const Tensor<std::uint8_t>& image) {
  std::filesystem::create_directories(path.parent_path());
  io::save_png(path, image);
}

std::string refusal(const std::filesystem::path& path, const data::ImageFolderOptions& options = {.size = 8}) {
  return scratch::thrown<DataError>([&] { data::load_image_folder(path, options); });
}
bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 255);
  return bytes;
}

/// A PNG, right in every checksum, that says it is this large and holds one byte.
std::string tiny_png(std::uint32_t width, std::uint32_t height) {
  const auto chunk = [](const std::string& typed) {
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(typed.data()), static_cast<uInt>(typed.size()));
    return big_endian(static_cast<std::uint32_t>(typed.size() - 4)) + typed +
           big_endian(static_cast<std::uint32_t>(sum));
  };
  return "\x89PNG\r\n\x1a\n" +
         chunk("IHDR" + big_endian(width) + big_endian(height) + std::string("\x08\x02\0\0\0", 5)) + chunk("IDATx") +
         chunk("IEND");
}

}  // namespace

TEST_CASE("an image is cut to its middle and resized without aliasing", "[data]") {
  // Left and right of the middle square lies another colour.
  Tensor<std::uint8_t> wide = plain(10, 20, {9, 9, 9});
  for (Index i = 0; i < 10; ++i)
    for (Index j = 5; j < 15; ++j)
      for (Index c = 0; c < 3; ++c) wide.mutable_data()[(i * 20 + j) * 3 + c] = static_cast<std::uint8_t>(200 + c);
  const auto fitted = data::fit_image(wide, 4);
  REQUIRE(fitted.shape() == Shape{4, 4, 3});
  for (Index i = 0; i < fitted.size(); ++i) CHECK(fitted.data()[i] == 200 + i % 3);
  CHECK(data::fit_image(plain(1, 1, {7}), 5).data()[24] == 7);
  const auto same = plain(6, 6, {1, 2, 3});
  CHECK(data::fit_image(same, 6).data() == same.data());
  // Stripes of one pixel are grey once they are smaller than a pixel; nearest or linear sampling keeps them.
  Tensor<std::uint8_t> stripes(Shape{48, 48, 1});
  for (Index i = 0; i < stripes.size(); ++i) stripes.mutable_data()[i] = i % 2 ? 255 : 0;
  const auto grey = data::fit_image(stripes, 12);
  for (Index i = 0; i < 12; ++i)
    for (Index j = 2; j < 10; ++j) CHECK(std::abs(grey.data()[i * 12 + j] - 128) <= 3);
  // A smooth picture is the same picture at another size.
  Tensor<std::uint8_t> smooth(Shape{60, 60, 1});
  const auto picture = [](double x, double y) { return 128 + 90 * std::sin(4 * x) * std::cos(3 * y); };
  for (Index i = 0; i < 60; ++i)
    for (Index j = 0; j < 60; ++j)
      smooth.mutable_data()[i * 60 + j] = static_cast<std::uint8_t>(
          std::lround(picture((static_cast<double>(j) + 0.5) / 60, (static_cast<double>(i) + 0.5) / 60)));
  for (const Index size : {25, 90}) {
    const auto resized = data::fit_image(smooth, size);
    const auto extent = static_cast<double>(size);
    for (Index i = size / 5; i < size - size / 5; ++i)
      for (Index j = size / 5; j < size - size / 5; ++j)
        CHECK(std::abs(resized.data()[i * size + j] - picture((static_cast<double>(j) + 0.5) / extent,
                                                              (static_cast<double>(i) + 0.5) / extent)) < 2.5);
  }
}

TEST_CASE("sub-directories are classes, a plain directory has none, a table says its own", "[data]") {
  const scratch::Directory directory;
  for (const char* const name : {"dog/b.png", "dog/a.PNG", "cat/deep/x.png", "ant/1.png"})
    write_png(directory / "animals" / name, plain(9, 7, {name[0], name[4], 50}));
  scratch::write(directory / "animals/cat/notes.txt", "no image");
  scratch::write(directory / "animals/Thumbs.db", "no image");
  scratch::write(directory / "animals/dog/.hidden.png", "no image");
  const data::ImageSet animals = data::load_image_folder(directory / "animals", {.size = 4});
  REQUIRE(animals.images.shape() == Shape{4, 4, 4, 3});
  CHECK(animals.classes == std::vector<std::string>{"ant", "cat", "dog"});
  const std::vector<int> labels{0, 1, 2, 2};
  for (Index i = 0; i < 4; ++i) CHECK(animals.labels.data()[i] == labels[static_cast<std::size_t>(i)]);
  const auto first = [&](Index i, int c) { return static_cast<int>(animals.images.data()[i * 48 + c]); };
  CHECK(first(0, 0) == 'a');
  CHECK(first(2, 1) == 'a');  // dog/a.PNG before dog/b.png
  CHECK(first(3, 1) == 'b');

  const data::ImageSet grey = data::load_image_folder(directory / "animals/dog", {.size = 4, .channels = 1});
  CHECK(grey.images.shape() == Shape{2, 4, 4, 1});
  CHECK_FALSE(grey.labels.defined());

  scratch::write(directory / "table.csv", "file,class\r\ndog/b.png,10\r\ncat/deep/x.png,9\n\nant/1.png,10\n");
  const data::ImageSet table =
      data::load_image_folder(directory / "animals", {.size = 4, .labels = directory / "table.csv"});
  CHECK(table.classes == std::vector<std::string>{"9", "10"});  // by value
  CHECK(table.labels.data()[0] == 1);
  CHECK(table.labels.data()[1] == 0);
  scratch::write(directory / "wrong.csv", "dog/b.png,1\ndog/c.png,2\n");
  CHECK(contains(refusal(directory / "animals", {.size = 4, .labels = directory / "wrong.csv"}),
                 "line 2: there is no file"));
  scratch::write(directory / "wrong.csv", "dog/b.png\n");
  CHECK(
      contains(refusal(directory / "animals", {.size = 4, .labels = directory / "wrong.csv"}), "expected file,class"));

  std::filesystem::create_directory(directory / "animals/elk");
  CHECK(contains(refusal(directory / "animals"), "elk: expected PNG, JPEG or PNM images of this class, got none"));
  std::filesystem::remove(directory / "animals/elk");
  write_png(directory / "animals/stray.png", plain(2, 2, {1}));
  CHECK(contains(refusal(directory / "animals"), "got both: stray.png and ant/"));
  std::filesystem::create_directory(directory / "empty");
  CHECK(contains(refusal(directory / "empty"), "expected PNG, JPEG or PNM images, got none"));
  CHECK(contains(refusal(directory / "nowhere"), "there is no such directory"));
}

TEST_CASE("what cannot be read is named, or skipped if that is asked for", "[data]") {
  const scratch::Directory directory;
  write_png(directory / "good.png", plain(5, 5, {10, 20, 30}));
  write_png(directory / "tiny.png", plain(1, 1, {40, 50, 60}));
  scratch::write(directory / "sixteen.pgm", std::string("P5 2 2 65535\n") + std::string(8, 'a'));
  scratch::write(directory / "vast.png", tiny_png(20000, 20000));
  scratch::write(directory / "text.png", "this is no image at all");
  const std::string whole = scratch::read(directory / "good.png");
  scratch::write(directory / "cut.png", whole.substr(0, whole.size() - 20));
  const data::ImageFolderOptions options{.size = 4, .skip_unreadable = true};
  const data::LoadedFolder loaded = data::read_image_folder(directory.path(), options);
  CHECK(loaded.images.size() == 2);
  CHECK(loaded.images.images.data()[48] == 40);
  REQUIRE(loaded.skipped.size() == 4);
  for (const char* const name : {"cut.png", "sixteen.pgm", "text.png", "vast.png"})
    CHECK(std::any_of(loaded.skipped.begin(), loaded.skipped.end(),
                      [&](const std::string& fault) { return contains(fault, name); }));
  const auto fault = std::find_if(loaded.skipped.begin(), loaded.skipped.end(),
                                  [](const std::string& text) { return contains(text, "vast"); });
  INFO(*fault);
  CHECK(contains(*fault, "Very large image"));
  CHECK(contains(refusal(directory.path()), "cut.png"));  // the first by name, at any number of threads
  CHECK(contains(refusal(directory.path(), {.size = 4, .most_pixels = 24}), "cut.png"));

  const scratch::Directory bad;
  scratch::write(bad / "text.png", "this is no image at all");
  CHECK(contains(scratch::thrown<DataError>([&] { data::read_image_folder(bad.path(), options); }),
                 "none of its images can be read"));
  write_png(bad / "text.png", plain(5, 5, {1}));
  CHECK(contains(refusal(bad.path(), {.size = 4, .most_pixels = 24}), "at most 24 pixels, got 5 x 5"));
  CHECK_THROWS_AS(data::load_image_folder(bad.path(), {.size = 0}), ConfigError);
  CHECK_THROWS_AS(data::load_image_folder(bad.path(), {.channels = 2}), ConfigError);
}

TEST_CASE("a folder read on demand gives a loader the same batches, and names what it cannot read", "[data][loader]") {
  const scratch::Directory directory;
  for (int i = 0; i < 24; ++i)
    write_png(directory / (i % 2 ? "odd" : "even") / (std::to_string(100 + i) + ".png"),
              plain(3 + i % 4, 5 + i % 3, {i, 2 * i, 255 - i}));
  const data::ImageFolderOptions options{.size = 6};
  data::Loader kept(data::load_image_folder(directory.path(), options), {.batch = 5, .seed = 3, .prefetch = false});
  data::Loader streamed(data::ImageFolder(directory.path(), options), {.batch = 5, .seed = 3, .ahead = 3});
  CHECK(streamed.set().classes() == std::vector<std::string>{"even", "odd"});
  for (int i = 0; i < 12; ++i) {
    const auto a = kept.next(), b = streamed.next();
    REQUIRE(std::equal(a.images.data(), a.images.data() + a.images.size(), b.images.data()));
    REQUIRE(std::equal(a.labels.data(), a.labels.data() + 5, b.labels.data()));
  }
  scratch::write(directory / "odd/101.png", "broken meanwhile");
  CHECK(contains(scratch::thrown<DataError>([&] {
                   for (int i = 0; i < 12; ++i) streamed.next();
                 }),
                 "101.png"));
  CHECK_THROWS_AS(data::ImageFolder(directory.path(), {.skip_unreadable = true}), ConfigError);
}
