#include <limits>
#include <string>
#include <vector>

#include <eigan/io/image.hpp>
#include <eigan/io/image_grid.hpp>

#include "catch.hpp"
#include "own_stb.hpp"
#include "scratch.hpp"

using namespace eigan;
using Bytes = Tensor<std::uint8_t>;

namespace {

// 2 x 2 pixels: red, green; blue, (10, 20, 30). Put together by Python's zlib and struct.
const std::string png(
    "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x02\0\0\0\x02\x08\x02\0\0\0\xfd\xd4\x9a\x73\0\0\0\x13IDAT\x78\x9c\x63\xf8"
    "\xcf"
    "\xc0\xc0\0\xc2\x0c\xff\xb9\x44\xe4\0\x1a\x58\x03\x3a\x56\x63\xa2\x3c\0\0\0\0IEND\xae\x42\x60\x82",
    76);

std::vector<int> pixels(const Bytes& image) { return {image.data(), image.data() + image.size()}; }

Bytes decode(const std::string& bytes, int channels = 0) {
  return io::decode_image(scratch::bytes(bytes), "file", channels);
}

std::string refusal(const std::string& bytes) {
  return scratch::thrown([&] { decode(bytes); });
}

Bytes ramp(const Shape& shape) {
  Bytes image(shape);
  for (Index i = 0; i < image.size(); ++i) image.mutable_data()[i] = static_cast<std::uint8_t>(i * 7 % 256);
  return image;
}

}  // namespace

TEST_CASE("a PNG that others made is read", "[io][image]") {
  CHECK(decode(png).shape() == Shape{2, 2, 3});
  CHECK(pixels(decode(png)) == std::vector<int>{255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30});
  CHECK(decode(png, 1).shape() == Shape{2, 2, 1});
  CHECK(decode(png, 4).shape() == Shape{2, 2, 4});
}

TEST_CASE("a PNM file is read", "[io][image]") {
  CHECK(pixels(decode("P5 3 2 255 abcdef")) == std::vector<int>{'a', 'b', 'c', 'd', 'e', 'f'});
  CHECK(decode("P6\n1 1\n255\nabc").shape() == Shape{1, 1, 3});
  CHECK(refusal("P5 3 2 255 abcde") != "nothing was thrown");
  CHECK(refusal("P5 1 1 65535 ab") == "file: expected a PNM of one byte per number, got two");
}

TEST_CASE("images come back from PNG as they were, with any number of channels", "[io][image]") {
  const scratch::Directory directory;
  for (Index channels = 1; channels <= 4; ++channels)
    for (const Shape& shape : {Shape{1, 1, channels}, Shape{5, 7, channels}, Shape{64, 1, channels}}) {
      const Bytes image = ramp(shape);
      io::save_png(directory / "image.png", image);
      const Bytes back = io::load_image(directory / "image.png");
      CHECK(back.shape() == shape);
      CHECK(pixels(back) == pixels(image));
    }
  CHECK(directory.entries() == 1);
}

TEST_CASE("a JPEG is read, and refused where it is cut", "[io][image][hostile]") {
  Bytes smooth(Shape{32, 24, 3});
  for (Index i = 0; i < smooth.size(); ++i) smooth.mutable_data()[i] = static_cast<std::uint8_t>(40 + i / 24);
  const std::string jpeg = own_stb::jpeg_of(smooth.data(), 24, 32, 3);
  const Bytes image = decode(jpeg);
  REQUIRE(image.shape() == smooth.shape());
  int worst = 0;
  for (Index i = 0; i < image.size(); ++i) worst = std::max(worst, std::abs(image.data()[i] - smooth.data()[i]));
  CHECK(worst < 16);
  for (std::size_t bytes = 0; bytes < jpeg.size(); ++bytes) {
    INFO("cut to " << bytes << " of " << jpeg.size());
    CHECK(refusal(jpeg.substr(0, bytes)) != "nothing was thrown");
  }
  for (std::size_t place = 0; place < jpeg.size(); ++place) {  // a JPEG has no sums: damage may show, but not crash
    std::string damaged = jpeg;
    damaged[place] = static_cast<char>(damaged[place] ^ (1 << place % 8));
    refusal(damaged);
  }
}

TEST_CASE("a JPEG whose Huffman table has too many codes is refused", "[io][image][hostile]") {
  const std::string table = std::string("\xff\xc4\x00\x13\x00", 5) + std::string(16, '\x11');
  CHECK(refusal("\xff\xd8" + table + std::string(272, 'a')) ==
        "file: the JPEG is damaged: a Huffman table of 272 codes (at byte 4)");
}

TEST_CASE("a PNG that is cut or damaged is refused wherever it is", "[io][image][hostile]") {
  for (std::size_t bytes = 0; bytes < png.size(); ++bytes) CHECK(refusal(png.substr(0, bytes)) != "nothing was thrown");
  CHECK(refusal(png.substr(0, 70)) == "file: the PNG is cut (at byte 64)");
  for (std::size_t place = 0; place < png.size(); ++place)
    for (const int flip : {1, 32, 128}) {
      std::string damaged = png;
      damaged[place] = static_cast<char>(damaged[place] ^ flip);
      INFO("byte " << place << " flipped by " << flip);
      CHECK(refusal(damaged) != "nothing was thrown");
    }
  std::string damaged = png;
  damaged[45] = static_cast<char>(damaged[45] ^ 1);
  CHECK(refusal(damaged) == "file: the PNG is damaged: the checksum of its chunk IDAT is wrong (at byte 33)");
}

TEST_CASE("what is no image is refused with the reason", "[io][image][hostile]") {
  const scratch::Directory directory;
  CHECK(refusal("") == "file: cannot be read as an image: Image not of any known type, or corrupt");
  CHECK(refusal("hello, I am a text") == "file: cannot be read as an image: Image not of any known type, or corrupt");
  CHECK(refusal("GIF89a" + std::string(100, '\0')).find("not of any known type") != std::string::npos);
  CHECK(scratch::thrown([&] { io::load_image(directory / "none.png"); }) ==
        (directory / "none.png").string() + ": there is no such file");
  CHECK(scratch::thrown<ConfigError>([&] { decode(png, 5); }) == "load_image: expected 0 to 4 channels, got 5");
}

TEST_CASE("images that claim absurd sizes are refused before memory is taken", "[io][image][hostile]") {
  CHECK(refusal("P5 100000 100000 255 abc").find("claims 100000 x 100000 pixels") != std::string::npos);
  CHECK(refusal("P6 16000 16000 255 abc") == "file: claims 16000 x 16000 pixels, more than its 22 bytes can hold");
}

TEST_CASE("images that cannot be written are refused", "[io][image][hostile]") {
  const scratch::Directory directory;
  for (const Shape& shape : {Shape{4, 4}, Shape{4, 4, 5}, Shape{0, 4, 1}, Shape{4, 4, 0}, Shape{1, 16385, 1}})
    CHECK(scratch::thrown<ShapeError>([&] {
            io::save_png(directory / "image.png", Bytes(shape));
          }).find("got " + to_string(shape)) != std::string::npos);
  CHECK(scratch::thrown([&] {
          io::save_png(directory / "none" / "image.png", ramp(Shape{2, 2, 1}));
        }).find("No such file or directory") != std::string::npos);
  CHECK(directory.entries() == 0);
}

TEST_CASE("a grid is about square, with white between its images", "[io][image]") {
  const Bytes grid = io::image_grid(Bytes::zeros(Shape{3, 2, 1, 1}));
  CHECK(grid.shape() == Shape{6, 4, 1});  // two in a row: 2 + 2 + 2 rows, 1 + 2 + 1 columns
  CHECK(pixels(grid) == std::vector<int>{0,   255, 255, 0,   0, 255, 255, 0,   255, 255, 255, 255,
                                         255, 255, 255, 255, 0, 255, 255, 255, 0,   255, 255, 255});
  CHECK(io::image_grid(ramp(Shape{64, 28, 28, 3})).shape() == Shape{238, 238, 3});
  CHECK(io::image_grid(ramp(Shape{10, 4, 4, 1}), 5).shape() == Shape{10, 28, 1});
  CHECK(io::image_grid(ramp(Shape{3, 4, 4, 1}), 100).shape() == Shape{4, 16, 1});
  CHECK(io::image_grid(ramp(Shape{4, 9})).shape() == Shape{8, 8, 1});
  CHECK(pixels(io::image_grid(ramp(Shape{1, 9}))) == pixels(ramp(Shape{1, 9})));
}

TEST_CASE("numbers become bytes from black to white, and what lies outside is cut off", "[io][image]") {
  const auto bytes = [](std::initializer_list<float> values, double low = -1, double high = 1) {
    return pixels(io::to_image_bytes(Tensor<float>::from(values), low, high));
  };
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(bytes({-1, 0, 1}) == std::vector<int>{0, 128, 255});
  CHECK(bytes({-7, 7, -infinity, infinity, std::numeric_limits<float>::quiet_NaN()}) ==
        std::vector<int>{0, 255, 0, 255, 0});
  CHECK(bytes({0, 0.5F, 1}, 0, 1) == std::vector<int>{0, 128, 255});
  std::vector<float> values;
  std::vector<int> same;
  for (int byte = 0; byte < 256; ++byte) {
    values.push_back(static_cast<float>(byte / 127.5 - 1));
    same.push_back(byte);
  }
  CHECK(pixels(io::to_image_bytes(Tensor<float>::from(values, Shape{256}))) == same);
  CHECK_THROWS_AS(bytes({0}, 1, 1), ConfigError);
}

TEST_CASE("a grid of floats or bytes is saved as a PNG", "[io][image]") {
  const scratch::Directory directory;
  io::save_image_grid(directory / "grid.png", Tensor<float>::full(Shape{4, 3, 3, 1}, 1));
  CHECK(io::load_image(directory / "grid.png").shape() == Shape{8, 8, 1});
  io::save_image_grid(directory / "grid.png", Tensor<double>::full(Shape{4, 3, 3, 3}, 0.5), 4, 0, 1);
  CHECK(io::load_image(directory / "grid.png").shape() == Shape{3, 18, 3});
  io::save_image_grid(directory / "grid.png", ramp(Shape{2, 16}));
  CHECK(io::load_image(directory / "grid.png").shape() == Shape{4, 10, 1});
  for (const Shape& shape : {Shape{4}, Shape{4, 8}, Shape{0, 4, 4, 1}, Shape{4, 4, 4, 2}, Shape{4, 4, 4, 5}})
    CHECK(scratch::thrown<ShapeError>([&] { io::image_grid(Bytes(shape)); }).find("got " + to_string(shape)) !=
          std::string::npos);
}

TEST_CASE("a user's own stb in a unit with eigan's works beside it", "[io][image]") {
  const std::vector<std::byte> packed = io::encode_png(ramp(Shape{5, 6, 3}));
  CHECK(own_stb::size_of(reinterpret_cast<const unsigned char*>(packed.data()), static_cast<int>(packed.size())) ==
        "6 x 5 x 3");
}
